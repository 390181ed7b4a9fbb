package io.cashdesk.provider.wxpay;

import com.wechat.pay.java.core.cipher.RSASigner;
import com.wechat.pay.java.core.util.NonceUtil;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;

/**
 * The parameters with which a client opens WeChat's cashier, signed by the merchant.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012365341">JSAPI and mini-programs</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012365342">apps</a>
 */
final class WalletParameters {
    private WalletParameters() {}

    /** For a page inside WeChat and for a mini-program. Both spellings of the time are in use; one of them is signed. */
    static JsonObject inWechat(WxpayAccount account, String appId, String prepayId, Clock clock) {
        var time = Long.toString(clock.instant().getEpochSecond());
        var nonce = NonceUtil.createNonce(32);
        var what = "prepay_id=" + prepayId;
        return Json.createObjectBuilder()
                .add("appId", appId)
                .add("timeStamp", time)
                .add("nonceStr", nonce)
                .add("package", what)
                .add("signType", "RSA")
                .add("paySign", signed(account, appId, time, nonce, what))
                .add("timestamp", time)
                .build();
    }

    /** For WeChat's SDK inside another app; here the bare prepay id is signed. */
    static JsonObject inApp(WxpayAccount account, String appId, String prepayId, Clock clock) {
        var time = Long.toString(clock.instant().getEpochSecond());
        var nonce = NonceUtil.createNonce(32);
        return Json.createObjectBuilder()
                .add("appid", appId)
                .add("partnerid", account.mchId())
                .add("prepayid", prepayId)
                .add("package", "Sign=WXPay")
                .add("noncestr", nonce)
                .add("timestamp", time)
                .add("sign", signed(account, appId, time, nonce, prepayId))
                .build();
    }

    static String signed(WxpayAccount account, String... lines) {
        var text = String.join("\n", lines) + "\n";
        return new RSASigner(account.serial(), account.privateKey()).sign(text).getSign();
    }
}
