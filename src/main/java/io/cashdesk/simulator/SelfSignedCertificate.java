package io.cashdesk.simulator;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Makes X.509 certificates. The JDK reads them but has no public class that makes one, so the DER bytes are written
 * here.
 */
public final class SelfSignedCertificate {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Object identifiers: sha256WithRSAEncryption (1.2.840.113549.1.1.11) and commonName (2.5.4.3). */
    private static final byte[] SHA256_WITH_RSA = HexFormat.of().parseHex("2a864886f70d01010b");

    private static final byte[] COMMON_NAME = HexFormat.of().parseHex("550403");

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
            var algorithm = der(0x30, der(0x06, SHA256_WITH_RSA), der(0x05));
            var name = der(
                    0x30,
                    der(
                            0x31,
                            der(0x30, der(0x06, COMMON_NAME), der(0x0c, commonName.getBytes(StandardCharsets.UTF_8)))));
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
            var certificate = der(0x30, body, algorithm, der(0x03, bits));
            return Rsa.pem("CERTIFICATE", Base64.getEncoder().encodeToString(certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] time(Instant at) {
        var text = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").format(at.atOffset(ZoneOffset.UTC));
        return der(0x17, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** One DER element: tag, length, content. */
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
