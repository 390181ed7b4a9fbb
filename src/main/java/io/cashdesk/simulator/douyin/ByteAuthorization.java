package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.Rsa;
import java.util.regex.Pattern;

/**
 * The second argument of {@code tt.requestOrder}: with it the merchant's server signs the order's data. Every attribute
 * is quoted and all are there, in this order.
 *
 * @param timestamp seconds
 */
record ByteAuthorization(String appId, String nonce, long timestamp, String keyVersion, String signature) {
    private static final Pattern FORM =
            Pattern.compile("SHA256-RSA2048 appid=\"([^\"]{1,64})\",nonce_str=\"([^\"]{1,64})\","
                    + "timestamp=\"([0-9]{1,12})\",key_version=\"([0-9]{1,9})\",signature=\"([A-Za-z0-9+/]+={0,2})\"");

    /** Refused if it does not have this form. */
    static ByteAuthorization parse(String text) {
        var found = FORM.matcher(text);
        if (!found.matches()) {
            throw new DouyinRefusal(
                    DouyinRefusal.CLIENT_SIGNATURE,
                    "byteAuthorization 格式错误，应为 SHA256-RSA2048 appid=\"…\",nonce_str=\"…\",timestamp=\"…\",key_version=\"…\",signature=\"…\"");
        }
        return new ByteAuthorization(
                found.group(1), found.group(2), Long.parseLong(found.group(3)), found.group(4), found.group(5));
    }

    /**
     * Whether it was made for this data.
     *
     * @param data exactly as the client passes it
     * @param publicKey of the application: X.509, Base64
     */
    boolean signs(String data, String publicKey) {
        return Rsa.verify(signedText(data), signature, publicKey);
    }

    private String signedText(String data) {
        return "POST\n/requestOrder\n" + timestamp + "\n" + nonce + "\n" + data + "\n";
    }

    /**
     * What the platform signs of a callback.
     *
     * @param timestamp seconds, as in the header {@code Byte-Timestamp}
     */
    static String callbackText(String timestamp, String nonce, String body) {
        return timestamp + "\n" + nonce + "\n" + body + "\n";
    }
}
