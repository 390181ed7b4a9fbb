package io.cashdesk.provider.wxpay;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** WeChat Pay's side of v2, with nothing but the JDK: signs, writes and reads as its documents say. */
final class V2Words {
    static final String KEY = "192006250b4c09247ec02edce69f6a2d";

    private V2Words() {}

    static String sign(Map<String, String> fields, String key, boolean hmac) {
        var text = new TreeMap<>(fields)
                        .entrySet().stream()
                                .filter(f -> !f.getKey().equals("sign")
                                        && !f.getValue().isEmpty())
                                .map(f -> f.getKey() + "=" + f.getValue())
                                .collect(Collectors.joining("&"))
                + "&key=" + key;
        try {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            if (!hmac)
                return hex(MessageDigest.getInstance("MD5").digest(bytes)).toUpperCase();
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return hex(mac.doFinal(bytes)).toUpperCase(Locale.ROOT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String md5(String text) {
        try {
            return hex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        var hex = new StringBuilder();
        for (var b : bytes) hex.append(String.format("%02x", b & 0xff));
        return hex.toString();
    }

    static String xml(Map<String, String> fields) {
        return xml("xml", fields);
    }

    static String xml(String root, Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(f -> "<" + f.getKey() + "><![CDATA[" + f.getValue() + "]]></" + f.getKey() + ">")
                .collect(Collectors.joining("", "<" + root + ">", "</" + root + ">"));
    }

    static String signedXml(Map<String, String> fields, String key, boolean hmac) {
        var signed = new TreeMap<>(fields);
        signed.put("sign", sign(fields, key, hmac));
        return xml(signed);
    }

    static String seal(String text, String key) {
        try {
            var cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(md5(key).getBytes(StandardCharsets.US_ASCII), "AES"));
            return Base64.getEncoder().encodeToString(cipher.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was sent to WeChat Pay, field by field; it must be one level of fields and nothing else. */
    static Map<String, String> read(String xml) {
        if (!xml.startsWith("<xml>") || !xml.endsWith("</xml>")) throw new AssertionError(xml);
        var inner = xml.substring("<xml>".length(), xml.length() - "</xml>".length());
        var matcher = Pattern.compile("\\G<([a-z_0-9]+)><!\\[CDATA\\[(.*?)]]></\\1>", Pattern.DOTALL)
                .matcher(inner);
        var fields = new TreeMap<String, String>();
        int end = 0;
        while (matcher.find()) {
            fields.put(matcher.group(1), matcher.group(2).replace("]]]]><![CDATA[>", "]]>"));
            end = matcher.end();
        }
        if (end != inner.length()) throw new AssertionError(xml);
        return fields;
    }
}
