package io.cashdesk.provider.wxpay;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.OtherParameters;
import io.cashdesk.provider.TextLimit;
import io.cashdesk.provider.TextLimit.Unit;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How long each text may be that is sent to WeChat Pay, for all products, for merchants and service providers. The
 * documents give the limits in characters. The gateway's refusals of some fields ({@link #bytes}) name the length in
 * bytes of UTF-8, although the documents say characters there too. A test compares docs/providers/wxpay.md with this
 * class.
 *
 * <p>Titles and reasons ({@link #isShortened}) are only shown to people, and are shortened. Every other text identifies
 * or directs something and would be wrong if it were shortened: it is refused before anything is stored or sent.
 */
final class WxpayTexts {
    private static final String GATEWAY = "refusals of the gateway, which count bytes";
    private static final String V3 = "https://pay.weixin.qq.com/doc/v3/merchant/4012791877";
    private static final String V3_H5 = "https://pay.weixin.qq.com/doc/v3/merchant/4012791835";
    private static final String V3_CODE = "https://pay.weixin.qq.com/doc/v3/merchant/4012382150";
    private static final String V3_PARTNER = "https://pay.weixin.qq.com/doc/v3/partner/4012714902";
    private static final String V3_ADDRESS = "https://pay.weixin.qq.com/doc/v3/merchant/4012075420";
    private static final String V3_REFUND = "wechatpay-java 0.2.17, service.refund.model.CreateRequest";
    private static final String V2 = "https://pay.weixin.qq.com/doc/v2/merchant/4011935215";
    private static final String V2_CODE = "https://pay.weixin.qq.com/doc/v2/merchant/4011937125";
    private static final String V2_PARTNER = "https://pay.weixin.qq.com/doc/v2/partner/4011941293";

    // v3

    static final TextLimit DESCRIPTION = bytes("description", 127);
    static final TextLimit REASON = bytes("reason", 80);
    static final TextLimit SUB_MCHID = limit("sub_mchid", 32, V3_PARTNER);
    static final TextLimit SUB_APPID = limit("sub_appid", 32, V3_PARTNER);
    static final TextLimit OPENID = limit("payer.openid", 128, V3);
    static final TextLimit SP_OPENID = limit("payer.sp_openid", 128, V3_PARTNER);
    static final TextLimit SUB_OPENID = limit("payer.sub_openid", 128, V3_PARTNER);
    static final TextLimit OUT_ID = limit("scene_info.store_info.out_id", 32, V3_CODE);
    static final TextLimit APP_NAME = limit("scene_info.h5_info.app_name", 64, V3_H5);
    static final TextLimit APP_URL = limit("scene_info.h5_info.app_url", 128, V3_H5);

    /** Every text of v3's requests, in the order of the documents. */
    static final List<TextLimit> OF_V3 = List.of(
            DESCRIPTION,
            bytes("attach", 128),
            limit("goods_tag", 32, V3),
            limit("out_trade_no", 32, V3),
            limit("notify_url", 255, V3_ADDRESS),
            limit("time_expire", 64, V3),
            limit("appid", 32, V3),
            limit("mchid", 32, V3),
            limit("sp_appid", 32, V3_PARTNER),
            limit("sp_mchid", 32, V3_PARTNER),
            SUB_APPID,
            SUB_MCHID,
            OPENID,
            SP_OPENID,
            SUB_OPENID,
            limit("detail.invoice_id", 32, V3),
            limit("detail.goods_detail.merchant_goods_id", 32, V3),
            limit("detail.goods_detail.wechatpay_goods_id", 32, V3),
            limit("detail.goods_detail.wxpay_goods_id", 32, V3_CODE),
            limit("detail.goods_detail.goods_name", 256, V3),
            limit("scene_info.payer_client_ip", 45, V3),
            limit("scene_info.device_id", 32, V3),
            limit("scene_info.device_ip", 45, V3_CODE),
            limit("scene_info.store_info.id", 32, V3),
            OUT_ID,
            limit("scene_info.store_info.name", 256, V3),
            limit("scene_info.store_info.area_code", 32, V3),
            limit("scene_info.store_info.address", 512, V3),
            limit("scene_info.h5_info.type", 32, V3_H5),
            APP_NAME,
            APP_URL,
            limit("scene_info.h5_info.bundle_id", 128, V3_H5),
            limit("scene_info.h5_info.package_name", 128, V3_H5),
            limit("out_refund_no", 64, V3_REFUND),
            REASON);

    // v2

    static final TextLimit BODY = bytes("body", 128);
    static final TextLimit REFUND_DESC = bytes("refund_desc", 80);
    static final TextLimit V2_OPENID = limit("openid", 128, V2);
    static final TextLimit V2_SUB_OPENID = limit("sub_openid", 128, V2_PARTNER);
    static final TextLimit SUB_MCH_ID = limit("sub_mch_id", 32, V2_PARTNER);
    static final TextLimit V2_SUB_APPID = limit("sub_appid", 32, V2_PARTNER);
    static final TextLimit SCENE_INFO = limit("scene_info", 256, V2);

    /** Every text of v2's requests, in the order of the documents. A JSON text counts as a whole. */
    static final List<TextLimit> OF_V2 = List.of(
            BODY,
            limit("device_info", 32, V2),
            limit("detail", 6000, V2),
            bytes("attach", 127),
            limit("out_trade_no", 32, V2),
            limit("fee_type", 16, V2),
            limit("spbill_create_ip", 64, V2),
            limit("time_start", 14, V2),
            limit("time_expire", 14, V2),
            limit("goods_tag", 32, V2),
            limit("notify_url", 256, V2),
            limit("trade_type", 16, V2),
            limit("product_id", 32, V2),
            limit("limit_pay", 32, V2),
            limit("appid", 32, V2),
            limit("mch_id", 32, V2),
            V2_SUB_APPID,
            SUB_MCH_ID,
            V2_OPENID,
            V2_SUB_OPENID,
            limit("receipt", 8, V2),
            limit("profit_sharing", 1, V2),
            SCENE_INFO,
            limit("auth_code", 128, V2_CODE),
            limit("out_refund_no", 64, V2),
            REFUND_DESC);

    private static final Map<String, TextLimit> BY_V3_FIELD = byField(OF_V3);
    private static final Map<String, TextLimit> BY_V2_FIELD = byField(OF_V2);

    private WxpayTexts() {}

    private static TextLimit limit(String field, int characters, String source) {
        return new TextLimit(field, characters, Unit.CHARACTERS, source);
    }

    /** A limit of which the gateway's refusals say that it is in bytes. */
    private static TextLimit bytes(String field, int bytes) {
        return new TextLimit(field, bytes, Unit.UTF8_BYTES, GATEWAY);
    }

    private static Map<String, TextLimit> byField(List<TextLimit> limits) {
        return limits.stream().collect(Collectors.toUnmodifiableMap(TextLimit::field, Function.identity()));
    }

    /** Whether a text that is too long is shortened; otherwise it is refused. */
    static boolean isShortened(TextLimit limit) {
        return Stream.of(DESCRIPTION, REASON, BODY, REFUND_DESC).anyMatch(limit::equals);
    }

    /**
     * Checks the caller's own parameters for v3, at any depth.
     *
     * @throws io.cashdesk.ground.problem.Problem FIELD, which names the key, for a text that is too long, for a value
     *     that should be a text, and for null, which WeChat Pay refuses
     */
    static void checkV3(JsonObject other) {
        other.forEach((name, value) -> checkV3(name, name, value));
    }

    /**
     * @param path the names of the field and of the objects around it
     * @param shown the same with the indexes in lists, for the message
     */
    private static void checkV3(String path, String shown, JsonValue value) {
        refuseNull(shown, value);
        if (value instanceof JsonObject object) {
            object.forEach((name, field) -> checkV3(path + '.' + name, shown + '.' + name, field));
        } else if (value instanceof JsonArray array) {
            for (var i = 0; i < array.size(); i++) checkV3(path, shown + '[' + i + ']', array.get(i));
        } else {
            var limit = BY_V3_FIELD.get(path);
            if (limit == null) return;
            if (!(value instanceof JsonString text)) {
                throw OtherParameters.refusal("other." + shown, new LocalizedText("文本", "a text"), value);
            }
            limit.required("other." + shown, text.getString());
        }
    }

    /**
     * Checks one of the caller's own parameters for v2.
     *
     * @param sent the text as which the value is sent
     * @throws io.cashdesk.ground.problem.Problem FIELD, as {@link #checkV3} does
     */
    static void checkV2(String name, JsonValue value, String sent) {
        refuseNulls(name, value);
        var limit = BY_V2_FIELD.get(name);
        if (limit != null) limit.required("other." + name, sent);
    }

    private static void refuseNulls(String shown, JsonValue value) {
        refuseNull(shown, value);
        if (value instanceof JsonObject object) {
            object.forEach((name, field) -> refuseNulls(shown + '.' + name, field));
        } else if (value instanceof JsonArray array) {
            for (var i = 0; i < array.size(); i++) refuseNulls(shown + '[' + i + ']', array.get(i));
        }
    }

    private static void refuseNull(String shown, JsonValue value) {
        if (value != JsonValue.NULL) return;
        throw OtherParameters.refusal(
                "other." + shown, new LocalizedText("有值的字段，或不传", "a value, or no such key"), value);
    }
}
