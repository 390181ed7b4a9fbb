package io.cashdesk.simulator;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * RSA keys of 2048 bits and SHA-256 signatures with them. The simulator uses the JDK alone and none of the adapters'
 * code, so that an error in an adapter shows.
 */
public final class Rsa {
    private Rsa() {}

    public static KeyPair newPair() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The signature over the text's UTF-8 bytes, in Base64.
     *
     * @param privateKey PKCS #8, Base64
     */
    public static String sign(String text, String privateKey) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(privateKey(privateKey));
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Returns false too if {@code signed} is not a signature at all.
     *
     * @param publicKey X.509, Base64
     */
    public static boolean verify(String text, String signed, String publicKey) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(publicKey(publicKey));
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.verify(Base64.getDecoder().decode(signed));
        } catch (GeneralSecurityException | IllegalArgumentException notASignature) {
            return false;
        }
    }

    public static PrivateKey privateKey(String base64) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    private static PublicKey publicKey(String base64) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    public static String base64(Key key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    /** @param what the words between the dashes, for example PUBLIC KEY */
    public static String pem(String what, String base64) {
        return "-----BEGIN " + what + "-----\n"
                + base64.replaceAll("(.{64})", "$1\n").strip() + "\n-----END " + what + "-----\n";
    }
}
