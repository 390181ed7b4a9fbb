package io.cashdesk.provider.wxpayvirtual;

import io.cashdesk.provider.AccessTokens;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ProviderName;
import io.cashdesk.provider.ProviderServer;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderServer.Request;
import io.cashdesk.provider.RawNotification;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * WeChat's side of virtual payment, written with the JDK: checks tokens and signatures, and answers as a test wants.
 */
final class FakeXpay {
    static final String APP_KEY = "production-app-key-1";
    static final String SESSION = "9hAb/NEYUlkaMBEsmFgzig==";
    static final String OPENID = "oUser1";

    private FakeXpay() {}

    static JsonObjectBuilder node() {
        return Json.createObjectBuilder()
                .add("appId", "wxba5fad812f8e6fb9")
                .add("secret", "0123456789abcdef0123456789abcdef")
                .add("mchId", "1900000109")
                .add("offerId", "1450012345")
                .add("appKey", APP_KEY)
                .add("sandboxAppKey", "sandbox-app-key-1")
                .add("rate", 100)
                .add("token", "AAAAA")
                .add("encodingAESKey", "A".repeat(43))
                .add("sandbox", false);
    }

    static AccountSettings account(JsonObject node, URI gateway) {
        return new AccountSettings(UUID.randomUUID(), 1, new ProviderName("wxpay-virtual"), "mp-weixin", node, gateway);
    }

    /** Tokens "t1", "t2", … without a store; each refusal brings the next one. */
    static AccessTokens tokens() {
        return new AccessTokens() {
            private int n = 1;

            @Override
            public String of(AccountSettings account, Supplier<Fetched> fetch) {
                return "t" + n;
            }

            @Override
            public String insteadOf(String refused, AccountSettings account, Supplier<Fetched> fetch) {
                return "t" + ++n;
            }
        };
    }

    static Answer ok(JsonObjectBuilder answer) {
        return new Answer(
                200,
                Map.of("Content-Type", "text/plain"),
                answer.add("errcode", 0).add("errmsg", "ok").build().toString());
    }

    static Answer error(int code, String words) {
        return new Answer(200, Map.of(), "{\"errcode\":" + code + ",\"errmsg\":\"" + words + " rid: 1-2-3\"}");
    }

    static JsonObjectBuilder order(String number, int status) {
        return Json.createObjectBuilder()
                .add("order_id", number)
                .add("wx_order_id", "wx-" + number)
                .add("wxpay_order_id", "4200001")
                .add("status", status)
                .add("order_type", 0)
                .add("order_fee", 990)
                .add("paid_fee", 990)
                .add("coupon_fee", 0)
                .add("refund_fee", 0)
                .add("left_fee", 990)
                .add("paid_time", 1767240009)
                .add("env_type", 1)
                .add("token", "internal");
    }

    static JsonObject body(Request request) {
        try (var reader = Json.createReader(new StringReader(request.body()))) {
            return reader.readObject();
        }
    }

    static String parameter(Request request, String name) {
        for (var pair : request.query().split("&")) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    /** Whether {@code pay_sig}, and {@code signature} if there is one, are over the bytes that were sent. */
    static boolean signed(Request request) {
        var pay = hmac(APP_KEY, request.path() + "&" + request.body());
        var user = parameter(request, "signature");
        return parameter(request, "pay_sig").equals(pay)
                && (user.isEmpty() || user.equals(hmac(SESSION, request.body())));
    }

    /** An encrypted push to the application of {@link #node}. */
    static RawNotification push(String message) {
        return push(message, "wxba5fad812f8e6fb9");
    }

    static RawNotification push(String message, String appId) {
        try {
            var content = message.getBytes(StandardCharsets.UTF_8);
            var to = appId.getBytes(StandardCharsets.UTF_8);
            int length = 16 + 4 + content.length + to.length;
            int padding = 32 - length % 32;
            var plain = ByteBuffer.allocate(length + padding)
                    .put("0123456789abcdef".getBytes(StandardCharsets.UTF_8))
                    .putInt(content.length)
                    .put(content)
                    .put(to);
            while (plain.hasRemaining()) plain.put((byte) padding);
            var key = Base64.getDecoder().decode("A".repeat(43) + "=");
            var cipher = Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(key, 0, 16));
            var encrypted = Base64.getEncoder().encodeToString(cipher.doFinal(plain.array()));
            var sorted = Stream.of("AAAAA", "1714112445", "415670741", encrypted)
                    .sorted()
                    .collect(Collectors.joining());
            var sha1 = MessageDigest.getInstance("SHA-1").digest(sorted.getBytes(StandardCharsets.UTF_8));
            return new RawNotification(
                    "POST",
                    "timestamp=1714112445&nonce=415670741&msg_signature="
                            + HexFormat.of().formatHex(sha1),
                    Map.of(),
                    ("{\"Encrypt\":\"" + encrypted + "\"}").getBytes(StandardCharsets.UTF_8));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String hmac(String key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static VirtualProvider provider() {
        var provider = new VirtualProvider();
        provider.transport = io.cashdesk.provider.WireTest.transport();
        provider.tokens = tokens();
        return provider;
    }

    static ProviderServer server(java.util.function.Function<Request, Answer> answers) {
        var server = new ProviderServer();
        server.answers(answers);
        return server;
    }
}
