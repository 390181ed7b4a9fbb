package io.cashdesk.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A network between two servers that loses, delays and repeats messages and answers with errors, as the seed decides.
 */
final class FaultyNetwork implements AutoCloseable {
    /** What can happen to one exchange. */
    enum Fault {
        /** The request never arrives, and the connection breaks. */
        REQUEST_LOST,
        /** The request arrives, but the connection breaks before the answer. */
        ANSWER_LOST,
        /** The answer arrives after the caller has given up. */
        ANSWER_SLOW,
        /** The request arrives after the caller has given up. */
        REQUEST_SLOW,
        /** The request arrives twice; the second answer is passed on. */
        REQUEST_TWICE,
        /** A proxy answers 502 and passes nothing on. */
        BAD_GATEWAY_BEFORE,
        /** The request arrives, and a proxy answers 502. */
        BAD_GATEWAY_AFTER
    }

    private static final Set<String> NOT_PASSED_ON = Set.of(
            "connection",
            "content-length",
            "host",
            "transfer-encoding",
            "upgrade",
            "expect",
            "http2-settings",
            "date",
            "keep-alive");

    private static final Pattern NUMBER =
            Pattern.compile("[\"&](out_trade_no|out_refund_no|out_request_no)(?:\":\"|=)([^\"&]+)");

    /** Of an epay site, and of Douyin's two dialects. */
    private static final Pattern REFUND_QUERY = Pattern.compile("/(refundquery|query_refund|refund_query/?)$");

