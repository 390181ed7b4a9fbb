package io.cashdesk.simulator.wxpay;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;

/**
 * A merchant's request for a payment, with any product and through any API version. Absent texts are empty.
 *
 * @param partner true if a service provider makes it for a sub-merchant
 * @param mchid of the caller: the merchant, or the service provider
 * @param subMchid of the sub-merchant for which a service provider calls
 * @param amount fen
 * @param expiresAt as the merchant wrote it, or null
 * @param openid of the payer in {@code appId}, if only that payer may pay
 * @param authCode the payment code on the payer's phone
 */
public record WxpayOrderRequest(
        WxpayProduct product,
        boolean partner,
        String appId,
        String mchid,
        String subAppid,
        String subMchid,
        String number,
        String description,
        String notifyUrl,
        long amount,
        Instant expiresAt,
        String openid,
        String subOpenid,
        String attach,
        String deviceId,
        String clientIp,
        String authCode) {
    /** Reads the body of a v3 call; throws {@link WxpayRefusal} where WeChat Pay would refuse it. */
    static WxpayOrderRequest read(WxpayProduct product, boolean partner, JsonObject body) {
        checkCaller(product, partner, body);
        WxpayFields.checkOrder(product, partner, body);
        var payer = objectIn(body, "payer");
        if (product == WxpayProduct.JSAPI && partner) checkPartnersPayer(body, payer);
        var scene = objectIn(body, "scene_info");
        return new WxpayOrderRequest(
                product,
                partner,
                body.getString(partner ? "sp_appid" : "appid"),
                body.getString(partner ? "sp_mchid" : "mchid"),
                body.getString("sub_appid", ""),
                body.getString("sub_mchid", ""),
                body.getString("out_trade_no"),
                body.getString("description"),
                body.getString("notify_url", ""),
                body.getJsonObject("amount").getJsonNumber("total").longValueExact(),
                body.containsKey("time_expire") ? JsonShape.moment("time_expire", body.getString("time_expire")) : null,
                payer.getString(partner ? "sp_openid" : "openid", ""),
                payer.getString("sub_openid", ""),
                body.getString("attach", ""),
                scene.getString("device_id", ""),
                scene.getString("payer_client_ip", ""),
                payer.getString("auth_code", ""));
    }

    private static JsonObject objectIn(JsonObject body, String name) {
        return body.containsKey(name) ? body.getJsonObject(name) : JsonValue.EMPTY_JSON_OBJECT;
    }

    /** The refusals with texts or numbers of their own, which WeChat Pay gives before it looks at the other fields. */
    private static void checkCaller(WxpayProduct product, boolean partner, JsonObject body) {
        if (partner && !body.containsKey("sub_mchid")) {
            throw WxpayRefusal.bodyParameter("缺少子商户号", "sub_mchid", "missing", 268443704);
        }
        if (product == WxpayProduct.JSAPI && !body.containsKey("payer")) {
            throw WxpayRefusal.bodyParameter("JSAPI支付必须传openid", "payer/openid", "missing", 268501013);
        }
        if (product == WxpayProduct.CODE && partner && !body.containsKey("sp_appid")) {
            // WeChat Pay's users report a system error here, not a parameter error
            throw new WxpayRefusal(500, "SYSTEM_ERROR", "系统错误", WxpayRefusal.GENERAL);
        }
    }

    private static void checkPartnersPayer(JsonObject body, JsonObject payer) {
        if (payer.size() != 1) throw WxpayRefusal.parameter("payer", "exactly one of sp_openid and sub_openid");
        if (payer.containsKey("sub_openid") && !body.containsKey("sub_appid")) {
            throw WxpayRefusal.parameter("sub_appid", "missing, but payer/sub_openid is there");
        }
    }
}
