package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.PlatformKey;
import io.cashdesk.simulator.PlatformKeys;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The serials with which Alipay names certificates. */
final class AlipayCertificates {
    private AlipayCertificates() {}

    /** MD5 of the issuer and the decimal serial number, in lower-case hexadecimal digits. */
    static String serial(String issuer, BigInteger serial) {
        try {
            var digest = MessageDigest.getInstance("MD5").digest((issuer + serial).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of Alipay's one certificate, which is both the root and the one that signs. */
    static String platformSerial(PlatformKeys keys) {
        var serial = new BigInteger(keys.get(AlipayServer.NAME).serial(), 16);
        return serial("CN=" + PlatformKey.commonName(AlipayServer.NAME), serial);
    }
}
