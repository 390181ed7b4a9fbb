package io.cashdesk.testing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * A merchant with a mini-program at the simulated Douyin, in both dialects; it signs and verifies with the JDK alone.
 * Its account belongs to no merchant of ours.
 */
public final class DouyinMerchant {
    private final Node node;
    private final Simulator simulator;
    private final JsonObject ecpay;
    private final JsonObject trade;
    private String accessToken;
    public final String appId;

    public DouyinMerchant(Node node) {
        this.node = node;
        simulator = new Simulator(node);
        ecpay = newNode(node, "ecpay");
        appId = ecpay.getString("appId");
        trade = simulator
                .call("accounts/douyin", "{\"dialect\":\"trade\",\"app_id\":\"" + appId + "\"}")
                .json()
                .getJsonObject("node");
    }

    /** A node of configuration of a new application. */
    public static JsonObject newNode(Node node, String dialect) {
        return new Simulator(node)
                .call("accounts/douyin", "{\"dialect\":\"" + dialect + "\"}")
                .json()
                .getJsonObject("node");
    }

    /** Its node in this dialect. */
    public JsonObject node(String dialect) {
        return dialect.equals("ecpay") ? ecpay : trade;
    }

    // ecpay

    /** A signed call; {@code sign} and {@code app_id} among the members are kept as they are. */
    public JsonObject ecpay(String call, JsonObjectBuilder members) {
        return post("/api/apps/ecpay/v1/" + call, signed(members.build()), "").json();
    }

    /** The body of a call with the application and its signature. */
    public String signed(JsonObject members) {
        var body = Json.createObjectBuilder().add("app_id", appId);
        members.forEach(body::add);
        var unsigned = body.build();
        if (unsigned.containsKey("sign")) return unsigned.toString();
        return Json.createObjectBuilder(unsigned)
                .add("sign", sign(unsigned))
                .build()
                .toString();
    }

    private String sign(JsonObject body) {
        var values = new ArrayList<String>();
        body.forEach((name, value) -> {
            if (name.equals("app_id") || name.equals("thirdparty_id") || value == JsonValue.NULL) return;
            var text = value.getValueType() == JsonValue.ValueType.STRING ? body.getString(name) : value.toString();
            if (!text.isBlank()) values.add(text.trim());
        });
        values.add(ecpay.getString("salt"));
        Collections.sort(values);
        return hash("MD5", String.join("&", values));
    }

    /** An order of 9.90 yuan. */
    public static JsonObjectBuilder order(String number, String notifyUrl) {
        return Json.createObjectBuilder()
                .add("out_order_no", number)
                .add("total_amount", 990)
                .add("subject", "西湖龙井")
                .add("body", "西湖龙井")
                .add("valid_time", 600)
                .add("cp_extra", "table 5")
                .add("notify_url", notifyUrl);
    }

    /** What the client is given for it. */
    public JsonObject created(String number, String notifyUrl) {
        var made = ecpay("create_order", order(number, notifyUrl));
        assertThat(made.getInt("err_no")).as(made.toString()).isZero();
        return made.getJsonObject("data");
    }

    /** Whether a callback of ecpay is signed with this account's token. */
    public boolean verifiesEcpay(JsonObject callback) {
        var text = Stream.of(
                        ecpay.getString("token"),
                        callback.getString("timestamp"),
                        callback.getString("nonce"),
                        callback.getString("msg"))
                .sorted()
                .reduce("", String::concat);
        return hash("SHA-1", text).equals(callback.getString("msg_signature"));
    }

    // the general trade system

    public JsonObject token(String key, String secret) {
        var body = Json.createObjectBuilder()
                .add("grant_type", "client_credential")
                .add("client_key", key)
                .add("client_secret", secret);
        return post("/oauth/client_token/", body.build().toString(), "").json().getJsonObject("data");
    }

    public String newToken() {
        accessToken = token(appId, trade.getString("secret")).getString("access_token");
        return accessToken;
    }

    public JsonObject trade(String call, JsonObjectBuilder members) {
        if (accessToken == null) newToken();
        return trade(call, members, accessToken);
    }

    public JsonObject trade(String call, JsonObjectBuilder members, String token) {
        return post(
                        "/api/trade_basic/v1/developer/" + call + "/",
                        members.build().toString(),
                        token)
                .json();
    }

