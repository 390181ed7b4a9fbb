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
 * Calls to addresses that strangers gave us. For every call the name is resolved once, every address it leads to is checked,
 * and the connection goes to exactly those addresses, so that a name which changes its mind afterwards leads nowhere. No
 * connection is used twice. Redirects are not followed.
 */
@ApplicationScoped
public class PublicHttpClient {
    /** How much of an answer is read. */
    private static final int READ = 64 * 1024;

    @Inject
    Settings settings;

    /** Who tells what a name leads to. */
    Dns names = Dns.SYSTEM;

    private OkHttpClient client;

    /**
     * One exchange, short enough to keep.
     *
     * @param address the address and port that answered, or empty
     */
    public record Exchange(
            int status, String contentType, String body, Map<String, String> headers, Duration took, String address) {}

    /** What a name leads to, for one call. */
    private record Pinned(String host, List<InetAddress> addresses) implements Dns {
        @Override
        public List<InetAddress> lookup(String asked) throws UnknownHostException {
            if (!asked.equals(host)) throw new UnknownHostException(asked + " was not looked up and checked before");
            return addresses;
        }
    }

    /** Where a call went. */
    private static final class Noted extends EventListener {
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
                // never used twice: what a stranger sends unasked would be read as the answer to the next request
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
     * @param own our own demo shop's address, which may be private
     * @throws PrivateAddressRefused if the address leads into a private network and the operator has not allowed that
     * @throws IOException if no answer came within 15 seconds
     */
    public Exchange post(URI to, Map<String, String> headers, String json, boolean own) throws IOException {
        var free = own || settings.development();
        if (!free && !"https".equals(to.getScheme())) {
            throw new IOException("only https addresses are called: " + to.getScheme());
        }
        var request = new Request.Builder()
                .url(to.toString())
                .post(RequestBody.create(json.getBytes(StandardCharsets.UTF_8), MediaType.get("application/json")));
        headers.forEach(request::header);
        var start = System.nanoTime();
        var ready = request.build();
        var host = ready.url().host(); // as the one who connects reads it, so that both mean the same address
        var noted = new Noted();
        var call = client.newBuilder()
                .dns(new Pinned(host, free ? names.lookup(host) : publicOnly(host)))
                .eventListener(noted)
                .build()
                .newCall(ready);
        try (var response = call.execute()) {
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
                    Duration.ofNanos(System.nanoTime() - start),
                    noted.address);
        }
    }

    /** Resolves a name and refuses it if any of its addresses is not a public one. */
    private List<InetAddress> publicOnly(String host) throws UnknownHostException {
        var addresses = names.lookup(host);
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
