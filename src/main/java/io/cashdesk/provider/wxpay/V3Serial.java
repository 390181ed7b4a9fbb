package io.cashdesk.provider.wxpay;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.Locale;

/** How WeChat Pay writes the serial number of a certificate: hexadecimal digits in upper case, with leading zeros. */
final class V3Serial {
    /** The number of digits of WeChat Pay's own certificates, which have serial numbers of 20 bytes. */
    private static final int DIGITS = 40;

    /** No certificate authority uses a random number between these lengths other than one of 20 bytes. */
    private static final int SHORTER = 32;

    private V3Serial() {}

    /** 40 digits; a certificate of another issuer may have up to 32, of which there is an even number. */
    static String of(X509Certificate certificate) {
        return text(certificate.getSerialNumber());
    }

    static String text(BigInteger serial) {
        var digits = serial.toString(16).toUpperCase(Locale.ROOT);
        var length = digits.length() > SHORTER ? DIGITS : digits.length() + digits.length() % 2;
        return "0".repeat(Math.max(0, length - digits.length())) + digits;
    }

    /** Equal for two spellings of one number: with or without leading zeros, in either case. */
    static String comparable(String serial) {
        return serial.strip().toUpperCase(Locale.ROOT).replaceFirst("^0+(?=.)", "");
    }
}
