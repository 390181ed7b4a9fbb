package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Rsa;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The encryption of WeChat Pay's v3, written from its documents with the JDK alone. */
final class WxpayCipher {
    private WxpayCipher() {}

    /**
     * AES-256-GCM, Base64, the tag of 128 bits at the end.
     *
     * @param key the account's APIv3 key: 32 ASCII characters
     * @param nonce 12 ASCII characters
     */
    static String encrypt(String text, String key, String nonce, String associated) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "AES"),
                    new GCMParameterSpec(128, nonce.getBytes(StandardCharsets.UTF_8)));
            cipher.updateAAD(associated.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(cipher.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a text was encrypted for this key with RSA-OAEP and SHA-1; Base64. */
    static boolean canDecrypt(String encrypted, String privateKey) {
        try {
            var cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
            cipher.init(Cipher.DECRYPT_MODE, Rsa.privateKey(privateKey));
            return cipher.doFinal(Base64.getDecoder().decode(encrypted)).length > 0;
        } catch (GeneralSecurityException | IllegalArgumentException notForThisKey) {
            return false;
        }
    }
}
