package io.cashdesk.merchant;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * From which site a page comes: scheme, host and port, written as browsers write them in the header {@code Origin} (RFC
 * 6454, section 6.2), so that it can be compared as a text. In lower case, an international host in ASCII, and without
 * the port that is usual for the scheme: {@code https://shop.example}, {@code http://localhost:8080}.
 */
public record Origin(String value) {
    private static final Pattern PARTS = Pattern.compile(
            "(https?)://(\\[[0-9a-f:.]{2,45}]|[^\\s/?#@:\\\\\\[\\]%*]{1,253})(?::(\\d{1,5}))?/?",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z]+://[^/?#]*)([/?#].*)?");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** An origin that an operator wrote, with or without the last slash; empty if it is none, or has more of a path. */
    public static Optional<Origin> of(String text) {
        var parts = PARTS.matcher(text);
        if (!parts.matches()) return Optional.empty();
        var scheme = parts.group(1).toLowerCase(Locale.ROOT);
        var host = host(parts.group(2));
        if (host.isEmpty()) return Optional.empty();
        var usual = scheme.equals("https") ? 443 : 80;
        var port = parts.group(3) == null ? usual : Integer.parseInt(parts.group(3));
        if (port < 1 || port > 65_535) return Optional.empty();
        return Optional.of(new Origin(scheme + "://" + host.get() + (port == usual ? "" : ":" + port)));
    }

    /** The origin of a page with this address; empty if it is not an http or https address. */
    public static Optional<Origin> ofAddress(String url) {
        var parts = ADDRESS.matcher(url);
        return parts.matches() ? of(parts.group(1)) : Optional.empty();
    }

    private static Optional<String> host(String text) {
        if (text.startsWith("[")) return Optional.of(text.toLowerCase(Locale.ROOT));
        try {
            var ascii = IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
            return ascii.isEmpty() || ascii.startsWith(".") ? Optional.empty() : Optional.of(ascii);
        } catch (IllegalArgumentException noHost) {
            return Optional.empty();
        }
    }

    /** Whether its pages come over a network without encryption, so that others on the way can change them. */
    public boolean readableOnTheWay() {
        var host = value.replaceFirst("^https?://", "").replaceFirst(":\\d+$", "");
        return value.startsWith("http:") && !LOOPBACK.contains(host) && !host.endsWith(".localhost");
    }
}
