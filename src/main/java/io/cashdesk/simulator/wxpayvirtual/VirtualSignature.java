package io.cashdesk.simulator.wxpayvirtual;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signatures of virtual payment, in hexadecimal digits of lower case.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/virtual-payment.html">the
 *     document</a>
 */
final class VirtualSignature {
    /** In place of a path in the signature of the client's call. */
    static final String CLIENT_CALL = "requestVirtualPayment";

    private VirtualSignature() {}

    /**
     * {@code paySig} of the client and {@code pay_sig} of servers.
     *
     * @param appKey of the environment
     * @param uri the path without query, or {@link #CLIENT_CALL}
     * @param body as it was sent
     */
    static String ofApplication(String appKey, String uri, String body) {
        return hmac(appKey, uri + "&" + body);
    }

    /** @param sessionKey is used as this text and not decoded */
    static String ofUser(String sessionKey, String body) {
        return hmac(sessionKey, body);
    }

    /** Of a pushed message: SHA-1 of the sorted texts, one after the other. */
    static String ofPush(String... texts) {
        var sorted = texts.clone();
        Arrays.sort(sorted);
        try {
            var digest = MessageDigest.getInstance("SHA-1");
            return HexFormat.of()
                    .formatHex(digest.digest(String.join("", sorted).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Compares in a time that does not depend on where they differ; a missing one is wrong. */
    static boolean same(String right, String given) {
        return given != null
                && MessageDigest.isEqual(
                        right.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private static String hmac(String key, String message) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
