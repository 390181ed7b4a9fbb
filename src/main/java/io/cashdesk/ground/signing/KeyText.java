package io.cashdesk.ground.signing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.EncryptedPrivateKeyInfo;

/**
 * Keys and certificates in a text that a person has pasted: PEM or bare Base64 of DER. What a block contains is read
 * from its bytes; its armour ("BEGIN …") is used only to find it. A byte order mark, text around the blocks ("Bag
 * Attributes"), any line ends, line ends written as backslash and n, blanks in place of line ends, a missing armour
 * line, and a whole PEM file in Base64 make no difference.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468, textual encodings of PKIX structures</a>
 */
public final class KeyText {
    /** What a block contains. */
    public enum Kind {
        CERTIFICATE,
        /** A certificate of an algorithm that the JDK does not have (SM2). */
        UNREADABLE_CERTIFICATE,
        /** RSA, from PKCS#8 or PKCS#1. */
        PRIVATE_KEY,
        /** RSA, from SubjectPublicKeyInfo or PKCS#1. */
        PUBLIC_KEY,
        /** A private or public key of another algorithm than RSA. */
        KEY_OF_OTHER_ALGORITHM,
        /** A private key that only a password opens. */
        ENCRYPTED_KEY,
        CERTIFICATE_REQUEST,
        /** PKCS#12: a .p12 or .pfx file. */
        KEY_STORE,
        UNREADABLE
    }

    /**
     * One key or certificate.
     *
     * @param value an {@link X509Certificate}, {@link RSAPrivateKey} or {@link RSAPublicKey} for the kinds of these
     *     names, an {@link ECPrivateKey}; otherwise null
     * @param der the bytes, empty if they are not Base64
     */
    private record Block(Kind kind, Object value, byte[] der) {}

    /** An armour has five dashes on either side; an editor may have made one of several. */
    private static final Pattern ARMOUR = Pattern.compile("-{1,5} {0,9}(BEGIN|END) {0,9}([A-Z0-9 ]{0,40})-{1,5}");

    private static final Pattern INVISIBLE = Pattern.compile("[\\uFEFF\\u200B-\\u200D\\u2060]");
    private static final Pattern DASHES = Pattern.compile("[\\u2010-\\u2015\\u2212\\uFF0D]");
    private static final Pattern WRITTEN_LINE_END = Pattern.compile("\\\\+[nrt]");

    /** AlgorithmIdentifier of rsaEncryption (1.2.840.113549.1.1.1) with NULL parameters, in DER. */
    private static final byte[] RSA_ENCRYPTION = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int BIT_STRING = 0x03;

    private final List<Block> blocks;

    private KeyText(List<Block> blocks) {
        this.blocks = blocks;
    }

    /** Reads a text; what cannot be read is in {@link #kinds} as such. */
    public static KeyText of(String text) {
        return new KeyText(blocks(text, true));
    }

    /** What the text contains, in its order; empty for a blank text. */
    public List<Kind> kinds() {
        return blocks.stream().map(Block::kind).toList();
    }

    /** The first RSA private key. */
    public Optional<RSAPrivateKey> privateKey() {
        return values(RSAPrivateKey.class).stream().findFirst();
    }

    /** The first private key of an elliptic curve, in PKCS#8. */
    public Optional<ECPrivateKey> ecPrivateKey() {
        return values(ECPrivateKey.class).stream().findFirst();
    }

    /** The first RSA public key. */
    public Optional<RSAPublicKey> publicKey() {
        return values(RSAPublicKey.class).stream().findFirst();
    }

    /** All certificates that the JDK can read, in the order of the text. */
    public List<X509Certificate> certificates() {
        return values(X509Certificate.class);
    }

    /** All certificates in PEM, in the order of the text, with those that the JDK cannot read. */
    public String certificatesInPem() {
        var pem = new StringBuilder();
        for (var block : blocks) {
            if (block.kind() == Kind.CERTIFICATE || block.kind() == Kind.UNREADABLE_CERTIFICATE)
                pem.append(pem(block.der()));
        }
        return pem.toString();
    }

    /** A certificate in PEM. */
    public static String pem(X509Certificate certificate) {
        try {
            return pem(certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that was read has no bytes", e);
        }
    }

    private static String pem(byte[] der) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n";
    }

