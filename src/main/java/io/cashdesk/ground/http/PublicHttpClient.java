package io.cashdesk.ground.http;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * HTTP client for URLs that merchants configured; it connects to public addresses only, which prevents server-side
 * request forgery. For every call the host name is resolved once, all its addresses are checked, and the connection
 * goes to exactly these addresses, so that a second DNS answer cannot lead elsewhere (DNS rebinding). Connections are
 * not reused and redirects are not followed.
 */
@ApplicationScoped
public class PublicHttpClient {
    /** Maximum number of bytes that are read of a response body. */
    private static final int MAX_BODY = 64 * 1024;

    @Inject
    Settings settings;

    /** Resolves host names; replaced by tests. */
    Dns dns = Dns.SYSTEM;

    private OkHttpClient client;

    /**
     * The result of one call, short enough to be stored.
     *
     * @param body at most 64 KiB of the response body, as UTF-8
     * @param headers {@code Retry-After} if present; no others
     * @param address the IP address and port of the connection, or empty
     */
    public record Exchange(
            int status, String contentType, String body, Map<String, String> headers, Duration took, String address) {}

    /** DNS for one call: knows only the addresses that were checked. */
    private record CheckedAddresses(String host, List<InetAddress> addresses) implements Dns {
        @Override
        public List<InetAddress> lookup(String name) throws UnknownHostException {
            if (!name.equals(host)) throw new UnknownHostException(name + " was not looked up and checked before");
            return addresses;
        }
    }

    /** Records the address to which a call connected. */
    private static final class AddressRecorder extends EventListener {
        private volatile String address = "";

        @Override
        public void connectionAcquired(Call call, Connection connection) {
            var socket = connection.route().socketAddress();
            address = socket.getAddress().getHostAddress() + ':' + socket.getPort();
        }
    }

    @PostConstruct
    void open() {
        client = new OkHttpClient.Builder()
                .connectTimeout(Duration.ofSeconds(5))
                .callTimeout(Duration.ofSeconds(15))
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                // no reuse: bytes that a server sends after its response would be read as the response to the next
                // request
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .build();
    }

    @PreDestroy
    void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    /**
     * Posts JSON.
     *
     * @param own true for this installation's own demo shop, whose address may be private and plain http
     * @throws PrivateAddressRefused as the cause, if the host resolves to a private address and
     *     {@code CASHDESK_DEVELOPMENT} is off
     * @throws IOException if there is no response within 15 seconds, or the URL is not https
     */
    public Exchange post(URI to, Map<String, String> headers, String json, boolean own) throws IOException {
        var body = RequestBody.create(json.getBytes(StandardCharsets.UTF_8), MediaType.get("application/json"));
        return send(to, new Request.Builder().url(to.toString()).post(body), headers, own);
    }

    /** Gets; throws as {@link #post}. */
    public Exchange get(URI to, Map<String, String> headers) throws IOException {
        return send(to, new Request.Builder().url(to.toString()).get(), headers, false);
    }

    /**
     * Why an address that a merchant names is never called, as far as its text shows it; empty if it may be. The
     * addresses that its name has are checked at each call.
     */
    public Optional<LocalizedText> refusal(String url) {
        try {
            var uri = new URI(url);
            var host = uri.getHost();
            var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (host == null
                    || uri.getUserInfo() != null
                    || !List.of("http", "https").contains(scheme)) {
                return Optional.of(new LocalizedText("http(s) 地址", "an http(s) address"));
            }
            if (settings.development()) return Optional.empty();
            if (!scheme.equals("https")) {
                return Optional.of(new LocalizedText(
                        "https 地址（只有 CASHDESK_DEVELOPMENT=true 时才允许 http）",
                        "an https address (http only with CASHDESK_DEVELOPMENT=true)"));
            }
            return isPrivate(host)
                    ? Optional.of(new LocalizedText("公网地址，不能是内网或本机地址", "a public address and no private one"))
                    : Optional.empty();
        } catch (URISyntaxException | UnknownHostException malformed) {
            return Optional.of(new LocalizedText("http(s) 地址", "an http(s) address"));
        }
    }

    /** Whether this host is this machine, or an address in digits that is not public; names are not looked up. */
    private static boolean isPrivate(String host) throws UnknownHostException {
        var name = host.toLowerCase(Locale.ROOT);
        if (name.equals("localhost") || name.endsWith(".localhost")) return true;
        var address = IpAddress.normalised(name);
        if (address.isPresent()) return isPrivate(InetAddress.getByName(address.get()));
        return name.substring(name.lastIndexOf('.') + 1).matches("\\d.*"); // another notation of an address, as 0x7f.1
    }

    private Exchange send(URI to, Request.Builder request, Map<String, String> headers, boolean own)
            throws IOException {
        var unrestricted = own || settings.development();
        if (!unrestricted && !"https".equals(to.getScheme())) {
            throw new IOException("only https addresses are called: " + to.getScheme());
        }
        headers.forEach(request::header);
        var start = System.nanoTime();
        var built = request.build();
        var host = built.url().host(); // as OkHttp parses it, so that the checked host is the one it connects to
        var recorder = new AddressRecorder();
        var call = client.newBuilder()
                .dns(new CheckedAddresses(host, unrestricted ? dns.lookup(host) : publicOnly(host)))
                .eventListener(recorder)
                .build()
                .newCall(built);
        try (var response = call.execute()) {
            var source = response.body().source();
            source.request(MAX_BODY);
            var body = source.getBuffer()
                    .snapshot((int) Math.min(MAX_BODY, source.getBuffer().size()))
                    .utf8();
            var type = response.header("Content-Type");
            var retryAfter = response.header("Retry-After");
            return new Exchange(
                    response.code(),
                    type == null ? "" : type,
                    body,
                    retryAfter == null ? Map.of() : Map.of("Retry-After", retryAfter),
                    Duration.ofNanos(System.nanoTime() - start),
                    recorder.address);
        }
    }

    /** Resolves a host name, and refuses it if any of its addresses is private. */
    private List<InetAddress> publicOnly(String host) throws UnknownHostException {
        var addresses = dns.lookup(host);
        for (var address : addresses) {
            if (isPrivate(address)) {
                var refusal =
                        new UnknownHostException(host + " leads to the private address " + address.getHostAddress());
                refusal.initCause(new PrivateAddressRefused(refusal.getMessage()));
                throw refusal;
            }
        }
        return addresses;
    }

    /**
     * Whether an address is not globally reachable, by the IANA special-purpose registries (RFC 6890 and its updates).
     */
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
            if (first == 0x20 && second == 0x02) return true; // 6to4 can contain any IPv4 address
            if (first == 0x20 && second == 0x01 && bytes[2] == 0 && bytes[3] == 0) return true; // Teredo
            if (first == 0 && second == 0x64) return true; // NAT64
            if (first == 0x20 && second == 0x01 && (bytes[2] & 0xff) == 0x0d && (bytes[3] & 0xff) == 0xb8) return true;
            return first == 0 && second == 0; // mapped and compatible IPv4
        }
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        int third = bytes[2] & 0xff;
        return first == 0
                || (first == 100 && second >= 64 && second < 128) // carrier-grade NAT
                || (first == 192 && second == 0 && (third == 0 || third == 2))
                || (first == 198 && (second == 18 || second == 19))
                || (first == 198 && second == 51 && third == 100)
                || (first == 203 && second == 0 && third == 113)
                || first >= 240;
    }
}
