package io.cashdesk.provider.wxpay;

import io.cashdesk.ground.json.JsonMerge;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.OtherParameters;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.TextLimit;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Request bodies and paths of API v3. A field without a value is left out: WeChat Pay refuses null and unknown names.
 */
final class V3Requests {
    /**
     * What the order, the account or the call determines, and the names that API v2 has for it: WeChat Pay would refuse
     * those as unknown.
     */
    private static final Set<String> OURS = Set.of(
            "appid",
            "mchid",
            "sp_appid",
            "sp_mchid",
            "sub_appid",
            "sub_mchid",
            "description",
            "out_trade_no",
            "notify_url",
            "amount",
            "payer",
            "time_expire",
            "scene_info.payer_client_ip",
            "scene_info.device_ip",
            "body",
            "mch_id",
            "sub_mch_id",
            "openid",
            "sp_openid",
            "sub_openid",
            "total_fee",
            "fee_type",
            "trade_type",
            "spbill_create_ip",
            "auth_code",
            "sign");

    private static final OtherParameters OTHER = new OtherParameters(OURS);

    /** At a point of sale the call's {@code store_id} determines the merchant's number of the store. */
    private static final OtherParameters OTHER_AT_POINT_OF_SALE = new OtherParameters(
            Stream.concat(OURS.stream(), Stream.of(WxpayTexts.OUT_ID.field())).collect(Collectors.toSet()));

    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

    private V3Requests() {}

    /** Checks the caller's extra parameters: what is ours stays as it is, and each text must be short enough. */
    static void checkOther(Product product, JsonObject other) {
        (product == Product.PAYMENT_CODE ? OTHER_AT_POINT_OF_SALE : OTHER).check(other);
        WxpayTexts.checkV3(other);
        if (!(other.get("scene_info") instanceof JsonObject scene)) return;
        var page = scene.get("h5_info");
        if (product == Product.MOBILE_PAGE && page != null && !(page instanceof JsonObject)) {
            throw OtherParameters.refusal("other.scene_info.h5_info", OtherParameters.OBJECT, page);
        }
    }

    /** Checks the texts of a call that are sent beside {@code other}. */
    static void checkTexts(CallerInput input) {
        var sub = input.sub();
        WxpayTexts.SUB_MCHID.required("data.sub_mchid", sub.mchId());
        WxpayTexts.SUB_APPID.required("data.sub_appid", sub.appId());
        payerLimit(sub).required("data.openid", input.payer().openid());
        input.code().ifPresent(code -> WxpayTexts.OUT_ID.required("data.store_id", code.storeId()));
    }

    /** @param page the {@code h5_info} of the node; used with {@link Product#MOBILE_PAGE} only */
    static JsonObject prepay(V3Account account, JsonObject page, Product product, PaymentRequest request) {
        var body = order(account, request)
                .add("time_expire", wireTime(request.expiresAt()))
                .add("notify_url", request.notifyUrl().toString());
        if (product.needsOpenid()) body.add("payer", payer(request));
        if (product == Product.MOBILE_PAGE)
            body.add("scene_info", payersAddress(request).add("h5_info", page));
        else if (request.other().containsKey("scene_info")) body.add("scene_info", payersAddress(request));
        return JsonMerge.merged(body.build(), request.other());
    }

    static JsonObject codepay(V3Account account, PaymentRequest request, PaymentCode code) {
        var store = Json.createObjectBuilder().add("out_id", code.storeId());
        var body = order(account, request)
                .add("payer", Json.createObjectBuilder().add("auth_code", code.value()))
                .add(
                        "scene_info",
                        Json.createObjectBuilder()
                                .add("device_ip", request.payer().clientIp())
                                .add("store_info", store));
        return JsonMerge.merged(body.build(), request.other());
    }

    private static JsonObjectBuilder order(V3Account account, PaymentRequest request) {
        return ids(account, request.attempt().sub(), true)
                .add("description", WxpayTexts.DESCRIPTION.shortened(request.subject()))
                .add("out_trade_no", request.attemptNo())
                .add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("total", request.amount().minor())
                                .add("currency", request.amount().currency()));
    }

    /** The merchant, and for a service provider its sub-merchant; the field names differ. */
    static JsonObjectBuilder ids(V3Account account, SubMerchant sub, boolean withApp) {
        var ids = Json.createObjectBuilder();
        if (sub.mchId().isEmpty()) {
            if (withApp) ids.add("appid", account.appId());
            return ids.add("mchid", account.mchId());
        }
        if (withApp) ids.add("sp_appid", account.appId());
        ids.add("sp_mchid", account.mchId());
        if (withApp && !sub.appId().isEmpty()) ids.add("sub_appid", sub.appId());
        return ids.add("sub_mchid", sub.mchId());
    }

    /** The same as a query string. */
    static String idsInQuery(V3Account account, SubMerchant sub) {
        return sub.mchId().isEmpty()
                ? "mchid=" + account.mchId()
                : "sp_mchid=" + account.mchId() + "&sub_mchid=" + sub.mchId();
    }

    /** The path of a merchant's orders; a service provider's is another one. */
    static String transactions(SubMerchant sub) {
        return sub.mchId().isEmpty() ? "/v3/pay/transactions/" : "/v3/pay/partner/transactions/";
    }

    /** The path of one order. */
    static String byNumber(AttemptRef attempt) {
        return transactions(attempt.sub()) + "out-trade-no/" + V3Client.inPath(attempt.attemptNo());
    }

    private static JsonObjectBuilder payer(PaymentRequest request) {
        var field = payerLimit(request.attempt().sub()).field();
        return Json.createObjectBuilder()
                .add(field.substring("payer.".length()), request.payer().openid());
    }

    /** In which field the payer is named: by the openid in whose application. */
    private static TextLimit payerLimit(SubMerchant sub) {
        if (sub.mchId().isEmpty()) return WxpayTexts.OPENID;
        return sub.appId().isEmpty() ? WxpayTexts.SP_OPENID : WxpayTexts.SUB_OPENID;
    }

    /** Required in every {@code scene_info}. */
    private static JsonObjectBuilder payersAddress(PaymentRequest request) {
        return Json.createObjectBuilder().add("payer_client_ip", request.payer().clientIp());
    }

    static JsonObject refund(RefundRequest request) {
        var body = Json.createObjectBuilder();
        var sub = request.attempt().sub();
        if (!sub.mchId().isEmpty()) body.add("sub_mchid", sub.mchId());
        body.add("out_trade_no", request.attempt().attemptNo()).add("out_refund_no", request.refundNo());
        if (!request.reason().isEmpty()) body.add("reason", WxpayTexts.REASON.shortened(request.reason()));
        return body.add("notify_url", request.notifyUrl().toString())
                .add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("refund", request.amount().minor())
                                .add("total", request.total().minor())
                                .add("currency", request.amount().currency()))
                .build();
    }

    static String wireTime(Instant at) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX").format(at.atOffset(CHINA));
    }
}
