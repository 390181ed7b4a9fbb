package io.cashdesk.provider.wxpay;

import com.wechat.pay.java.core.cipher.AeadCipher;
import com.wechat.pay.java.core.exception.DecryptionException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Content that WeChat Pay encrypts under the APIv3 key with AES-256-GCM: that of notifications and of platform
 * certificates. The cipher authenticates content and {@code associated_data}, so that trying several values of the
 * latter accepts nothing that was encrypted without the key.
 */
final class V3Content {
    static final String CIPHER = "AEAD_AES_256_GCM";

    private V3Content() {}

    /**
     * Decrypts one encrypted object. Where {@code associated_data} is missing, null or empty, WeChat Pay's SDKs
     * disagree about what was meant (Java's fails, others take an empty text): it is taken as empty, then as the usual
     * text.
     *
     * @param usual the {@code associated_data} that WeChat Pay uses for this content, for instance "transaction"
     * @throws RuntimeException if a field is missing or malformed, or the content does not decrypt
     */
    static String open(AeadCipher cipher, JsonObject encrypted, String usual) {
        if (!encrypted.getString("algorithm", CIPHER).equals(CIPHER)) {
            throw new IllegalArgumentException("the content's algorithm is not " + CIPHER);
        }
        var nonce = encrypted.getString("nonce").getBytes(StandardCharsets.UTF_8);
        var ciphertext = Base64.getDecoder().decode(encrypted.getString("ciphertext"));
        var given = encrypted.get("associated_data") instanceof JsonString text ? text.getString() : "";
        var candidates = given.isEmpty() ? List.of("", usual) : List.of(given);
        DecryptionException failure = null;
        for (var candidate : candidates) {
            try {
                return cipher.decrypt(candidate.getBytes(StandardCharsets.UTF_8), nonce, ciphertext);
            } catch (DecryptionException e) {
                failure = e;
            }
        }
        throw failure;
    }
}
