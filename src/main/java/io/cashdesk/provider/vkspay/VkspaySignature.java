package io.cashdesk.provider.vkspay;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The signatures of the three dialects, all over the sorted fields. MD5 is what VksPay and epay V1 demand; it proves
 * only that the sender knows the key.
 */
final class VkspaySignature {
    private VkspaySignature() {}

    /** VksPay: every field but {@code sign}, empty ones too, and {@code &key=<key>} behind them. */
    static String vks(SortedMap<String, String> fields, String key) {
        var text = fields.entrySet().stream()
                .filter(f -> !f.getKey().equals("sign"))
                .map(f -> f.getKey() + "=" + f.getValue())
                .collect(Collectors.joining("&"));
        return md5(text + "&key=" + key);
    }

    /** Every field, unknown ones too, but {@code sign}, {@code sign_type} and empty values. */
    static String text(SortedMap<String, String> fields) {
        return fields.entrySet().stream()
                .filter(VkspaySignature::isSigned)
                .map(f -> f.getKey() + "=" + f.getValue())
                .collect(Collectors.joining("&"));
    }

    private static boolean isSigned(Map.Entry<String, String> field) {
        return !field.getValue().isEmpty()
                && !field.getKey().equals("sign")
                && !field.getKey().equals("sign_type");
    }

    /** epay V1: the key directly behind the text. */
    static String v1(SortedMap<String, String> fields, String key) {
        return md5(text(fields) + key);
    }

    /** In lower-case hex digits; in a time that does not depend on the content. */
    static boolean isV1(SortedMap<String, String> fields, String key) {
        return MessageDigest.isEqual(
                v1(fields, key).getBytes(StandardCharsets.UTF_8),
                fields.getOrDefault("sign", "").getBytes(StandardCharsets.UTF_8));
    }

    /** epay V2: SHA256withRSA in Base64. */
    static String v2(SortedMap<String, String> fields, PrivateKey key) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(text(fields).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a checked key cannot sign", e);
        }
    }

    static boolean isV2(SortedMap<String, String> fields, PublicKey key) {
        var sign = fields.getOrDefault("sign", "");
        try {
            var bytes = Base64.getDecoder().decode(sign);
            if (!Base64.getEncoder().encodeToString(bytes).equals(sign)) return false; // one text for one signature
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(text(fields).getBytes(StandardCharsets.UTF_8));
            return signature.verify(bytes);
        } catch (GeneralSecurityException | IllegalArgumentException notASignature) {
            return false;
        }
    }

    private static String md5(String text) {
        try {
            var digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
