package io.cashdesk.testing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** A merchant at the simulated Alipay that signs and verifies with the JDK alone, as the documents require. */
public final class AlipayMerchant {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final Node node;
    private final String gateway;
    private final JsonObject account;
    private final PrivateKey privateKey;
    private final PublicKey alipayKey;
    public final String appId;
    public final String sellerId;

    /** An answer as it was sent, and the JSON node in it that is signed. */
    public record Answer(int status, String body) {
        /** The name of the answer's node. */
        public String name() {
            return body.substring(body.indexOf('"') + 1, body.indexOf("\":"));
        }

        /** The node's characters, from its brace to the one that matches. */
        public String text() {
            int from = body.indexOf("{", 1);
            int depth = 0;
            boolean quoted = false;
            for (int i = from; i < body.length(); i++) {
                var c = body.charAt(i);
                if (quoted && c == '\\') i++;
                else if (c == '"') quoted = !quoted;
                else if (!quoted && c == '{') depth++;
                else if (!quoted && c == '}' && --depth == 0) return body.substring(from, i + 1);
            }
            throw new AssertionError("no node in " + body);
        }

        public JsonObject json() {
            return object(text());
        }

        public String sign() {
            return object(body).getString("sign", "");
        }

        public String code() {
            return json().getString("code");
        }

        public String subCode() {
            return json().getString("sub_code", "");
        }
    }

    /** The account of this merchant of ours at the simulator, which is made with its first payment. */
    public static AlipayMerchant of(Node node, String pid, String key) {
        node.createPayment(key, "alipay", "O" + UUID.randomUUID().toString().replace("-", ""), 1);
        return new AlipayMerchant(node, object(TestDatabase.text(node.dbUrl(), """
                select a.node
                from sim_account a
                join merchant m on m.id = a.merchant_id
                where m.pid = ? and a.provider = 'alipay' and a.kind = 'KEY'
                """, pid)));
    }

    private AlipayMerchant(Node node, JsonObject account) {
        this.node = node;
        this.account = account;
        gateway = "http://127.0.0.1:" + node.environment("CASHDESK_SIMULATOR_PORT") + "/simulator/alipay/gateway.do";
        appId = account.getString("appId");
        sellerId = account.getString("mchId");
        try {
            privateKey = KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getDecoder().decode(account.getString("privateKey"))));
            alipayKey = certificates()
                    ? certificate("alipayPublicCertContent").getPublicKey()
                    : KeyFactory.getInstance("RSA")
                            .generatePublic(new X509EncodedKeySpec(
                                    Base64.getDecoder().decode(account.getString("alipayPublicKey"))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same merchant's application in certificate mode. */
    public AlipayMerchant withCertificates() {
        return new AlipayMerchant(node, console("certificates").getJsonObject("node"));
    }

    /** What Alipay's console shows about this application. */
    public JsonObject console(String what) {
        return node.simulator("alipay/console/" + what, "{\"app_id\":\"" + appId + "\"}")
                .json();
    }

    private boolean certificates() {
        return account.containsKey("appCertContent");
    }

    private X509Certificate certificate(String name) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(account.getString(name).getBytes(StandardCharsets.US_ASCII)));
    }

    /** MD5 over issuer and decimal serial number. */
    private String serial(String name) {
        try {
            var certificate = certificate(name);
            var text = certificate.getIssuerX500Principal().getName() + certificate.getSerialNumber();
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static JsonObject object(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    public String sign(String text) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(privateKey);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether Alipay has signed exactly this. */
    public boolean verifies(String text, String sign) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(alipayKey);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.verify(Base64.getDecoder().decode(sign));
        } catch (GeneralSecurityException e) {
            return false; // not in the form of a signature
        }
    }

    /** Whether a merchant may accept this answer: it is signed by Alipay. */
    public boolean accepts(Answer answer) {
        if (certificates()
                && !serial("alipayPublicCertContent")
                        .equals(object(answer.body()).getString("alipay_cert_sn", ""))) {
            return false;
        }
        return !answer.sign().isEmpty() && verifies(answer.text(), answer.sign());
    }

    private static String canonical(Map<String, String> fields) {
        return new TreeMap<>(fields)
                .entrySet().stream()
                        .filter(e -> !e.getValue().isEmpty())
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining("&"));
    }

    /** All fields of a request except the signature; {@code more} replaces fields, and an empty text removes one. */
    public Map<String, String> fields(String method, String content, Map<String, String> more) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("app_id", appId);
        fields.put("method", method);
        fields.put("format", "JSON");
        fields.put("charset", "utf-8");
        fields.put("sign_type", "RSA2");
        fields.put("timestamp", TIME.format(Instant.now().atOffset(ZoneOffset.ofHours(8))));
        fields.put("version", "1.0");
        if (certificates()) {
            fields.put("app_cert_sn", serial("appCertContent"));
            fields.put("alipay_root_cert_sn", serial("alipayRootCertContent"));
        }
        fields.put("biz_content", content);
        fields.putAll(more);
        fields.values().removeIf(String::isEmpty);
        return fields;
    }

    public Map<String, String> signed(Map<String, String> fields) {
        var signed = new LinkedHashMap<>(fields);
        signed.put("sign", sign(canonical(fields)));
        return signed;
    }

    public static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    public static Map<String, String> decoded(String form) {
        var fields = new TreeMap<String, String>();
        for (var pair : form.split("&")) {
            fields.put(
                    pair.substring(0, pair.indexOf('=')),
                    URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8));
        }
        return fields;
    }

    /** The whole signed request in one text, for a browser's address or an app's SDK. */
    public String orderText(String method, JsonObjectBuilder content, Map<String, String> more) {
        return encoded(signed(fields(method, content.build().toString(), more)));
    }

    public Answer call(String method, JsonObjectBuilder content) {
        return call(method, content, Map.of());
    }

    /**
     * Signs, sends as the official SDK does (the content in the body, all other fields in the query), and verifies the
     * answer.
     */
    public Answer call(String method, JsonObjectBuilder content, Map<String, String> more) {
        var answer = unverified(method, content, more);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(accepts(answer)).as(answer.body()).isTrue();
        return answer;
    }

    /** The same; the answer is not checked. */
    public Answer unverified(String method, JsonObjectBuilder content, Map<String, String> more) {
        var fields = signed(fields(method, content.build().toString(), more));
        var sent = fields.remove("biz_content"); // nothing, for a login
        return post(encoded(fields), sent == null ? "" : encoded(Map.of("biz_content", sent)));
    }

    /** Sends any query and body. */
    public Answer post(String query, String body) {
        return send(HttpRequest.newBuilder(URI.create(gateway + (query.isEmpty() ? "" : "?" + query)))
                .header("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public Answer get(String query) {
        return send(HttpRequest.newBuilder(URI.create(gateway + "?" + query)));
    }

    private static Answer send(HttpRequest.Builder request) {
        try {
            var answer =
                    HTTP.send(request.timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A file, whose answer is not signed. */
    public static HttpResponse<byte[]> file(String url) {
        try {
            return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The fields of a notification or of a browser's return; neither {@code sign} nor {@code sign_type} is signed
     * there.
     */
    public Map<String, String> read(String form) {
        var fields = decoded(form);
        assertThat(fields.remove("sign_type")).isEqualTo("RSA2");
        var sign = fields.remove("sign");
        assertThat(verifies(canonical(fields), sign)).as(form).isTrue();
        return fields;
    }
}
