package io.cashdesk.simulator;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes the DER bytes of certificates, for which the JDK has no public class. */
public final class Der {
    public static final int BOOLEAN = 0x01;
    public static final int INTEGER = 0x02;
    public static final int BIT_STRING = 0x03;
    public static final int OCTET_STRING = 0x04;
    public static final int NULL = 0x05;
    public static final int SEQUENCE = 0x30;

    private Der() {}

    /** One element: tag, length, content. */
    public static byte[] element(int tag, byte[]... parts) {
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

    /** An object identifier, which is written with dots: "2.5.4.3". */
    public static byte[] oid(String dotted) {
        var numbers = dotted.split("\\.");
        var content = new ByteArrayOutputStream();
        content.write(40 * Integer.parseInt(numbers[0]) + Integer.parseInt(numbers[1]));
        for (int i = 2; i < numbers.length; i++) {
            var number = Integer.parseInt(numbers[i]);
            for (int shift = 28; shift > 0; shift -= 7) {
                if (number >> shift != 0) content.write(0x80 | (number >> shift & 0x7f));
            }
            content.write(number & 0x7f);
        }
        return element(0x06, content.toByteArray());
    }

    /** A name that consists of a common name alone. */
    public static byte[] name(String commonName) {
        var text = element(0x0c, commonName.getBytes(StandardCharsets.UTF_8));
        return element(SEQUENCE, element(0x31, element(SEQUENCE, oid("2.5.4.3"), text)));
    }

    /** A bit string of whole bytes. */
    public static byte[] bits(byte[] bytes) {
        return element(BIT_STRING, new byte[] {0}, bytes);
    }

    /** A moment as UTCTime, in whole seconds; before 2050. */
    public static byte[] time(Instant at) {
        var text = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).format(at.atOffset(ZoneOffset.UTC));
        return element(0x17, text.getBytes(StandardCharsets.US_ASCII));
    }
}
