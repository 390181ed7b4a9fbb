package io.cashdesk.ground.setting;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A host and a port as in the header {@code Host} (RFC 9110, 7.2). Two texts that mean the same are equal: upper and
 * lower case, a dot at the end, the ways to write an IPv6 address.
 *
 * @param host in lower case, an IPv6 address in brackets and with all its groups
 * @param port -1 if there is none
 */
public record Authority(String host, int port) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final Pattern FORM =
            Pattern.compile("(?:([0-9A-Za-z._-]{1,254})|\\[([0-9A-Fa-f:.]{2,45})])(?::(\\d{0,5}))?");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    private static final String LOOPBACK_V6 = "[0:0:0:0:0:0:0:1]";

    /** @return empty if the text is not one host, with or without a port */
    public static Optional<Authority> of(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) return Optional.empty();
        var digits = form.group(3);
        var port = digits == null || digits.isEmpty() ? -1 : Integer.parseInt(digits);
        if (port == 0 || port > 65_535) return Optional.empty();
        if (form.group(1) == null) return v6(form.group(2)).map(host -> new Authority(host, port));
        var name = form.group(1).toLowerCase(Locale.ROOT);
        var host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return host.isEmpty() ? Optional.empty() : Optional.of(new Authority(host, port));
    }

    private static Optional<String> v6(String address) {
        if (address.indexOf(':') < 0) return Optional.empty();
        try { // with a colon it is no name, so it is only parsed
            var canonical = InetAddress.getByName(address).getHostAddress();
            return Optional.of("[" + canonical + "]");
        } catch (UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }

    /** {@code localhost}, 127.0.0.0/8 and [::1], on any port. */
    public boolean isLoopback() {
        return LOOPBACK.matcher(host).matches() || host.equals(LOOPBACK_V6);
    }

    /** Whether the port is the one of http or https, which browsers leave out. */
    public boolean hasDefaultPort() {
        return port == -1 || port == HTTP || port == HTTPS;
    }

    public Authority withPort(int other) {
        return new Authority(host, other);
    }

    @Override
    public String toString() {
        return port == -1 ? host : host + ":" + port;
    }
}
