package io.cashdesk.ground.setting;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** One IP address, or a range of them in CIDR notation (RFC 4632). Never resolves a name. */
public final class AddressRange {
    /** What cannot be a name, so that {@link InetAddress#getByName} only parses it. */
    private static final Pattern NUMERIC = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private static final int MAPPED_BITS = 96;

    private final byte[] first;
    private final int bits;

    private AddressRange(byte[] first, int bits) {
        this.first = first;
        this.bits = bits;
    }

    /**
     * An address ({@code 10.0.0.7}, {@code fd00::1}) or a range ({@code 10.0.0.0/8}). Bits after the prefix are
     * ignored. A range of IPv4 addresses inside IPv6 ({@code ::ffff:10.0.0.0/104}) is the range of IPv4 addresses.
     *
     * @return empty if the text is neither
     */
    public static Optional<AddressRange> of(String text) {
        var slash = text.indexOf('/');
        return bytes(slash < 0 ? text : text.substring(0, slash)).flatMap(address -> {
            var most = address.length * Byte.SIZE;
            if (slash < 0) return Optional.of(new AddressRange(address, most));
            var prefix = text.substring(slash + 1);
            if (!prefix.matches("\\d{1,3}")) return Optional.empty();
            var mapped = address.length == 4 && text.indexOf(':') >= 0;
            var bits = Integer.parseInt(prefix) - (mapped ? MAPPED_BITS : 0);
            return bits < 0 || bits > most ? Optional.empty() : Optional.of(new AddressRange(address, bits));
        });
    }

    /** Whether this text is an address in the range; not if it is no address. */
    public boolean contains(String address) {
        return bytes(address).filter(this::begins).isPresent();
    }

    private boolean begins(byte[] address) {
        if (address.length != first.length) return false;
        for (var i = 0; i < bits; i++) {
            var mask = 0x80 >> (i % Byte.SIZE);
            if (((address[i / Byte.SIZE] ^ first[i / Byte.SIZE]) & mask) != 0) return false;
        }
        return true;
    }

    private static Optional<byte[]> bytes(String text) {
        if (!NUMERIC.matcher(text).matches()) return Optional.empty();
        try {
            return Optional.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }
}
