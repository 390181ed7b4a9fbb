package io.cashdesk.provider.wxpay;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;

/** What we say to WeChat Pay v3. A field without a value is left out: null is refused there, and so is an unknown name. */
final class V3Requests {
    /** What the order decides, and no caller's extra parameter may. */
    private static final Set<String> OURS = Set.of(
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
            "time_expire");

    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

    private V3Requests() {}

    static JsonObject prepay(WxpayAccount account, AccountSettings settings, Product product, PaymentRequest request) {
        var body = order(account, request)
                .add("time_expire", wireTime(request.expiresAt()))
                .add("notify_url", request.notifyUrl().toString());
        if (product.needsOpenid()) body.add("payer", payer(request));
        if (product == Product.MOBILE_PAGE) body.add("scene_info", mobilePage(settings, request));
        return withOther(body, request.other());
    }

    static JsonObject codepay(WxpayAccount account, PaymentRequest request, PaymentCode code) {
        var store = Json.createObjectBuilder().add("out_id", code.storeId());
        var body = order(account, request)
                .add("payer", Json.createObjectBuilder().add("auth_code", code.value()))
                .add(
                        "scene_info",
                        Json.createObjectBuilder()
                                .add("device_ip", request.payer().clientIp())
                                .add("store_info", store));
        return withOther(body, request.other());
    }

    private static JsonObjectBuilder order(WxpayAccount account, PaymentRequest request) {
        return ids(account, request.attempt().sub(), true)
                .add("description", request.subject())
                .add("out_trade_no", request.attemptNo())
                .add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("total", request.amount().minor())
                                .add("currency", request.amount().currency()));
    }

    /** Who asks, for whom; the names differ for a service provider. */
    static JsonObjectBuilder ids(WxpayAccount account, SubMerchant sub, boolean withApp) {
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

    /** The same as a query. */
    static String idsInQuery(WxpayAccount account, SubMerchant sub) {
        return sub.mchId().isEmpty()
                ? "mchid=" + account.mchId()
                : "sp_mchid=" + account.mchId() + "&sub_mchid=" + sub.mchId();
    }

    /** Below which path the orders of this merchant are. */
    static String transactions(SubMerchant sub) {
        return sub.mchId().isEmpty() ? "/v3/pay/transactions/" : "/v3/pay/partner/transactions/";
    }

    private static JsonObjectBuilder payer(PaymentRequest request) {
        var sub = request.attempt().sub();
        var name = sub.mchId().isEmpty() ? "openid" : sub.appId().isEmpty() ? "sp_openid" : "sub_openid";
        return Json.createObjectBuilder().add(name, request.payer().openid());
    }

    /** What the merchant registered as its H5 page; in a configuration row it is called as API v2 called it. */
    private static JsonObjectBuilder mobilePage(AccountSettings settings, PaymentRequest request) {
        var scene = settings.values().getJsonObject("sceneInfo");
        var given = scene == null ? null : scene.getJsonObject("h5_info");
        var info = Json.createObjectBuilder().add("type", given == null ? "Wap" : given.getString("type", "Wap"));
        if (given != null && given.containsKey("wap_name")) info.add("app_name", given.getString("wap_name"));
        if (given != null && given.containsKey("wap_url")) info.add("app_url", given.getString("wap_url"));
        return Json.createObjectBuilder()
                .add("payer_client_ip", request.payer().clientIp())
                .add("h5_info", info);
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

    private static JsonObject withOther(JsonObjectBuilder body, JsonObject other) {
        other.forEach((name, value) -> {
            if (OURS.contains(name)) {
                throw new ProviderFailure(Kind.DECLINED, "other", "other must not contain " + name);
            }
            body.add(name, value);
        });
        return body.build();
    }

    static String wireTime(Instant at) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX").format(at.atOffset(CHINA));
    }
}
