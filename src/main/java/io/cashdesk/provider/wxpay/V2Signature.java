package io.cashdesk.provider.wxpay;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** v2's two signatures, both over the sorted fields with the merchant's v2 key at the end. */
enum V2Signature {
    MD5("MD5", 32) {
        @Override
        byte[] digest(byte[] text, byte[] key) throws GeneralSecurityException {
            return MessageDigest.getInstance("MD5").digest(text);
        }
    },
    HMAC_SHA256("HMAC-SHA256", 64) {
        @Override
        byte[] digest(byte[] text, byte[] key) throws GeneralSecurityException {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text);
        }
    };

    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    /** What {@code sign_type} and {@code signType} call it. */
    final String word;

    private final int length;

    V2Signature(String word, int length) {
        this.word = word;
        this.length = length;
    }

    abstract byte[] digest(byte[] text, byte[] key) throws GeneralSecurityException;

    /** @param fields by name in byte order; {@code sign} and empty values do not count */
    String of(SortedMap<String, String> fields, String key) {
        var text = fields.entrySet().stream()
                .filter(f -> !f.getKey().equals("sign") && !f.getValue().isEmpty())
                .map(f -> f.getKey() + "=" + f.getValue())
                .collect(Collectors.joining("&"));
        var bytes = (text + "&key=" + key).getBytes(StandardCharsets.UTF_8);
        try {
            return UPPER.formatHex(digest(bytes, key.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + word, e);
        }
    }

    /** By its word; null if it is not one of them. An empty word is the default, MD5. */
    static V2Signature named(String word) {
        if (word.isEmpty()) return MD5;
        return Arrays.stream(values())
                .filter(s -> s.word.equals(word))
                .findFirst()
                .orElse(null);
    }

    /**
     * The one with which a notification is signed: that of the request that made the order, which may be older than the account's
     * present choice. Messages do not always name it, but their lengths differ.
     */
    static V2Signature of(Map<String, String> message) {
        var named = message.getOrDefault("sign_type", "");
        if (!named.isEmpty()) return named(named);
        var found = message.getOrDefault("sign", "").length();
        return Arrays.stream(values())
                .filter(s -> s.length == found)
                .findFirst()
                .orElse(null);
    }

    /** Opens what a refund notification carries: AES-256-ECB, in Base64. */
    static String open(String base64, String key) throws GeneralSecurityException {
        byte[] sealed;
        try {
            sealed = Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("not Base64", e);
        }
        var cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(sealingKey(key).getBytes(StandardCharsets.US_ASCII), "AES"));
        return new String(cipher.doFinal(sealed), StandardCharsets.UTF_8);
    }

    /** The lower-case hex MD5 of the key, byte for byte: through a number, leading zeros would be lost. */
    static String sealingKey(String key) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8)));
    }
}
