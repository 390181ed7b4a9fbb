package io.cashdesk.provider.appleiap;

import io.cashdesk.ground.signing.KeyText;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Three certificates as Apple has them, root, intermediate and leaf, written in DER by hand: the JDK makes none. Signs
 * data with the leaf.
 */
final class AppleChain {
    private static final String OF_LEAF = "1.2.840.113635.100.6.11.1";
    private static final String OF_INTERMEDIATE = "1.2.840.113635.100.6.2.1";

    /** The OID 2.5.29.19 of basicConstraints, and the value "is a CA". */
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";

    private static final byte[] IS_CA = HexFormat.of().parseHex("30030101ff");
    private static final byte[] NULL = {5, 0};

    final X509Certificate root;
    final X509Certificate intermediate;
    final X509Certificate leaf;
    final KeyPair key = pair("secp256r1");

    AppleChain() {
        this(true, true);
    }

    /** A chain in which Apple's marks may be missing. */
    AppleChain(boolean markedIntermediate, boolean markedLeaf) {
        var rootKey = pair("secp256r1");
        var intermediateKey = pair("secp256r1");
        var ca = new Extension(BASIC_CONSTRAINTS, true, IS_CA);
        var mark = new Extension(OF_INTERMEDIATE, false, NULL);
        root = certificate("Test Root", rootKey, "Test Root", rootKey.getPrivate(), List.of(ca));
        intermediate = certificate(
                "Test Intermediate",
                intermediateKey,
                "Test Root",
                rootKey.getPrivate(),
                markedIntermediate ? List.of(ca, mark) : List.of(ca));
        leaf = certificate(
                "Test Leaf",
                key,
                "Test Intermediate",
                intermediateKey.getPrivate(),
                markedLeaf ? List.of(new Extension(OF_LEAF, false, NULL)) : List.of());
    }

    String rootInPem() {
        return KeyText.pem(root);
    }

    String sign(JsonObject payload) {
        return sign(payload, List.of(leaf, intermediate, root));
    }

    String sign(JsonObject payload, List<X509Certificate> x5c) {
        return sign("ES256", payload, x5c);
    }

    String sign(String algorithm, JsonObject payload, List<X509Certificate> x5c) {
        var certificates = Json.createArrayBuilder();
        x5c.forEach(c -> certificates.add(Base64.getEncoder().encodeToString(bytes(c))));
        var header = Json.createObjectBuilder()
                .add("alg", algorithm)
                .add("x5c", certificates)
                .build();
        var text = encoded(header) + "." + encoded(payload);
        if (algorithm.equals("none")) return text + ".";
        return text + "."
                + url(signature(
                        "SHA256withECDSAinP1363Format", key.getPrivate(), text.getBytes(StandardCharsets.UTF_8)));
    }

    static KeyPair pair(String curve) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(PrivateKey key) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    static String encoded(JsonObject json) {
        return url(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    static String url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private record Extension(String id, boolean critical, byte[] value) {
        byte[] der() {
            var octets = element(4, value);
            return critical
                    ? element(0x30, oid(id), new byte[] {1, 1, (byte) 0xff}, octets)
                    : element(0x30, oid(id), octets);
        }
    }

    private static X509Certificate certificate(
            String subject, KeyPair pair, String issuer, PrivateKey signer, List<Extension> extensions) {
        var now = FakeApple.NOW.atZone(ZoneOffset.UTC);
        var algorithm = element(0x30, oid("1.2.840.10045.4.3.2")); // ecdsa-with-SHA256
        var all = element(0x30, extensions.stream().map(Extension::der).toArray(byte[][]::new));
        var content = element(
                0x30,
                element(0xa0, element(2, new byte[] {2})),
                element(2, new byte[] {(byte) (1 + (subject.length() & 0x3f))}),
                algorithm,
                name(issuer),
                element(0x30, time(now.minusYears(1)), time(now.plusYears(9))),
                name(subject),
                pair.getPublic().getEncoded(),
                extensions.isEmpty() ? new byte[0] : element(0xa3, all));
        var der = element(
                0x30, content, algorithm, element(3, new byte[] {0}, signature("SHA256withECDSA", signer, content)));
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] name(String commonName) {
        var text = element(0x0c, commonName.getBytes(StandardCharsets.UTF_8));
        return element(0x30, element(0x31, element(0x30, oid("2.5.4.3"), text)));
    }

    private static byte[] time(ZonedDateTime at) {
        var text = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").format(at);
        return element(0x17, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] oid(String dotted) {
        var numbers = java.util.Arrays.stream(dotted.split("\\."))
                .mapToInt(Integer::parseInt)
                .toArray();
        var out = new ByteArrayOutputStream();
        out.write(numbers[0] * 40 + numbers[1]);
        for (int i = 2; i < numbers.length; i++) {
            for (int shift = 28; shift > 0; shift -= 7) {
                if (numbers[i] >> shift != 0) out.write(0x80 | ((numbers[i] >> shift) & 0x7f));
            }
            out.write(numbers[i] & 0x7f);
        }
        return element(6, out.toByteArray());
    }

    private static byte[] element(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) content.writeBytes(part);
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.size() < 0x80) {
            out.write(content.size());
        } else if (content.size() < 0x100) {
            out.write(0x81);
            out.write(content.size());
        } else {
            out.write(0x82);
            out.write(content.size() >> 8);
            out.write(content.size());
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static byte[] signature(String algorithm, PrivateKey key, byte[] bytes) {
        try {
            var signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
