package io.cashdesk.testing;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
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
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A merchant of the simulated VksPay and its epay site, in all dialects; it signs and verifies with the JDK alone. */
public final class VkspayMerchant {
    private final Node node;
    public final String mchId;
    private final String key;
    private final JsonObject v2;

    /** A merchant of its own. */
    public static VkspayMerchant open(Node node) {
        return new VkspayMerchant(node, newNode(node, "vkspay"));
    }

    /** A node of configuration of a new merchant. */
    public static JsonObject newNode(Node node, String dialect) {
        return node.simulator("accounts/vkspay", "{\"dialect\":\"" + dialect + "\"}")
                .json()
                .getJsonObject("node");
    }

    private VkspayMerchant(Node node, JsonObject account) {
        this.node = node;
        mchId = account.getString("mchId");
        key = account.getString("key");
        v2 = node.simulator("accounts/vkspay", "{\"dialect\":\"epay-v2\",\"mch_id\":\"" + mchId + "\"}")
                .json()
                .getJsonObject("node");
    }

    /** Pairs of names and values. */
    public static Map<String, String> fields(String... pairs) {
        var fields = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) fields.put(pairs[i], pairs[i + 1]);
        return fields;
    }

    // VksPay's own interface

    /** A signed call; {@code timestamp} becomes a number. */
    public Node.Answer vkspay(String method, String... more) {
        var members = new TreeMap<>(fields(
                "method",
                method,
                "merchantno",
                mchId,
                "signaturenonce",
                "12345678",
                "timestamp",
                Long.toString(Instant.now().getEpochSecond()),
                "version",
                "2.0"));
        members.putAll(fields(more));
        members.putIfAbsent("sign", md5(joined(members) + "&key=" + key));
        var body = Json.createObjectBuilder();
        members.forEach((name, value) -> {
            if (name.equals("timestamp")) body.add(name, Long.parseLong(value));
            else body.add(name, value);
        });
        return Node.send(HttpRequest.newBuilder(URI.create(loopback() + "/simulator/vkspay/api"))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(body.build().toString()))
                .build());
    }

    private String loopback() {
        return "http://127.0.0.1:" + node.environment("CASHDESK_SIMULATOR_PORT");
    }

    // epay

    /** A form with the merchant's number and the V1 signature. */
    public String v1Form(Map<String, String> given) {
        var fields = new TreeMap<>(given);
        fields.putIfAbsent("pid", mchId);
        fields.putIfAbsent("sign", v1Sign(fields));
        fields.putIfAbsent("sign_type", "MD5");
        return encoded(fields);
    }

    public String v1Sign(Map<String, String> fields) {
        return md5(signed(fields) + key);
    }

    public Node.Answer mapi(Map<String, String> fields) {
        return post("/mapi.php", v1Form(fields));
    }

    /** An act of api.php with GET, the key in clear. */
    public Node.Answer act(String act, String... more) {
        var query = encoded(fields("act", act, "pid", mchId, "key", key)) + "&" + encoded(fields(more));
        return get("/api.php?" + query);
    }

    public Node.Answer v1Refund(String number, String money) {
        var form = encoded(fields("pid", mchId, "key", key, "out_trade_no", number, "money", money));
        return post("/api.php?act=refund", form);
    }

    /** A form with the merchant's number, the time and the V2 signature. */
    public String v2Form(Map<String, String> given) {
        var fields = new TreeMap<>(given);
        fields.putIfAbsent("pid", mchId);
        fields.putIfAbsent("timestamp", Long.toString(Instant.now().getEpochSecond()));
        fields.putIfAbsent("sign", rsa(signed(fields)));
        fields.putIfAbsent("sign_type", "RSA");
        return encoded(fields);
    }

    public Node.Answer v2(String call, String... more) {
        return post("/api/" + call, v2Form(fields(more)));
    }

    /** Whether an answer or a notification has a right V2 signature of the site. */
    public boolean verifiesV2(Map<String, String> fields) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(KeyFactory.getInstance("RSA")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(v2.getString("publicKey")))));
            signature.update(signed(fields).getBytes(StandardCharsets.UTF_8));
            return signature.verify(Base64.getDecoder().decode(fields.getOrDefault("sign", "")));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The members of an answer that can be signed, as texts. */
    public static Map<String, String> texts(JsonObject answer) {
        var texts = new TreeMap<String, String>();
        answer.forEach((name, value) -> {
            if (value.getValueType() == JsonValue.ValueType.STRING) texts.put(name, answer.getString(name));
            if (value.getValueType() == JsonValue.ValueType.NUMBER) texts.put(name, value.toString());
        });
        return texts;
    }

    public Node.Answer get(String path) {
        return Node.send(HttpRequest.newBuilder(node.base().resolve("/simulator/vkspay/epay" + path))
                .build());
    }

    public Node.Answer post(String path, String form) {
        return Node.send(HttpRequest.newBuilder(node.base().resolve("/simulator/vkspay/epay" + path))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build());
    }

    /** The parameters of a form or a query. */
    public static Map<String, String> decoded(String form) {
        var fields = new TreeMap<String, String>();
        for (var pair : form.split("&")) {
            int at = pair.indexOf('=');
            fields.put(
                    URLDecoder.decode(pair.substring(0, at), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(e -> URLEncoder.encode(e.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String signed(Map<String, String> fields) {
        var left = new TreeMap<>(fields);
        left.remove("sign");
        left.remove("sign_type");
        left.values().removeIf(String::isEmpty);
        return joined(left);
    }

    private static String joined(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining("&"));
    }

    private String rsa(String text) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(v2.getString("privateKey")))));
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
