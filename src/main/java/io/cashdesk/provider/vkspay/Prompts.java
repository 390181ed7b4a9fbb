package io.cashdesk.provider.vkspay;

import io.cashdesk.provider.Payer.Screen;
import io.cashdesk.provider.PaymentPrompt;
import jakarta.json.Json;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * What a gateway hands out, as a prompt: {@code codeUrl} where another device scans it (also from a desktop's screen),
 * {@code payUrl} where the payer's own browser or app opens it.
 */
final class Prompts {
    private static final Pattern PAGE = Pattern.compile("https?://[!-~]{1,4000}");

    /** An application's own scheme; none of those that run a script or have content of their own in a browser. */
    private static final Pattern SCHEME = Pattern.compile(
            "(?!(https?|javascript|data|vbscript|file|blob|about):)[a-z][a-z0-9+.-]{1,30}:[!-~]{1,4000}");

    private Prompts() {}

    static boolean isPage(String url) {
        return PAGE.matcher(url).matches() && HttpUrl.parse(url) != null;
    }

    /** Whether a browser can open it: a page, or an address that opens an application. */
    static boolean opens(String url) {
        return isPage(url) || SCHEME.matcher(url).matches();
    }

    /** Whether another device shows or has it: on paper, at a point of sale, on a desktop. */
    static boolean scanned(Screen screen) {
        return screen == Screen.CODE || screen == Screen.PC;
    }

    static PaymentPrompt ofPage(String url, Screen screen) {
        return ofPage(url, screen, Optional.empty());
    }

    static PaymentPrompt ofPage(String url, Screen screen, Optional<Duration> life) {
        return scanned(screen) ? code(url, life) : page(url, life);
    }

    static PaymentPrompt code(String content, Optional<Duration> life) {
        var orderInfo = Json.createObjectBuilder().add("codeUrl", content).build();
        return new PaymentPrompt.ScanQrCode(content, orderInfo, life);
    }

    static PaymentPrompt.GoTo page(String url, Optional<Duration> life) {
        var orderInfo = Json.createObjectBuilder().add("payUrl", url).build();
        return new PaymentPrompt.GoTo(url, orderInfo, life);
    }

    /** An address of a reply, which may be relative to the site; empty if it is none. */
    static Optional<String> resolved(String gateway, String address) {
        if (address.isEmpty() || opens(address)) return Optional.of(address).filter(a -> !a.isEmpty());
        try {
            var resolved = URI.create(gateway + "/").resolve(address).toString();
            return Optional.of(resolved).filter(Prompts::isPage);
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }
}