    /** No caller gives up sooner than this. */
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1_800);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final long seed;
    private final Map<Fault, Integer> perThousand;
    private final Duration slow;
    private final Supplier<List<URI>> ends;
    private final AtomicLong exchanges = new AtomicLong();
    private final Map<Fault, AtomicLong> faults = new EnumMap<>(Fault.class);
    private final int port;
    private final Map<String, Long> running = new ConcurrentHashMap<>();
    private final Queue<String> overlaps = new ConcurrentLinkedQueue<>();
    private volatile boolean faulty = true;
    private HttpServer server;

    /**
     * @param perThousand how many of a thousand exchanges have each fault
     * @param slow longer than the callers wait
     * @param ends where requests go: to the first, or to the next one if nothing listens there
     */
    FaultyNetwork(long seed, Map<Fault, Integer> perThousand, Duration slow, Supplier<List<URI>> ends) {
        this.seed = seed;
        this.perThousand = new EnumMap<>(perThousand);
        this.slow = slow;
        this.ends = ends;
        for (var fault : Fault.values()) faults.put(fault, new AtomicLong());
        listen(0);
        this.port = server.getAddress().getPort();
    }

    private void listen(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            server.setExecutor(threads);
            server.createContext("/", this::pass);
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Connections are refused for this long. */
    void downFor(Duration time) throws InterruptedException {
        server.stop(0);
        TimeUnit.MILLISECONDS.sleep(time.toMillis());
        listen(port);
    }

    /** Switches the faults on or off. */
    void faulty(boolean faulty) {
        this.faulty = faulty;
    }

    /** How often each fault happened. */
    Map<Fault, AtomicLong> faults() {
        return faults;
    }

    /** Payment and refund calls that began while another one with the same number was waiting for its answer. */
    Collection<String> overlaps() {
        return overlaps;
    }

    /** A request that refunds twice, or is refused the second time, if it arrives twice, whoever repeats it. */
    private static boolean isRefundWithoutNumber(HttpExchange exchange, byte[] bytes) {
        var body = new String(bytes, UTF_8);
        var address = exchange.getRequestURI();
        return (address.getPath().endsWith("/vkspay/api") && body.contains("\"orderrefund\""))
                || (address.getPath().endsWith("/api.php")
                        && (address.getRawQuery() + "&" + body).contains("act=refund"));
    }

    /** The call and its number, if it must not run twice at once; empty for queries. */
    private static String call(HttpExchange exchange, byte[] bytes) {
        if (!exchange.getRequestMethod().equals("POST")) return "";
        var query = exchange.getRequestURI().getRawQuery();
        var body = URLDecoder.decode("&" + (query == null ? "" : query + "&") + new String(bytes, UTF_8), UTF_8);
        var refund = (body.contains("out_refund_no")
                        && !REFUND_QUERY
                                .matcher(exchange.getRequestURI().getPath())
                                .find()
                        && !body.contains("orderrefundquery"))
                || body.contains("alipay.trade.refund");
        var makes = exchange.getRequestURI().getPath().contains("/v3/pay/transactions/")
                || body.contains("alipay.trade.precreate")
                || body.contains("method=alipay.trade.pay");
        if (!refund && !makes) return "";
        var number = NUMBER.matcher(body);
        var numbers = new StringBuilder();
        while (number.find()) numbers.append(' ').append(number.group(2));
        return exchange.getRequestURI().getPath() + (refund ? " refund" : "") + numbers;
    }

    private Fault draw() {
        var n = exchanges.incrementAndGet();
        if (!faulty) return null;
        var left = new SplittableRandom(seed ^ n * 0x9E3779B97F4A7C15L).nextInt(1000);
        for (var entry : perThousand.entrySet()) {
            left -= entry.getValue();
            if (left < 0) return entry.getKey();
        }
        return null;
    }

    private void pass(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readAllBytes();
        var call = call(exchange, body);
        var now = System.nanoTime();
        if (!call.isEmpty()) {
            var before = running.put(call, now);
            if (before != null && now - before < SHORTEST_TIMEOUT.toNanos()) overlaps.add(call);
        }
        try (exchange) {
            pass(exchange, body);
        } finally {
            running.remove(call, now);
        }
    }

    private void pass(HttpExchange exchange, byte[] body) throws IOException {
        var fault = draw();
        if (fault != null) faults.get(fault).incrementAndGet();
        if (fault == Fault.REQUEST_LOST) return; // closed without an answer
        if (fault == Fault.BAD_GATEWAY_BEFORE) {
            badGateway(exchange);
            return;
        }
        if (fault == Fault.REQUEST_SLOW) sleep(slow);
        if (fault == Fault.REQUEST_TWICE && !isRefundWithoutNumber(exchange, body)) send(exchange, body);
        var answer = send(exchange, body);
        if (fault == Fault.ANSWER_LOST) return;
        if (fault == Fault.ANSWER_SLOW) sleep(slow);
        if (fault == Fault.BAD_GATEWAY_AFTER || answer == null) {
            badGateway(exchange);
            return;
        }
        answer.headers().map().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        var bytes = answer.body();
        exchange.sendResponseHeaders(answer.statusCode(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) exchange.getResponseBody().write(bytes);
    }

    private static void badGateway(HttpExchange exchange) throws IOException {
        var page = "<h1>502 Bad Gateway</h1>".getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.sendResponseHeaders(502, page.length);
        exchange.getResponseBody().write(page);
    }

    /** The answer of the first end that listens; null if none does. */
    private HttpResponse<byte[]> send(HttpExchange exchange, byte[] body) {
        for (var end : ends.get()) {
            var target = URI.create(end + exchange.getRequestURI().toString());
            var request = HttpRequest.newBuilder(target).timeout(Duration.ofSeconds(20));
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT)))
                    values.forEach(v -> request.header(name, v));
            });
            request.method(
                    exchange.getRequestMethod(),
                    body.length == 0
                            ? HttpRequest.BodyPublishers.noBody()
                            : HttpRequest.BodyPublishers.ofByteArray(body));
            try {
                return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            } catch (java.net.ConnectException refused) {
                // the next end, if there is one
            } catch (IOException broken) {
                return null; // it may have arrived: not sent again
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
        return null;
    }

    private static void sleep(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
