package io.cashdesk.simulator.wxpay;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parameters with which a page inside WeChat, a mini-program or an app opens a payment.
 *
 * @param signed the last of the four lines that v3 signs
 * @param signType as it is written, or an empty text in an app, which does not write it
 * @param fields the parameters that v2 signs
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012365341">JSAPI and mini-programs</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012365342">apps</a>
 */
public record WxpayLaunch(
        String appId,
        String timestamp,
        String nonce,
        String signed,
        String signature,
        String prepayId,
        String signType,
        SortedMap<String, String> fields) {
    static final String RSA = "RSA";

    /**
     * The parameters of {@code WeixinJSBridge.invoke("getBrandWCPayRequest")} and {@code wx.requestPayment}: JSON whose
     * values are all texts.
     *
     * @param otherSignTypes the values of {@code signType} beside RSA
     */
    static WxpayLaunch inWechat(JsonObject given, Set<String> otherSignTypes) {
        var packed = text(given, "package");
        if (!packed.startsWith("prepay_id=")) throw new WxpayWallet.Refused("package 须为 prepay_id=…");
        var signType = text(given, "signType");
        if (!signType.equals(RSA) && !otherSignTypes.contains(signType)) {
            throw new WxpayWallet.Refused("signType 须为 RSA、MD5 或 HMAC-SHA256");
        }
        return new WxpayLaunch(
                given.getString("appId", ""),
                time(text(given, "timeStamp")),
                nonce(text(given, "nonceStr")),
                packed,
                text(given, "paySign"),
                packed.substring("prepay_id=".length()),
                signType,
                texts(given, "appId", "nonceStr", "package", "signType", "timeStamp"));
    }

    /** The parameters of WeChat's SDK in an app. Here the bare prepay id is signed. */
    static WxpayLaunch inApp(JsonObject given) {
        if (!text(given, "package").equals("Sign=WXPay")) throw new WxpayWallet.Refused("package 须为 Sign=WXPay");
        var prepayId = text(given, "prepayid");
        return new WxpayLaunch(
                text(given, "appid"),
                time(text(given, "timestamp")),
                nonce(text(given, "noncestr")),
                prepayId,
                text(given, "sign"),
                prepayId,
                "",
                texts(given, "appid", "noncestr", "package", "partnerid", "prepayid", "timestamp"));
    }

    private static SortedMap<String, String> texts(JsonObject given, String... names) {
        var texts = new TreeMap<String, String>();
        for (var name : names) texts.put(name, given.getString(name, ""));
        return texts;
    }

    private static String text(JsonObject given, String name) {
        if (given.get(name) instanceof JsonString s && !s.getString().isEmpty()) return s.getString();
        throw new WxpayWallet.Refused("缺少参数 " + name);
    }

    private static String time(String text) {
        if (!text.matches("\\d{10}")) throw new WxpayWallet.Refused("timeStamp 须为秒");
        return text;
    }

    private static String nonce(String text) {
        if (text.length() > 32) throw new WxpayWallet.Refused("nonceStr 过长");
        return text;
    }
}
