package io.cashdesk.provider.wxpay;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.OtherParameters;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;

/**
 * Request bodies and paths of API v3. A field without a value is left out: WeChat Pay refuses null and unknown names.
 */
final class V3Requests {
    /** What the order, the account or the call determines. */
    static final OtherParameters OTHER = new OtherParameters(Set.of(
            "appid",
            "mchid",
            "sp_appid",
            "sp_mchid",
            "sub_appid",
            "sub_mchid",
            "out_trade_no",
            "notify_url",
            "amount",
            "payer",
            "time_expire",
            "scene_info.payer_client_ip",
            "scene_info.device_ip"));

    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

    private V3Requests() {}

    static JsonObject prepay(V3Account account, AccountSettings settings, Product product, PaymentRequest request) {
        var body = order(account, request)
                .add("time_expire", wireTime(request.expiresAt()))
                .add("notify_url", request.notifyUrl().toString());
        if (product.needsOpenid()) body.add("payer", payer(request));
        if (product == Product.MOBILE_PAGE) body.add("scene_info", mobilePage(settings, request));
        else if (request.other().containsKey("scene_info")) body.add("scene_info", payersAddress(request));
        return OtherParameters.merged(body.build(), request.other());
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
        return OtherParameters.merged(body.build(), request.other());
    }

    private static JsonObjectBuilder order(V3Account account, PaymentRequest request) {
        return ids(account, request.attempt().sub(), true)
                .add("description", request.subject())
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
        var sub = request.attempt().sub();
        var name = sub.mchId().isEmpty() ? "openid" : sub.appId().isEmpty() ? "sp_openid" : "sub_openid";
        return Json.createObjectBuilder().add(name, request.payer().openid());
    }

    /** The H5 page that the merchant registered. The configuration has the field names of API v2. */
    private static JsonObjectBuilder mobilePage(AccountSettings settings, PaymentRequest request) {
        var scene = settings.values().getJsonObject("sceneInfo");
        var given = scene == null ? null : scene.getJsonObject("h5_info");
        var info = Json.createObjectBuilder().add("type", given == null ? "Wap" : given.getString("type", "Wap"));
        if (given != null && given.containsKey("wap_name")) info.add("app_name", given.getString("wap_name"));
        if (given != null && given.containsKey("wap_url")) info.add("app_url", given.getString("wap_url"));
        return payersAddress(request).add("h5_info", info);
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
        if (!request.reason().isEmpty()) body.add("reason", request.reason());
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
