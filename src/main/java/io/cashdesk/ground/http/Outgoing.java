package io.cashdesk.ground.http;

import io.cashdesk.ground.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import okhttp3.Dns;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Calls to addresses that strangers gave us. The name is resolved once, every address it leads to is checked, and the
 * connection goes to exactly those addresses, so that a name which changes its mind afterwards leads nowhere. Redirects are
 * not followed.
 */
@ApplicationScoped
public class Outgoing {
    /** How much of an answer is read. */
    private static final int READ = 64 * 1024;

    @Inject
    Settings settings;

    private OkHttpClient careful;
    private OkHttpClient trusting;

    /** One exchange, short enough to keep. */
    public record Exchange(int status, String contentType, String body, Map<String, String> headers, Duration took) {}

    @PostConstruct
    void open() {
        trusting = new OkHttpClient.Builder()
                .connectTimeout(Duration.ofSeconds(5))
                .callTimeout(Duration.ofSeconds(15))
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .build();
        careful = trusting.newBuilder().dns(Outgoing::publicOnly).build();
    }

    @PreDestroy
    void close() {
        trusting.dispatcher().executorService().shutdown();
        trusting.connectionPool().evictAll();
    }

    /**
     * Posts JSON.
     *
     * @param own our own demo shop's address, which may be private
     * @throws PrivateAddress if the address leads into a private network and the operator has not allowed that
     * @throws IOException if no answer came within 15 seconds
     */
    public Exchange post(URI to, Map<String, String> headers, String json, boolean own) throws IOException {
        var free = own || settings.development();
        if (!free && !"https".equals(to.getScheme())) {
            throw new IOException("only https addresses are called: " + to.getScheme());
        }
        if (!free && isLiteral(to.getHost())) publicOnly(to.getHost());
        var request = new Request.Builder()
                .url(to.toString())
                .post(RequestBody.create(json.getBytes(StandardCharsets.UTF_8), MediaType.get("application/json")));
        headers.forEach(request::header);
        var start = System.nanoTime();
        try (var response = (free ? trusting : careful).newCall(request.build()).execute()) {
            var source = response.body().source();
            source.request(READ);
            var body = source.getBuffer()
                    .snapshot((int) Math.min(READ, source.getBuffer().size()))
                    .utf8();
            var type = response.header("Content-Type");
            var retryAfter = response.header("Retry-After");
            return new Exchange(
                    response.code(),
                    type == null ? "" : type,
                    body,
                    retryAfter == null ? Map.of() : Map.of("Retry-After", retryAfter),
                    Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private static boolean isLiteral(String host) {
        return host != null && (host.indexOf(':') >= 0 || host.matches("[0-9.]+"));
    }

    /** Resolves a name and refuses it if any of its addresses is not a public one. */
    private static List<InetAddress> publicOnly(String host) throws UnknownHostException {
        var addresses = Dns.SYSTEM.lookup(host.replaceAll("^\\[|]$", ""));
        for (var address : addresses) {
            if (isPrivate(address)) {
                var refusal =
                        new UnknownHostException(host + " leads to the private address " + address.getHostAddress());
                refusal.initCause(new PrivateAddress(refusal.getMessage()));
                throw refusal;
            }
        }
        return addresses;
    }

    /** Whether an address is inside a network that is nobody else's business; RFC 6890 and its successors. */
    static boolean isPrivate(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        var bytes = address.getAddress();
        if (address instanceof Inet6Address) {
            int first = bytes[0] & 0xff;
            int second = bytes[1] & 0xff;
            if ((first & 0xfe) == 0xfc) return true; // unique local
            if (first == 0x20 && second == 0x02) return true; // 6to4 carries any IPv4 address
            if (first == 0x20 && second == 0x01 && bytes[2] == 0 && bytes[3] == 0) return true; // Teredo
            if (first == 0 && second == 0x64) return true; // NAT64
            if (first == 0x20 && second == 0x01 && (bytes[2] & 0xff) == 0x0d && (bytes[3] & 0xff) == 0xb8) return true;
            return first == 0 && second == 0; // mapped and compatible IPv4
        }
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        int third = bytes[2] & 0xff;
        return first == 0
                || (first == 100 && second >= 64 && second < 128) // carriers' own
                || (first == 192 && second == 0 && (third == 0 || third == 2))
                || (first == 198 && (second == 18 || second == 19))
                || (first == 198 && second == 51 && third == 100)
                || (first == 203 && second == 0 && third == 113)
                || first >= 240;
    }
}
