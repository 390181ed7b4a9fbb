package io.cashdesk.provider.wxpayvirtual;

import io.cashdesk.provider.SessionKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The two signatures of virtual payment: HMAC-SHA256, lower-case hex, over the exact text that is sent. */
final class VirtualSignature {
    private VirtualSignature() {}

    /**
     * {@code paySig} or {@code pay_sig}, by the application's AppKey.
     *
     * @param uri {@code requestVirtualPayment} for the client's call, otherwise the path of the call
     */
    static String paySig(String appKey, String uri, String body) {
        return hmac(appKey, uri + '&' + body);
    }

    /** {@code signature}, in the user's name. The key looks like Base64 and is used as a text. */
    static String signature(SessionKey session, String body) {
        return hmac(session.value(), body);
    }

    private static String hmac(String key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
