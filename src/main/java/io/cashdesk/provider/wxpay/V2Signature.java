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

/** The two signature types of API v2, both over the sorted fields followed by the merchant's v2 key. */
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

    /** The value of {@code sign_type} and {@code signType}. */
    final String wireName;

    /** Of a signature in hex digits. */
    private final int length;

    V2Signature(String wireName, int length) {
        this.wireName = wireName;
        this.length = length;
    }

    abstract byte[] digest(byte[] text, byte[] key) throws GeneralSecurityException;

    /** @param fields by name in byte order; {@code sign} and empty values are skipped */
    String of(SortedMap<String, String> fields, String key) {
        var text = fields.entrySet().stream()
                .filter(f -> !f.getKey().equals("sign") && !f.getValue().isEmpty())
                .map(f -> f.getKey() + "=" + f.getValue())
                .collect(Collectors.joining("&"));
        var bytes = (text + "&key=" + key).getBytes(StandardCharsets.UTF_8);
        try {
            return UPPER.formatHex(digest(bytes, key.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + wireName, e);
        }
    }

    /** By its name on the wire, of which an empty one means MD5; null if there is no such type. */
    static V2Signature named(String wireName) {
        if (wireName.isEmpty()) return MD5;
        return Arrays.stream(values())
                .filter(s -> s.wireName.equals(wireName))
                .findFirst()
                .orElse(null);
    }

    /**
     * The type of a notification's signature: that of the request that created the order, which the account's
     * configuration may no longer have. A message without {@code sign_type} is recognised by the signature's length.
     * Null if it is neither type.
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

    /** Decrypts the content of a refund notification: Base64 of AES-256-ECB with PKCS#7 padding. */
    static String open(String base64, String key) throws GeneralSecurityException {
        byte[] encrypted;
        try {
            encrypted = Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("not Base64", e);
        }
        var cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(contentKey(key).getBytes(StandardCharsets.US_ASCII), "AES"));
        return new String(cipher.doFinal(encrypted), StandardCharsets.UTF_8);
    }

    /** The MD5 of the key in lower-case hex, 32 characters with all leading zeros. */
    static String contentKey(String key) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8)));
    }
}
