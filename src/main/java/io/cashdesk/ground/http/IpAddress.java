package io.cashdesk.ground.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads IP addresses as callers and proxies write them. Never resolves a name. */
public final class IpAddress {
    private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern V4_WITH_PORT = Pattern.compile("([^:\\[\\]]+):\\d{1,5}");
    private static final Pattern IN_BRACKETS = Pattern.compile("\\[([^\\[\\]]+)](:\\d{1,5})?");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private IpAddress() {}

    /**
     * One address in its usual form: without brackets, port, zone and blanks; an IPv4 address inside IPv6
     * ({@code ::ffff:203.0.113.7}) as IPv4, other IPv6 addresses in lower case and shortened as RFC 5952 says.
     *
     * @return empty if the text is not exactly one address: a list, a name, "unknown"
     */
    public static Optional<String> normalised(String text) {
        var bare = text.strip();
        if (bare.length() > 64) return Optional.empty();
        var brackets = IN_BRACKETS.matcher(bare);
        if (brackets.matches()) return v6(brackets.group(1));
        var port = V4_WITH_PORT.matcher(bare);
        if (port.matches()) bare = port.group(1);
        return V4.matcher(bare).matches() ? Optional.of(bare) : v6(bare);
    }

    /**
     * Whether it is a loopback or the unspecified address, at which no payer is.
     *
     * @param normalised as {@link #normalised} returns it
     */
    public static boolean isLocal(String normalised) {
        return normalised.startsWith("127.")
                || normalised.equals("0.0.0.0")
                || normalised.equals("::1")
                || normalised.equals("::");
    }

    private static Optional<String> v6(String text) {
        var withoutZone = text.replaceFirst("%[0-9A-Za-z._~-]{1,32}$", "");
        if (withoutZone.indexOf(':') < 0 || !V6.matcher(withoutZone).matches()) return Optional.empty();
        try { // digits and colons only: parsed, never looked up
            var address = InetAddress.getByName(withoutZone);
            return Optional.of(
                    address instanceof Inet4Address ? address.getHostAddress() : shortened(address.getAddress()));
        } catch (UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }

    /** The longest row of at least two zero groups, the first of equal ones, is written as two colons. */
    private static String shortened(byte[] address) {
        var groups = new int[8];
        for (var i = 0; i < 8; i++) groups[i] = (address[2 * i] & 0xff) << 8 | (address[2 * i + 1] & 0xff);
        var from = 0;
        var length = 1;
        for (var i = 0; i < 8; i++) {
            var end = i;
            while (end < 8 && groups[end] == 0) end++;
            if (end - i > length) {
                from = i;
                length = end - i;
            }
        }
        var text = new StringBuilder();
        for (var i = 0; i < 8; i++) {
            if (length > 1 && i == from) {
                text.append("::");
                i += length - 1;
                continue;
            }
            if (text.length() > 0 && text.charAt(text.length() - 1) != ':') text.append(':');
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
