package io.cashdesk.testing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * A merchant that uses WeChat Pay's API v2 with the JDK alone: it signs, writes, reads and decrypts as the documents
 * require.
 */
public final class WechatV2Merchant {
    public static final String MD5 = "MD5";
    public static final String HMAC = "HMAC-SHA256";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String gateway;
    private final String key;
    private final String signType;
    public final String appId;
    public final String mchId;
    public final String subMchId;
    public final String subAppId;

    /** @param node a node of version 2, with its gateway */
    public WechatV2Merchant(JsonObject node, String signType) {
        this.gateway = node.getString("gateway");
        this.key = node.getString("key");
        this.signType = signType;
        this.appId = node.getString("appId");
        this.mchId = node.getString("mchId");
        this.subMchId = node.getJsonArray("subMerchants").getString(0);
        this.subAppId = node.getString("subAppId");
    }

    /** A node of version 2 as the simulated WeChat Pay provides it, for a merchant number of its own. */
    public static JsonObject newNode(Node node) {
        var answer = node.simulator("accounts/wxpay-v2", "{}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().getJsonObject("node");
    }

    /** Over every field but {@code sign} that is not empty, sorted by name, with the key at the end. */
    public String sign(Map<String, String> fields) {
        return sign(fields, key, signType);
    }

    private static String sign(Map<String, String> fields, String key, String signType) {
        var text = new StringBuilder();
        for (var field : new TreeMap<>(fields).entrySet()) {
            if (field.getKey().equals("sign") || field.getValue().isEmpty()) continue;
            text.append(field.getKey()).append('=').append(field.getValue()).append('&');
        }
        var bytes = text.append("key=").append(key).toString().getBytes(StandardCharsets.UTF_8);
        try {
            if (signType.equals(MD5))
                return hex(MessageDigest.getInstance("MD5").digest(bytes)).toUpperCase(Locale.ROOT);
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return hex(mac.doFinal(bytes)).toUpperCase(Locale.ROOT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        var hex = new StringBuilder();
        for (var b : bytes) hex.append(String.format("%02x", b & 0xff));
        return hex.toString();
    }

    public static SortedMap<String, String> fields(String... namesAndValues) {
        var fields = new TreeMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) fields.put(namesAndValues[i], namesAndValues[i + 1]);
        return fields;
    }

    /** One level of fields, as plain text; the simulator's own messages have CDATA. */
    public static String xml(Map<String, String> fields) {
        var xml = new StringBuilder("<xml>");
        fields.forEach((name, value) -> xml.append("<" + name + ">")
                .append(value.replace("&", "&amp;").replace("<", "&lt;"))
                .append("</" + name + ">"));
        return xml.append("</xml>").toString();
    }

    public static SortedMap<String, String> read(String xml, String root) {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var document =
                    factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
            var fields = new TreeMap<String, String>();
            assertThat(document.getDocumentElement().getTagName()).isEqualTo(root);
            var nodes = document.getDocumentElement().getChildNodes();
            for (int i = 0; i < nodes.getLength(); i++) {
                var field = (Element) nodes.item(i);
                assertThat(fields.put(field.getTagName(), field.getTextContent()))
                        .as(field.getTagName())
                        .isNull();
            }
            return fields;
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError(xml, e);
        }
    }

    /** Decrypts the content of a refund notification: AES-256-ECB under the hexadecimal MD5 of the key. */
    public SortedMap<String, String> open(String base64) {
        try {
            var md5 = hex(MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8)));
            var cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(md5.getBytes(StandardCharsets.US_ASCII), "AES"));
            var text = new String(cipher.doFinal(Base64.getDecoder().decode(base64)), StandardCharsets.UTF_8);
            return read(text, "root");
        } catch (GeneralSecurityException e) {
            throw new AssertionError("req_info does not open", e);
        }
    }

    /** The fields that every request has and these, signed. */
    public SortedMap<String, String> signed(Map<String, String> more) {
        return signed(more, key);
    }

    /** The same under any key. */
    public SortedMap<String, String> signed(Map<String, String> more, String withKey) {
        var fields = fields("appid", appId, "mch_id", mchId, "nonce_str", "5K8264ILTKCH16CQ2502SI8ZNMTM67VS");
        if (!signType.equals(MD5)) fields.put("sign_type", signType);
        fields.putAll(more);
        fields.put("sign", sign(fields, withKey, signType));
        return fields;
    }

    /** Signs, sends, and verifies what was signed. */
    public SortedMap<String, String> call(String path, String... more) {
        return verified(send(path, xml(signed(fields(more)))).body());
    }

    private SortedMap<String, String> verified(String body) {
        var answer = read(body, "xml");
        if (answer.get("return_code").equals("SUCCESS")) {
            assertThat(answer.get("sign")).as(body).isEqualTo(sign(answer));
            assertThat(answer).containsEntry("mch_id", mchId).containsKeys("nonce_str", "result_code");
        } else {
            assertThat(answer).as("a refused message is answered unsigned").doesNotContainKey("sign");
        }
        return answer;
    }

    public HttpResponse<String> send(String path, String body) {
        var bytes = sendBytes("POST", path, body);
        assertThat(bytes.statusCode()).as(path).isEqualTo(200);
        return bytes;
    }

    /** Sends with any method; the answer is not checked. */
    public HttpResponse<String> sendBytes(String method, String path, String body) {
        try {
            return HTTP.send(request(method, path, body), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create(gateway + path))
                .timeout(Duration.ofSeconds(5))
                .header("Content-Type", "text/xml")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** A bill, as its answer has it: text or compressed. */
    public byte[] file(String path, String... more) {
        try {
            return HTTP.send(request("POST", path, xml(signed(fields(more)))), HttpResponse.BodyHandlers.ofByteArray())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a notification of a payment is signed with this merchant's key. */
    public boolean accepts(Map<String, String> notification) {
        return notification.getOrDefault("sign", "").equals(sign(notification));
    }
}
