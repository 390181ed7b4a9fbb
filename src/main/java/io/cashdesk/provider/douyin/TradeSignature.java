package io.cashdesk.provider.douyin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;

/**
 * The signatures of the general trade system: RSA (PKCS#1 v1.5) with SHA-256, in Base64, over lines that each end with
 * a line feed.
 *
 * @see <a
 *     href="https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/server/signature-algorithm">signature
 *     algorithm</a>
 */
final class TradeSignature {
    private static final String ALGORITHM = "SHA256withRSA";

    private TradeSignature() {}

    /**
     * Over an order that a mini-program requests.
     *
     * @param data exactly as the mini-program hands it on
     */
    static String ofOrder(PrivateKey key, long timestamp, String nonce, String data) {
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(("POST\n/requestOrder\n" + timestamp + "\n" + nonce + "\n" + data + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a checked key cannot sign", e);
        }
    }

    /** The value of {@code byteAuthorization}; its attributes are quoted, as in most of Douyin's pages. */
    static String authorization(String appId, String keyVersion, long timestamp, String nonce, String signature) {
        return "SHA256-RSA2048 appid=\"" + appId + "\",nonce_str=\"" + nonce + "\",timestamp=\"" + timestamp
                + "\",key_version=\"" + keyVersion + "\",signature=\"" + signature + "\"";
    }

    /**
     * Whether a callback is the platform's.
     *
     * @param body the exact bytes
     * @param sign in Base64
     */
    static boolean isCallback(PublicKey platform, String timestamp, String nonce, byte[] body, String sign) {
        try {
            var bytes = Base64.getDecoder().decode(sign);
            if (!Base64.getEncoder().encodeToString(bytes).equals(sign)) return false; // one text for one signature
            var signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(platform);
            signature.update(signed(timestamp, nonce, body));
            return signature.verify(bytes);
        } catch (GeneralSecurityException | IllegalArgumentException notASignature) {
            return false;
        }
    }

    private static byte[] signed(String timestamp, String nonce, byte[] body) {
        var text = new ByteArrayOutputStream(body.length + 128);
        text.writeBytes((timestamp + "\n" + nonce + "\n").getBytes(StandardCharsets.UTF_8));
        text.writeBytes(body);
        text.write('\n');
        return text.toByteArray();
    }
}
