package io.cashdesk.simulator;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The providers' cryptography, written from their documents on the JDK alone, so that it can judge what others wrote. */
final class Keys {
    static final SecureRandom RANDOM = new SecureRandom();

    private Keys() {}

    static KeyPair newPair() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sign(String text, String privateKey) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(privateKey(privateKey));
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean verify(String text, String signed, String publicKey) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(publicKey(publicKey));
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.verify(Base64.getDecoder().decode(signed));
        } catch (GeneralSecurityException | IllegalArgumentException notASignature) {
            return false;
        }
    }

    /** AES-256-GCM, the tag behind the text, Base64. */
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

    /** Whether this is a text that was encrypted for this key: RSA-OAEP with SHA-1, Base64. */
    static boolean opens(String sealed, String privateKey) {
        try {
            var cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
            cipher.init(Cipher.DECRYPT_MODE, privateKey(privateKey));
            return cipher.doFinal(Base64.getDecoder().decode(sealed)).length > 0;
        } catch (GeneralSecurityException | IllegalArgumentException notForThisKey) {
            return false;
        }
    }

    static PrivateKey privateKey(String base64) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    static PublicKey publicKey(String base64) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static String pem(String what, String base64) {
        return "-----BEGIN " + what + "-----\n"
                + base64.replaceAll("(.{64})", "$1\n").strip() + "\n-----END " + what + "-----\n";
    }

    static String random(String alphabet, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
        return text.toString();
    }

    static String digits(int length) {
        return random("0123456789", length);
    }

    static String letters(int length) {
        return random("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", length);
    }

    /** A 20-byte serial number, positive, with 40 hex digits as WeChat Pay's have. */
    static BigInteger newSerial() {
        var bytes = new byte[20];
        RANDOM.nextBytes(bytes);
        bytes[0] = (byte) (0x10 | (bytes[0] & 0x6f));
        return new BigInteger(1, bytes);
    }

    static String hex(BigInteger serial) {
        return HexFormat.of().withUpperCase().formatHex(serial.toByteArray());
    }

    /** The serial that Alipay gives a certificate: MD5 over issuer and decimal serial number. */
    static String alipaySerial(String issuer, BigInteger serial) {
        try {
            var digest = MessageDigest.getInstance("MD5").digest((issuer + serial).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A self-signed X.509 certificate in PEM; the JDK reads them but has no public way to make one. */
    static String selfSigned(KeyPair pair, String commonName, BigInteger serial, Instant now) {
        try {
            var algorithm = der(0x30, der(0x06, HexFormat.of().parseHex("2a864886f70d01010b")), der(0x05));
            var name = der(
                    0x30,
                    der(
                            0x31,
                            der(
                                    0x30,
                                    der(0x06, HexFormat.of().parseHex("550403")),
                                    der(0x0c, commonName.getBytes(StandardCharsets.UTF_8)))));
            var validity = der(0x30, time(now.minusSeconds(3600)), time(now.plusSeconds(5L * 365 * 86_400)));
            var body = der(
                    0x30,
                    der(0xa0, der(0x02, new byte[] {2})),
                    der(0x02, serial.toByteArray()),
                    algorithm,
                    name,
                    validity,
                    name,
                    pair.getPublic().getEncoded());
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(body);
            var signed = signature.sign();
            var bits = new byte[signed.length + 1];
            System.arraycopy(signed, 0, bits, 1, signed.length);
            return pem("CERTIFICATE", base64(der(0x30, body, algorithm, der(0x03, bits))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] time(Instant at) {
        var text = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").format(at.atOffset(ZoneOffset.UTC));
        return der(0x17, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) content.writeBytes(part);
        var out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 128) {
            out.write(length);
        } else {
            var bytes = BigInteger.valueOf(length).toByteArray();
            int skip = bytes[0] == 0 ? 1 : 0;
            out.write(0x80 | (bytes.length - skip));
            out.write(bytes, skip, bytes.length - skip);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
