package io.cashdesk.simulator.wxpay.v2;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SortedMap;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signatures of WeChat Pay's v2 with the key that merchant and WeChat Pay share, and the encryption of refund
 * notifications.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v2/merchant/4011935215">v2's documents</a>
 */
final class WxpayV2Signature {
    static final String HMAC = "HMAC-SHA256";
    static final String MD5 = "MD5";

    private WxpayV2Signature() {}

    /**
     * The signature in upper-case hexadecimal digits: over all fields but {@code sign} and the empty ones, sorted, with
     * the key at the end.
     *
     * @param type {@link #MD5} or {@link #HMAC}
     */
    static String sign(SortedMap<String, String> fields, String key, String type) {
        var text = new StringBuilder();
        fields.forEach((name, value) -> {
            if (name.equals("sign") || value.isEmpty()) return;
            text.append(name).append('=').append(value).append('&');
        });
        var bytes = text.append("key=").append(key).toString().getBytes(StandardCharsets.UTF_8);
        try {
            if (!type.equals(HMAC)) {
                return hex(MessageDigest.getInstance("MD5").digest(bytes)).toUpperCase(Locale.ROOT);
            }
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return hex(mac.doFinal(bytes)).toUpperCase(Locale.ROOT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The encrypted content of a refund notification: AES-256-ECB with the merchant's key, Base64. */
    static String encrypt(String text, String key) {
        try {
            var cipher = Cipher.getInstance("AES/ECB/PKCS5Padding"); // which for AES is PKCS#7
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(encryptionKey(key).getBytes(StandardCharsets.US_ASCII), "AES"));
            return Base64.getEncoder().encodeToString(cipher.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The 32 lower-case hexadecimal digits of the key's MD5. */
    static String encryptionKey(String key) {
        try {
            return hex(MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
