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
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A merchant at the simulated WeChat Pay that signs, verifies and decrypts with the JDK alone, as the documents
 * require.
 */
public final class WechatMerchant {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String base;
    private final JsonObject account;
    private final X509Certificate certificate;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;
    public final String appId;
    public final String mchId;
    public final String secret;
    public final String subMchId;
    public final String subAppId;

    /** A verified answer, or a refusal. */
    public record Answer(int status, String body, HttpHeaders headers) {
        public JsonObject json() {
            return object(body);
        }

        public String code() {
            return json().getString("code");
        }

        /** WeChat Pay's own number of the reason. */
        public String number() {
            return headers.firstValue("Request-ID").orElse("").replaceFirst(".*-", "");
        }
    }

    /** The account of this merchant of ours at the simulator, which is made with its first payment. */
    public static WechatMerchant of(Node node, String pid, String key) {
        node.createPayment(key, "wxpay", "O" + UUID.randomUUID().toString().substring(0, 20), 1);
        return new WechatMerchant(node, pid);
    }

    private WechatMerchant(Node node, String pid) {
        var of = """
                from sim_account a
                join sim_wechat w on w.account_id = a.id
                join sim_wechat_app p on p.merchant_id = a.merchant_id and p.kind = a.kind
                join merchant m on m.id = a.merchant_id
                where m.pid = ? and a.provider = 'wxpay'
                """;
        base = "http://127.0.0.1:" + node.environment("CASHDESK_SIMULATOR_PORT") + "/simulator/wxpay";
        account = object(TestDatabase.text(node.dbUrl(), "select a.node " + of, pid));
        appId = account.getString("appId");
        mchId = account.getString("mchId");
        secret = TestDatabase.text(node.dbUrl(), "select p.secret " + of, pid);
        subMchId = TestDatabase.text(node.dbUrl(), "select w.sub_mchid " + of, pid);
        subAppId = TestDatabase.text(node.dbUrl(), "select p.sub_app_id " + of, pid);
        try {
            certificate = certificate(account.getString("appCertContent"));
            privateKey = KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(der(account.getString("appPrivateKeyContent"))));
            publicKey = KeyFactory.getInstance("RSA")
                    .generatePublic(new X509EncodedKeySpec(der(account.getString("wxpayPublicKeyContent"))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] der(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }

    private static X509Certificate certificate(String pem) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    static JsonObject object(String text) {
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

    /** Whether a message, an answer or a notification, is signed with this key, over exactly this body. */
    private static boolean verifies(PublicKey key, HttpHeaders headers, String body) {
        try {
            var text = header(headers, "Wechatpay-Timestamp") + "\n" + header(headers, "Wechatpay-Nonce") + "\n" + body
                    + "\n";
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.verify(Base64.getDecoder().decode(header(headers, "Wechatpay-Signature")));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String header(HttpHeaders headers, String name) {
        return headers.firstValue(name).orElseThrow(() -> new AssertionError("no " + name));
    }

    public String open(JsonObject sealed) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(account.getString("v3Key").getBytes(StandardCharsets.UTF_8), "AES"),
                    new GCMParameterSpec(128, sealed.getString("nonce").getBytes(StandardCharsets.UTF_8)));
            cipher.updateAAD(sealed.getString("associated_data").getBytes(StandardCharsets.UTF_8));
            var text = cipher.doFinal(Base64.getDecoder().decode(sealed.getString("ciphertext")));
            return new String(text, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A notification's event and resource, verified and decrypted. */
    public record Notification(String event, JsonObject resource) {}

    public Notification read(MerchantServer.Received received) {
        assertThat(header(received.headers(), "Wechatpay-Serial")).isEqualTo(account.getString("wxpayPublicKeyId"));
        assertThat(verifies(publicKey, received.headers(), received.body())).isTrue();
        var message = object(received.body());
        return new Notification(message.getString("event_type"), object(open(message.getJsonObject("resource"))));
    }

    /** The id of a notification's event. */
    public String eventOf(MerchantServer.Received received) {
        return object(received.body()).getString("id");
    }

    public Answer post(String target, JsonObjectBuilder body) {
        return call("POST", target, body.build().toString());
    }

    public Answer get(String target) {
        return call("GET", target, "");
    }

    /** Signs, sends, and verifies what succeeded against the public key of the account. */
    public Answer call(String method, String target, String body) {
        var answer = send(method, target, body);
        if (answer.status() < 300 && answer.status() != 202) {
            assertThat(accepts(answer)).as(answer.toString()).isTrue();
        }
        return answer;
    }

    /** Signs and sends; the answer is not checked. */
    public Answer unverified(String method, String target, String body) {
        return send(method, target, body);
    }

    /** Whether a merchant may accept this answer: it is signed by the platform within the last five minutes. */
    public boolean accepts(Answer answer) {
        if (answer.status() >= 300) return false;
        var at = Instant.ofEpochSecond(Long.parseLong(header(answer.headers(), "Wechatpay-Timestamp")));
        return header(answer.headers(), "Wechatpay-Serial").equals(account.getString("wxpayPublicKeyId"))
                && Duration.between(at, Instant.now()).abs().compareTo(Duration.ofMinutes(5)) < 0
                && verifies(publicKey, answer.headers(), answer.body());
    }

    /** The same if the platform signs with its certificate, which is downloaded. */
    public Answer callUnderCertificate(String method, String target, String body) {
        try {
            var listed = send("GET", "/v3/certificates", "")
                    .json()
                    .getJsonArray("data")
                    .getJsonObject(0);
            var platform = certificate(open(listed.getJsonObject("encrypt_certificate")));
            var answer = send(method, target, body);
            var serial = "%040X".formatted(platform.getSerialNumber());
            assertThat(listed.getString("serial_no")).isEqualTo(serial);
            assertThat(header(answer.headers(), "Wechatpay-Serial")).isEqualTo(serial);
            assertThat(verifies(platform.getPublicKey(), answer.headers(), answer.body()))
                    .isTrue();
            return answer;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String toSign(String method, String target, String body, Instant at) {
        return method + "\n" + target + "\n" + at.getEpochSecond() + "\nnonce\n" + body + "\n";
    }

    private Answer send(String method, String target, String body) {
        var now = Instant.now();
        return send(method, target, body, sign(toSign(method, target, body, now)), now);
    }

    /** Sends with any signature. */
    public Answer send(String method, String target, String body, String signature, Instant at) {
        var bytes = sendBytes(method, target, body, signature, at);
        return new Answer(bytes.statusCode(), new String(bytes.body(), StandardCharsets.UTF_8), bytes.headers());
    }

    /** A file, whose answer is not signed. */
    public HttpResponse<byte[]> file(String target) {
        var now = Instant.now();
        return sendBytes("GET", target, "", sign(toSign("GET", target, "", now)), now);
    }

    private HttpResponse<byte[]> sendBytes(String method, String target, String body, String signature, Instant at) {
        var serial = "%040X".formatted(certificate.getSerialNumber());
        var authorization = "WECHATPAY2-SHA256-RSA2048 mchid=\"" + mchId + "\",nonce_str=\"nonce\",timestamp=\""
                + at.getEpochSecond() + "\",serial_no=\"" + serial + "\",signature=\"" + signature + "\"";
        var request = HttpRequest.newBuilder(URI.create(base + target))
                .timeout(Duration.ofSeconds(5))
                .header("Authorization", authorization)
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .header("User-Agent", "test")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The answer of WeChat's login, which is not signed. */
    public JsonObject login(String target) {
        try {
            var answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create(base + target)).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
            return object(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