    /** The data of an order of two pieces for 4.95 yuan each. */
    public JsonObjectBuilder data(String number, String notifyUrl) {
        var sku = Json.createObjectBuilder(trade.getJsonObject("requestOrder")
                        .getJsonArray("skuList")
                        .getJsonObject(0))
                .add("price", 495)
                .add("quantity", 2)
                .add("title", "西湖龙井");
        return Json.createObjectBuilder(trade.getJsonObject("requestOrder"))
                .add("skuList", Json.createArrayBuilder().add(sku))
                .add("outOrderNo", number)
                .add("totalAmount", 990)
                .add("payExpireSeconds", 600)
                .add("payNotifyUrl", notifyUrl);
    }

    public String authorization(String data) {
        return authorization(data, Instant.now());
    }

    public String authorization(String data, Instant at) {
        var nonce = "5f4c0a4e6d3b4d0a8f0e3a3b1c2d4e5f";
        var text = "POST\n/requestOrder\n" + at.getEpochSecond() + "\n" + nonce + "\n" + data + "\n";
        return "SHA256-RSA2048 appid=\"" + appId + "\",nonce_str=\"" + nonce + "\",timestamp=\"" + at.getEpochSecond()
                + "\",key_version=\"1\",signature=\"" + rsa(text) + "\"";
    }

    private String rsa(String text) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getDecoder().decode(trade.getString("privateKey")))));
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a callback of the general trade system is signed by the platform. */
    public boolean verifiesTrade(MerchantServer.Received callback) {
        var headers = callback.headers();
        var text = headers.firstValue("Byte-Timestamp").orElse("") + "\n"
                + headers.firstValue("Byte-Nonce-Str").orElse("") + "\n" + callback.body() + "\n";
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(KeyFactory.getInstance("RSA")
                    .generatePublic(
                            new X509EncodedKeySpec(Base64.getDecoder().decode(trade.getString("platformPublicKey")))));
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.verify(Base64.getDecoder()
                    .decode(headers.firstValue("Byte-Signature").orElse("")));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    // the phone

    /**
     * A client's call to the simulated Douyin on the phone: {@code requestOrder}, {@code pay}, {@code refundRequest}.
     */
    public static JsonObject phone(Node node, String call, JsonObject arguments) {
        var answer = node.call("POST", "/simulator/douyin/" + call, null, arguments.toString());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    public JsonObject requestOrder(String data, String authorization) {
        return phone(
                node,
                "requestOrder",
                Json.createObjectBuilder()
                        .add("data", data)
                        .add("byteAuthorization", authorization)
                        .build());
    }

    /** Douyin's number of an order of the general trade system that the client has made. */
    public String requested(String number, String notifyUrl) {
        var data = data(number, notifyUrl).build().toString();
        var made = requestOrder(data, authorization(data));
        assertThat(made.getString("errMsg")).isEqualTo("requestOrder:ok");
        return made.getString("orderId");
    }

    /** The code of {@code tt.pay}; {@code more} are names and values besides. */
    public int pay(JsonObject arguments, Object... more) {
        return pay(node, arguments, more);
    }

    public static int pay(Node node, JsonObject arguments, Object... more) {
        var all = Json.createObjectBuilder(arguments);
        for (int i = 0; i < more.length; i += 2) {
            if (more[i + 1] instanceof Integer number) all.add((String) more[i], number);
            else all.add((String) more[i], (String) more[i + 1]);
        }
        return phone(node, "pay", all.build()).getInt("code");
    }

    public static JsonObject orderId(String orderId) {
        return Json.createObjectBuilder().add("orderId", orderId).build();
    }

    // messages

    public static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    /** The content of a callback of either dialect. */
    public static JsonObject msg(MerchantServer.Received callback) {
        return json(json(callback.body()).getString("msg"));
    }

    /** A call to the gateway, on the loopback listener. */
    public Node.Answer post(String path, String body, String token) {
        var request = HttpRequest.newBuilder(URI.create(ecpay.getString("gateway") + path))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) request.header("access-token", token);
        return Node.send(request.build());
    }

    private static String hash(String algorithm, String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
