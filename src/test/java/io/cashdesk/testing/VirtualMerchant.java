package io.cashdesk.testing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A merchant with a mini-program at the simulated virtual payment, who signs and decrypts with the JDK alone, as the
 * documents require. Its account belongs to no merchant of ours.
 */
public final class VirtualMerchant {
    private final Node node;
    private final Simulator simulator;
    private final String gateway;
    private String accessToken;
    public final JsonObject account;
    public final String appId;

    /** A user who is logged in. */
    public record User(String openid, String sessionKey) {}

    /** @param options of {@code POST /simulator/accounts/wxpay-virtual} */
    public VirtualMerchant(Node node, JsonObjectBuilder options) {
        this.node = node;
        simulator = new Simulator(node);
        account = simulator
                .call("accounts/wxpay-virtual", options.build().toString())
                .json()
                .getJsonObject("node");
        gateway = account.getString("gateway");
        appId = account.getString("appId");
    }

    /** Enters settings in the console; the answer. */
    public JsonObject console(JsonObjectBuilder settings) {
        return simulator
                .call(
                        "wxpay-virtual/console",
                        settings.add("app_id", appId).build().toString())
                .json();
    }

    // login

    /** @param payer FIRST or SECOND */
    public User login(String payer) {
        var code = simulator
                .call("login", "{\"app_id\":\"" + appId + "\",\"payer\":\"" + payer + "\"}")
                .json()
                .getString("login_code");
        var session = get("/sns/jscode2session?appid=" + appId + "&secret=" + account.getString("secret") + "&js_code="
                + code + "&grant_type=authorization_code");
        return new User(session.getString("openid"), session.getString("session_key"));
    }

    public JsonObject stableToken(String secret, boolean force) {
        var body = Json.createObjectBuilder()
                .add("grant_type", "client_credential")
                .add("appid", appId)
                .add("secret", secret)
                .add("force_refresh", force)
                .build();
        return post("/cgi-bin/stable_token", body.toString());
    }

    /** A valid token, fetched once. */
    public String accessToken() {
        if (accessToken == null) {
            accessToken = stableToken(account.getString("secret"), false).getString("access_token");
        }
        return accessToken;
    }

    // calls of the merchant's server

    /** A call that is signed with the application's key alone. */
    public JsonObject xpay(String name, JsonObjectBuilder body) {
        return xpay(name, body.build().toString(), null);
    }

    /** A call that is signed with the user's session key too. */
    public JsonObject xpay(String name, JsonObjectBuilder body, User user) {
        return xpay(name, body.build().toString(), user);
    }

    private JsonObject xpay(String name, String body, User user) {
        var env = body.contains("\"env\":1") ? "sandboxAppKey" : "appKey";
        var query = "?access_token=" + accessToken() + "&pay_sig="
                + hmac(account.getString(env), "/xpay/" + name + "&" + body)
                + (user == null ? "" : "&signature=" + hmac(user.sessionKey(), body));
        return post("/xpay/" + name + query, body);
    }

    public JsonObject get(String target) {
        return Node.send(HttpRequest.newBuilder(URI.create(gateway + target)).build())
                .json();
    }

    public JsonObject post(String target, String body) {
        return Node.send(HttpRequest.newBuilder(URI.create(gateway + target))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build())
                .json();
    }

    public JsonObject order(String number, User user) {
        return xpay("query_order", of(user).add("order_id", number)).getJsonObject("order");
    }

    /** The members that every call about a user has. */
    public static JsonObjectBuilder of(User user) {
        return Json.createObjectBuilder().add("openid", user.openid()).add("env", 0);
    }

    public JsonObject refund(String number, String refundNo, long left, long fen, User user) {
        return xpay(
                "refund_order",
                of(user).add("order_id", number)
                        .add("refund_order_id", refundNo)
                        .add("left_fee", left)
                        .add("refund_fee", fen)
                        .add("biz_meta", "m")
                        .add("refund_reason", "3")
                        .add("req_from", "1"));
    }

    // the client's call

    public JsonObjectBuilder goods(String number, String product, long price, long quantity) {
        return signData(number, quantity).add("productId", product).add("goodsPrice", price);
    }

    public JsonObjectBuilder signData(String number, long quantity) {
        return Json.createObjectBuilder()
                .add("offerId", account.getString("offerId"))
                .add("buyQuantity", quantity)
                .add("env", 0)
                .add("currencyType", "CNY")
                .add("outTradeNo", number)
                .add("attach", "附加");
    }

    /** The arguments of the client's call, rightly signed. */
    public JsonObjectBuilder arguments(String mode, JsonObjectBuilder signData, User user) {
        var text = signData.build().toString();
        var key = text.contains("\"env\":1") ? "sandboxAppKey" : "appKey";
        return Json.createObjectBuilder()
                .add("mode", mode)
                .add("signData", text)
                .add("paySig", hmac(account.getString(key), "requestVirtualPayment&" + text))
                .add("signature", hmac(user.sessionKey(), text));
    }

    public JsonObject request(JsonObjectBuilder arguments) {
        var answer = node.call(
                "POST",
                "/simulator/wxpay-virtual/request",
                null,
                arguments.build().toString());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    /** The user buys gems for six yuan. */
    public void buyGems(String number, User user) {
        assertThat(request(arguments("short_series_goods", goods(number, "gems", 600, 1), user))
                        .getString("errMsg"))
                .isEqualTo("requestVirtualPayment:ok");
    }

    /** The user buys coins, of which one costs a fen. */
    public void buyCoins(String number, long coins, User user) {
        assertThat(request(arguments("short_series_coin", signData(number, coins), user))
                        .getString("errMsg"))
                .isEqualTo("requestVirtualPayment:ok");
    }

    // push

    /** Whether a pushed message is signed by WeChat. */
    public boolean isSigned(PushReceiver.Push push) {
        var encrypted = push.member("Encrypt");
        var plain = sha1(account.getString("token"), push.query("timestamp"), push.query("nonce"));
        if (encrypted.isEmpty()) return plain.equals(push.query("signature"));
        return plain.equals(push.query("signature"))
                && sha1(account.getString("token"), push.query("timestamp"), push.query("nonce"), encrypted)
                        .equals(push.query("msg_signature"));
    }

    /** The encrypted message; refused with an exception if it is of another application or cannot be read. */
    public String decrypted(PushReceiver.Push push) {
        try {
            var key = Base64.getDecoder().decode(account.getString("encodingAESKey") + "=");
            var cipher = Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(Arrays.copyOf(key, 16)));
            var plain = cipher.doFinal(Base64.getDecoder().decode(push.member("Encrypt")));
            var length = ByteBuffer.wrap(plain, 16, 4).getInt();
            var end = plain.length - plain[plain.length - 1];
            var application = new String(plain, 20 + length, end - 20 - length, StandardCharsets.UTF_8);
            assertThat(application).isEqualTo(appId);
            return new String(plain, 20, length, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String sha1(String... texts) {
        Arrays.sort(texts);
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1")
                            .digest(String.join("", texts).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String hmac(String key, String message) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
