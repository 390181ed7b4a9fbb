package io.cashdesk.provider.wxpay;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;

/** The parameters with which a client opens WeChat's cashier in v2, signed with the merchant's v2 key. */
final class V2WalletParameters {
    private V2WalletParameters() {}

    static JsonObject of(V2Account account, Product product, PrepayId prepayId, Clock clock) {
        var time = Long.toString(clock.instant().getEpochSecond());
        return product == Product.APP
                ? inApp(account, prepayId, time, V2Client.nonce())
                : inWechat(account, prepayId, time, V2Client.nonce());
    }

    /**
     * For a page inside WeChat and for a mini-program. Clients use either spelling of the time; only timeStamp is
     * signed.
     */
    static JsonObject inWechat(V2Account account, PrepayId prepayId, String time, String nonce) {
        var parameters = new V2Message()
                .with("appId", prepayId.appId())
                .with("timeStamp", time)
                .with("nonceStr", nonce)
                .with("package", "prepay_id=" + prepayId.value())
                .with("signType", account.signature().wireName);
        return json(parameters)
                .add("paySign", parameters.sign(account.signature(), account.key()))
                .add("timestamp", time)
                .build();
    }

    /** For WeChat's SDK in another app. There is no field for the signature type: it is the one of the order. */
    private static JsonObject inApp(V2Account account, PrepayId prepayId, String time, String nonce) {
        var parameters = new V2Message()
                .with("appid", prepayId.appId())
                .with("partnerid", account.mchId())
                .with("prepayid", prepayId.value())
                .with("package", "Sign=WXPay")
                .with("noncestr", nonce)
                .with("timestamp", time);
        return json(parameters)
                .add("sign", parameters.sign(account.signature(), account.key()))
                .build();
    }

    private static JsonObjectBuilder json(V2Message parameters) {
        var json = Json.createObjectBuilder();
        parameters.fields().forEach(json::add);
        return json;
    }
}
