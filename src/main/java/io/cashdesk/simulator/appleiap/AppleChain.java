package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.Der;
import io.cashdesk.simulator.PlatformKey;
import io.cashdesk.simulator.Rsa;
import io.cashdesk.simulator.SelfSignedCertificate;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Makes the chain of three certificates under which the App Store signs: a root, an intermediate with Apple's marker,
 * and a leaf with another one. The keys of the first two are not kept, because nothing else is ever signed with them.
 *
 * @see <a href="https://www.apple.com/certificateauthority/">Apple PKI</a>
 */
final class AppleChain {
    /** The markers of Apple's intermediate and of the certificates that sign receipts and transactions. */
    static final String INTERMEDIATE_MARKER = "1.2.840.113635.100.6.2.1";

    static final String LEAF_MARKER = "1.2.840.113635.100.6.11.1";

    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String KEY_USAGE = "2.5.29.15";

    private static final Duration BEFORE = Duration.ofDays(400);
    private static final Duration AFTER = Duration.ofDays(15 * 365);

    private AppleChain() {}

    /**
     * The key of the leaf; its certificates are those of leaf, intermediate and root, in this order. They are valid
     * from {@code now} minus 400 days, because testers can move purchases into the past, for 15 years.
     */
    static PlatformKey make(Instant now) {
        var root = Ec.newPair();
        var intermediate = Ec.newPair();
        var leaf = Ec.newPair();
        var serial = SelfSignedCertificate.newSerial();
        var rootName = Der.name("Simulated Apple Root CA");
        var intermediateName = Der.name("Simulated Apple Worldwide Developer Relations CA");
        var ofLeaf = certificate(
                new Subject(Der.name("Simulated Mac App Store and iTunes Store Receipt Signing"), leaf, serial),
                new Issuer(intermediateName, intermediate),
                now,
                usage(7, 0x80),
                marker(LEAF_MARKER));
        var ofIntermediate = certificate(
                new Subject(intermediateName, intermediate, SelfSignedCertificate.newSerial()),
                new Issuer(rootName, root),
                now,
                authority(Der.element(Der.INTEGER, new byte[] {0})),
                usage(1, 0x06),
                marker(INTERMEDIATE_MARKER));
        var ofRoot = certificate(
                new Subject(rootName, root, SelfSignedCertificate.newSerial()),
                new Issuer(rootName, root),
                now,
                authority(),
                usage(1, 0x06));
        return key(leaf, serial, List.of(ofLeaf, ofIntermediate, ofRoot));
    }

    /** As a developer's Xcode has it: one certificate, signed by itself. */
    static PlatformKey makeForXcode(Instant now) {
        var pair = Ec.newPair();
        var serial = SelfSignedCertificate.newSerial();
        var name = Der.name("StoreKit Testing in Xcode");
        var certificate = certificate(new Subject(name, pair, serial), new Issuer(name, pair), now, usage(7, 0x80));
        return key(pair, serial, List.of(certificate));
    }

    private static PlatformKey key(KeyPair pair, BigInteger serial, List<byte[]> certificates) {
        var pem = new StringBuilder();
        for (var certificate : certificates) {
            pem.append(Rsa.pem("CERTIFICATE", Base64.getEncoder().encodeToString(certificate)));
        }
        return new PlatformKey(
                Rsa.base64(pair.getPrivate()),
                Rsa.base64(pair.getPublic()),
                pem.toString(),
                SelfSignedCertificate.serialText(serial));
    }

    private record Subject(byte[] name, KeyPair pair, BigInteger serial) {}

    private record Issuer(byte[] name, KeyPair pair) {}

    private static byte[] certificate(Subject subject, Issuer issuer, Instant now, byte[]... extensions) {
        var algorithm = Der.element(Der.SEQUENCE, Der.oid(ECDSA_WITH_SHA256));
        var body = Der.element(
                Der.SEQUENCE,
                Der.element(0xa0, Der.element(Der.INTEGER, new byte[] {2})),
                Der.element(Der.INTEGER, subject.serial().toByteArray()),
                algorithm,
                issuer.name(),
                Der.element(Der.SEQUENCE, Der.time(now.minus(BEFORE)), Der.time(now.plus(AFTER))),
                subject.name(),
                subject.pair().getPublic().getEncoded(),
                Der.element(0xa3, Der.element(Der.SEQUENCE, extensions)));
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(issuer.pair().getPrivate());
            signature.update(body);
            return Der.element(Der.SEQUENCE, body, algorithm, Der.bits(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        var content = Der.element(Der.OCTET_STRING, value);
        return critical
                ? Der.element(Der.SEQUENCE, Der.oid(oid), Der.element(Der.BOOLEAN, new byte[] {(byte) 0xff}), content)
                : Der.element(Der.SEQUENCE, Der.oid(oid), content);
    }

    /** An authority, which may sign other certificates. */
    private static byte[] authority(byte[]... pathLength) {
        var isOne = Der.element(Der.BOOLEAN, new byte[] {(byte) 0xff});
        var value = pathLength.length == 0
                ? Der.element(Der.SEQUENCE, isOne)
                : Der.element(Der.SEQUENCE, isOne, pathLength[0]);
        return extension(BASIC_CONSTRAINTS, true, value);
    }

    /**
     * What the key may be used for.
     *
     * @param unused how many of the bits at the end do not count
     */
    private static byte[] usage(int unused, int bits) {
        return extension(KEY_USAGE, true, Der.element(Der.BIT_STRING, new byte[] {(byte) unused, (byte) bits}));
    }

    private static byte[] marker(String oid) {
        return extension(oid, false, Der.element(Der.NULL));
    }

    /** The certificates of a PEM text, as Base64 without line breaks. */
    static List<String> base64(String pem) {
        var found = new ArrayList<String>();
        for (var part : pem.split("-----BEGIN CERTIFICATE-----")) {
            var end = part.indexOf("-----END");
            if (end > 0) found.add(part.substring(0, end).replaceAll("\\s", ""));
        }
        return found;
    }
}
