package io.cashdesk.provider.wxpay;

import com.wechat.pay.java.core.cipher.RSASigner;
import com.wechat.pay.java.core.util.NonceUtil;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;

/**
 * The parameters with which a client opens WeChat's cashier in v3, signed with the merchant's private key.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012365341">JSAPI and mini-programs</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012365342">apps</a>
 */
final class V3WalletParameters {
    private V3WalletParameters() {}

    static JsonObject of(V3Account account, Product product, PrepayId prepayId, Clock clock) {
        var time = Long.toString(clock.instant().getEpochSecond());
        var nonce = NonceUtil.createNonce(32);
        return product == Product.APP
                ? inApp(account, prepayId, time, nonce)
                : inWechat(account, prepayId, time, nonce);
    }

    /**
     * For a page inside WeChat and for a mini-program. Clients use either spelling of the time; the signature covers
     * its value.
     */
    private static JsonObject inWechat(V3Account account, PrepayId prepayId, String time, String nonce) {
        var prepay = "prepay_id=" + prepayId.value();
        return Json.createObjectBuilder()
                .add("appId", prepayId.appId())
                .add("timeStamp", time)
                .add("nonceStr", nonce)
                .add("package", prepay)
                .add("signType", "RSA")
                .add("paySign", sign(account, prepayId.appId(), time, nonce, prepay))
                .add("timestamp", time)
                .build();
    }

    /** For WeChat's SDK in another app. Here the prepay id is signed without the prefix {@code prepay_id=}. */
    private static JsonObject inApp(V3Account account, PrepayId prepayId, String time, String nonce) {
        return Json.createObjectBuilder()
                .add("appid", prepayId.appId())
                .add("partnerid", account.mchId())
                .add("prepayid", prepayId.value())
                .add("package", "Sign=WXPay")
                .add("noncestr", nonce)
                .add("timestamp", time)
                .add("sign", sign(account, prepayId.appId(), time, nonce, prepayId.value()))
                .build();
    }

    static String sign(V3Account account, String... lines) {
        var text = String.join("\n", lines) + "\n";
        return new RSASigner(account.serial(), account.privateKey()).sign(text).getSign();
    }
}
