package io.cashdesk.provider.douyin;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.OtherParameters;
import io.cashdesk.provider.TextLimit;
import io.cashdesk.provider.TextLimit.Unit;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How long each text may be that leaves for Douyin. The table in docs/providers/douyin.md is the same, which a test
 * compares. {@code subject} and {@code body} have two limits, 128 bytes and 42 Chinese characters; 43 Chinese
 * characters have 129 bytes, so that the first limit is enough.
 */
final class DouyinTexts {
    private static final String PAY =
            "https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/server/ecpay/pay-list/pay";

    private static final String REFUND =
            "https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/server/ecpay/refund-list/refund";

    private static final String SETTLE =
            "https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/server/ecpay/settle-list/settle";

    private static final String ORDER =
            "https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/server/payment/trade-system/general/order/request-order-data-sign";

    private static final String NOT_DOCUMENTED = "no page names a limit; that of the other dialect";

    // ecpay

    static final TextLimit SUBJECT = bytes("subject", 128, PAY);
    static final TextLimit BODY = bytes("body", 128, PAY);
    static final TextLimit REASON = characters("reason", 100, REFUND);

    // both

    static final TextLimit SETTLE_DESC = characters("settle_desc", 80, SETTLE);
    private static final TextLimit CP_EXTRA = characters("cp_extra", 2048, PAY);

    /** An address that is too long is not sent, so that the one in the console counts. */
    static final TextLimit NOTIFY_URL = characters("notify_url", 256, PAY);

    // the trade system

    static final TextLimit TITLE = bytes("skuList.title", 256, ORDER);
    static final TextLimit REFUND_TEXT = characters("refund_reason.text", 100, NOT_DOCUMENTED);
    static final TextLimit DENY_MESSAGE = characters("deny_message", 100, NOT_DOCUMENTED);

    private static final Map<String, TextLimit> BY_FIELD =
            Stream.of(CP_EXTRA).collect(Collectors.toUnmodifiableMap(TextLimit::field, Function.identity()));

    private DouyinTexts() {}

    private static TextLimit bytes(String field, int most, String source) {
        return new TextLimit(field, most, Unit.UTF8_BYTES, source);
    }

    private static TextLimit characters(String field, int most, String source) {
        return new TextLimit(field, most, Unit.CHARACTERS, source);
    }

    /** What is shortened. */
    static List<TextLimit> shortened() {
        return List.of(SUBJECT, BODY, REASON, TITLE, REFUND_TEXT);
    }

    /** What is refused where it is too long. */
    static List<TextLimit> refused() {
        return List.of(CP_EXTRA, SETTLE_DESC, DENY_MESSAGE);
    }

    /** @throws io.cashdesk.ground.problem.Problem FIELD, which names the first text that is too long */
    static void checkOther(JsonObject other) {
        other.forEach((name, value) -> {
            var limit = BY_FIELD.get(name);
            if (limit == null) return;
            if (!(value instanceof JsonString text)) {
                throw OtherParameters.refusal("other." + name, new LocalizedText("文本", "a text"), value);
            }
            limit.required("other." + name, text.getString());
        });
    }

    /**
     * A text for people without white space at its ends, because the two sides of a signature may not agree on which
     * signs are white space there.
     */
    static String trimmed(String text) {
        return text.replaceAll("^[\\s\\p{Z}\\u0085\\ufeff]+|[\\s\\p{Z}\\u0085\\ufeff]+$", "");
    }
}
