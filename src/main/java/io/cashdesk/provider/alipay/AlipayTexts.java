package io.cashdesk.provider.alipay;

import io.cashdesk.provider.TextLimit;
import io.cashdesk.provider.TextLimit.Unit;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How long each text may be that leaves for Alipay, and which signs it may not have. Alipay counts characters in every
 * product; a Chinese character is one. The table in docs/providers/alipay.md is the same, which a test compares.
 */
final class AlipayTexts {
    /** The parameters of each product, with their lengths. */
    private static final String PRODUCTS = "https://opendocs.alipay.com/open/02ekfg";

    /** The parameters that every method has. */
    private static final String COMMON = "https://opendocs.alipay.com/common/02mse7";

    private static final String REFUNDS = "https://opendocs.alipay.com/open/02ekfk";

    // shown to people: shortened

    static final TextLimit SUBJECT = limit("subject", 256, PRODUCTS);
    static final TextLimit REFUND_REASON = limit("refund_reason", 256, REFUNDS);

    // wrong if they were shortened: refused

    static final TextLimit STORE_ID = limit("store_id", 32, PRODUCTS);
    static final TextLimit QUIT_URL = limit("quit_url", 400, PRODUCTS);
    static final TextLimit RETURN_URL = limit("return_url", 256, COMMON);

    /** Texts that {@code other} may contain. A dot stands before a key of a nested object or of a list's objects. */
    private static final List<TextLimit> IN_OTHER = List.of(
            limit("body", 400, PRODUCTS), // printed as 128 on some pages: between the two Alipay decides
            limit("passback_params", 512, PRODUCTS),
            STORE_ID,
            limit("operator_id", 28, PRODUCTS),
            limit("terminal_id", 32, PRODUCTS),
            limit("merchant_order_no", 32, PRODUCTS),
            limit("seller_id", 28, PRODUCTS),
            limit("buyer_id", 28, PRODUCTS),
            limit("buyer_logon_id", 100, PRODUCTS),
            limit("buyer_open_id", 128, PRODUCTS),
            limit("op_buyer_open_id", 128, PRODUCTS),
            limit("op_app_id", 32, PRODUCTS),
            limit("product_code", 64, PRODUCTS),
            limit("enable_pay_channels", 128, PRODUCTS),
            limit("disable_pay_channels", 128, PRODUCTS),
            limit("specified_channel", 128, PRODUCTS),
            QUIT_URL,
            limit("request_from_url", 256, PRODUCTS),
            limit("goods_detail.goods_id", 64, PRODUCTS),
            limit("goods_detail.alipay_goods_id", 32, PRODUCTS),
            limit("goods_detail.goods_name", 256, PRODUCTS),
            limit("goods_detail.goods_category", 24, PRODUCTS),
            limit("goods_detail.categories_tree", 128, PRODUCTS),
            limit("goods_detail.body", 1000, PRODUCTS),
            limit("goods_detail.show_url", 400, PRODUCTS),
            limit("extend_params.sys_service_provider_id", 64, PRODUCTS),
            limit("extend_params.hb_fq_num", 5, PRODUCTS),
            limit("extend_params.hb_fq_seller_percent", 3, PRODUCTS),
            limit("extend_params.card_type", 32, PRODUCTS),
            limit("extend_params.specified_seller_name", 32, PRODUCTS),
            limit("extend_params.industry_reflux_info", 512, PRODUCTS),
            limit("sub_merchant.merchant_id", 16, PRODUCTS),
            limit("sub_merchant.merchant_type", 32, PRODUCTS));

    private static final Map<String, TextLimit> BY_FIELD =
            IN_OTHER.stream().collect(Collectors.toUnmodifiableMap(TextLimit::field, Function.identity()));

    private AlipayTexts() {}

    private static TextLimit limit(String field, int most, String source) {
        return new TextLimit(field, most, Unit.CHARACTERS, source);
    }

    /** What is shortened. */
    static List<TextLimit> shortened() {
        return List.of(SUBJECT, REFUND_REASON);
    }

    /** What is refused where it is too long. */
    static List<TextLimit> refused() {
        var all = new ArrayList<>(IN_OTHER);
        all.add(RETURN_URL);
        return List.copyOf(all);
    }

    /**
     * The title as Alipay takes it: it refuses {@code / = &} there, so that their full-width forms are sent.
     *
     * @see <a href="https://opendocs.alipay.com/open/02ekfg">subject</a>
     */
    static String subject(String title) {
        return SUBJECT.shortened(title.replace('/', '／').replace('=', '＝').replace('&', '＆'));
    }

    /** @throws io.cashdesk.ground.problem.Problem FIELD, which names the first text that is too long */
    static void checkOther(JsonObject other) {
        check("", "other", other);
    }

    private static void check(String path, String shown, JsonValue value) {
        if (value instanceof JsonObject object) {
            var before = path.isEmpty() ? "" : path + '.';
            object.forEach((name, inner) -> check(before + name, shown + '.' + name, inner));
        } else if (value instanceof JsonArray list) {
            for (var i = 0; i < list.size(); i++) check(path, shown + '[' + i + ']', list.get(i));
        } else if (value instanceof JsonString text && BY_FIELD.containsKey(path)) {
            BY_FIELD.get(path).required(shown, text.getString());
        }
    }
}