    private <T> List<T> values(Class<T> type) {
        return blocks.stream()
                .map(Block::value)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** @param fileInBase64 whether the text may be a PEM file that was encoded as a whole */
    private static List<Block> blocks(String pasted, boolean fileInBase64) {
        var text = WRITTEN_LINE_END
                .matcher(
                        DASHES.matcher(INVISIBLE.matcher(pasted).replaceAll("")).replaceAll("-"))
                .replaceAll("\n")
                .replace('\u00A0', ' ')
                .replace('\u3000', ' ')
                .strip();
        if (text.isEmpty()) return List.of();
        var found = new ArrayList<Block>();
        var armour = ARMOUR.matcher(text);
        int from = 0;
        String label = null;
        boolean any = false;
        while (armour.find()) {
            var before = text.substring(from, armour.start());
            var ends = armour.group(1).equals("END");
            if (label != null || (ends && !any)) { // without a BEGIN line the block begins with the text
                found.add(block(label == null ? armour.group(2) : label, before));
            }
            any = true;
            label = ends ? null : armour.group(2);
            from = armour.end();
        }
        if (label != null) found.add(block(label, text.substring(from))); // without an END line
        if (any) return List.copyOf(found);
        var der = decoded(text);
        var inner = new String(der, StandardCharsets.ISO_8859_1);
        if (fileInBase64 && inner.contains("-----BEGIN")) return blocks(inner, false);
        return List.of(block("", text));
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64.replaceAll("[\\s\"']", ""));
        } catch (IllegalArgumentException e) { // not Base64: no bytes, which no caller takes for a key
            return new byte[0];
        }
    }

    private static Block block(String label, String body) {
        if (label.contains("ENCRYPTED") || body.contains("ENCRYPTED"))
            return new Block(Kind.ENCRYPTED_KEY, null, new byte[0]);
        var der = decoded(body);
        var value = value(der);
        if (value instanceof X509Certificate) return new Block(Kind.CERTIFICATE, value, der);
        if (value instanceof RSAPrivateKey) return new Block(Kind.PRIVATE_KEY, value, der);
        if (value instanceof RSAPublicKey) return new Block(Kind.PUBLIC_KEY, value, der);
        return new Block(otherKind(label, der), key("EC", der, true), der);
    }

    private static Object value(byte[] der) {
        if (der.length == 0) return null;
        try {
            return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException notOne) {
            // one of the kinds below
        }
        var pkcs8 = key("RSA", der, true);
        if (pkcs8 != null) return pkcs8;
        var wrapped = key("RSA", sequence(VERSION_0, RSA_ENCRYPTION, element(OCTET_STRING, der)), true);
        if (wrapped != null) return wrapped;
        var open = key("RSA", der, false);
        if (open != null) return open;
        return key("RSA", sequence(RSA_ENCRYPTION, element(BIT_STRING, concatenated(new byte[] {0}, der))), false);
    }

    private static Kind otherKind(String label, byte[] der) {
        if (label.contains("REQUEST")) return Kind.CERTIFICATE_REQUEST;
        if (label.contains("CERTIFICATE") && der.length > 0) return Kind.UNREADABLE_CERTIFICATE;
        if (key("EC", der, true) != null || key("EC", der, false) != null || label.startsWith("EC ")) {
            return Kind.KEY_OF_OTHER_ALGORITHM;
        }
        if (isEncrypted(der)) return Kind.ENCRYPTED_KEY;
        if (isKeyStore(der)) return Kind.KEY_STORE;
        return Kind.UNREADABLE;
    }

    private static Object key(String algorithm, byte[] der, boolean secret) {
        try {
            var factory = KeyFactory.getInstance(algorithm);
            return secret
                    ? factory.generatePrivate(new PKCS8EncodedKeySpec(der))
                    : factory.generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException notOne) {
            return null;
        }
    }

    private static boolean isEncrypted(byte[] der) {
        try {
            new EncryptedPrivateKeyInfo(der);
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** A sequence that begins with the version 3 (RFC 7292, section 4). */
    private static boolean isKeyStore(byte[] der) {
        if (der.length < 8 || der[0] != SEQUENCE) return false;
        int at = der[1] < 0 ? 2 + (der[1] & 0x7f) : 2;
        return at + 2 < der.length && der[at] == 2 && der[at + 1] == 1 && der[at + 2] == 3;
    }

    private static byte[] sequence(byte[]... parts) {
        return element(SEQUENCE, concatenated(parts));
    }

    private static byte[] element(int tag, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x10000) {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        } else {
            out.write(0x83);
            out.write(content.length >> 16);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concatenated(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) out.writeBytes(part);
        return out.toByteArray();
    }
}
