package io.cashdesk.simulator.wxpayvirtual;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The encryption of pushed messages: AES-256-CBC, padded as in PKCS#7 to blocks of 32 bytes. The plain text is 16
 * random characters, the length in four bytes, the message, and the application's id.
 *
 * @see <a href="https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html">the
 *     document</a>
 */
final class PushCipher {
    private static final int BLOCK = 32;
    private static final int RANDOM = 16;

    private final byte[] key;

    /** @param encodingAesKey 43 characters, as in the console */
    PushCipher(String encodingAesKey) {
        key = Base64.getDecoder().decode(encodingAesKey + "=");
    }

    /** A text that cannot be decrypted, or is of another application. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String why) {
            super(why, null, false, false);
        }
    }

    /** @param random 16 characters of ASCII */
    String encrypt(String random, String message, String appId) {
        var bytes = message.getBytes(StandardCharsets.UTF_8);
        var plain = new ByteArrayOutputStream();
        plain.writeBytes(random.getBytes(StandardCharsets.US_ASCII));
        plain.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
        plain.writeBytes(bytes);
        plain.writeBytes(appId.getBytes(StandardCharsets.UTF_8));
        var pad = BLOCK - plain.size() % BLOCK;
        for (int i = 0; i < pad; i++) plain.write(pad);
        try {
            return Base64.getEncoder()
                    .encodeToString(cipher(Cipher.ENCRYPT_MODE).doFinal(plain.toByteArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The message of an encrypted text. */
    String decrypt(String encrypted, String appId) throws Unreadable {
        byte[] plain;
        try {
            plain = cipher(Cipher.DECRYPT_MODE).doFinal(Base64.getDecoder().decode(encrypted));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Unreadable("it cannot be decrypted");
        }
        var pad = plain.length == 0 ? 0 : plain[plain.length - 1];
        if (pad < 1 || pad > BLOCK || plain.length < RANDOM + 4 + pad) throw new Unreadable("its padding is wrong");
        var length = ByteBuffer.wrap(plain, RANDOM, 4).getInt();
        var end = RANDOM + 4 + (long) length;
        if (length < 0 || end > plain.length - pad) throw new Unreadable("its length is wrong");
        var application = new String(Arrays.copyOfRange(plain, (int) end, plain.length - pad), StandardCharsets.UTF_8);
        if (!application.equals(appId)) throw new Unreadable("it is of the application " + application);
        return new String(plain, RANDOM + 4, length, StandardCharsets.UTF_8);
    }

    private Cipher cipher(int mode) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/CBC/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(key, 0, 16));
        return cipher;
    }
}
