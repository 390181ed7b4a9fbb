package io.cashdesk.simulator;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/** Makes X.509 certificates of RSA keys. The JDK reads them but has no public class that makes one. */
public final class SelfSignedCertificate {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** sha256WithRSAEncryption. */
    private static final String SHA256_WITH_RSA = "1.2.840.113549.1.1.11";

    private SelfSignedCertificate() {}

    /**
     * A positive serial number of 20 bytes, of which the first hexadecimal digit is always zero: it must not get lost.
     */
    public static BigInteger newSerial() {
        var bytes = new byte[20];
        RANDOM.nextBytes(bytes);
        bytes[0] = (byte) (0x01 | (bytes[0] & 0x0f));
        return new BigInteger(1, bytes);
    }

    /** 40 hexadecimal digits in upper case. */
    public static String serialText(BigInteger serial) {
        return HexFormat.of().withUpperCase().formatHex(serial.toByteArray());
    }

    /** A certificate in PEM, valid from an hour before {@code now} for five years. */
    public static String pem(KeyPair pair, String commonName, BigInteger serial, Instant now) {
        try {
            var algorithm = Der.element(Der.SEQUENCE, Der.oid(SHA256_WITH_RSA), Der.element(Der.NULL));
            var name = Der.name(commonName);
            var body = Der.element(
                    Der.SEQUENCE,
                    Der.element(0xa0, Der.element(Der.INTEGER, new byte[] {2})),
                    Der.element(Der.INTEGER, serial.toByteArray()),
                    algorithm,
                    name,
                    Der.element(
                            Der.SEQUENCE,
                            Der.time(now.minusSeconds(3600)),
                            Der.time(now.plusSeconds(5L * 365 * 86_400))),
                    name,
                    pair.getPublic().getEncoded());
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(body);
            var certificate = Der.element(Der.SEQUENCE, body, algorithm, Der.bits(signature.sign()));
            return Rsa.pem("CERTIFICATE", Base64.getEncoder().encodeToString(certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
