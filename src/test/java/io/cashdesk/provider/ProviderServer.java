package io.cashdesk.provider;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A provider's HTTP server whose answers a test sets. It keeps the case of header names, which the WeChat Pay SDK
 * depends on.
 */
public final class ProviderServer implements AutoCloseable {
    /** A received request. */
    public record Request(String method, String path, String query, Map<String, String> headers, String body) {}

    /**
     * An answer.
     *
     * @param status 0 closes the connection without an answer
     * @param delay how long after the request it is sent
     */
    public record Answer(int status, Map<String, String> headers, String body, Duration delay) {
        public Answer(int status, Map<String, String> headers, String body) {
            this(status, headers, body, Duration.ZERO);
        }

        public Answer delayed(Duration delay) {
            return new Answer(status, headers, body, delay);
        }

        public static Answer hangUp() {
            return new Answer(0, Map.of(), "");
        }

        /** HTML, as a proxy sends it. */
        public static Answer page(int status) {
            return new Answer(status, Map.of("Content-Type", "text/html"), "<html><body>Bad Gateway</body></html>");
        }
    }

    private final Undertow server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Function<Request, Answer> answers = request -> Answer.page(404);

    public ProviderServer() {
        server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(16)
                .setHandler(new BlockingHandler(this::handle))
                .build();
        server.start();
    }

    /** Sets the answers to all later requests and forgets the requests so far. */
    public void answers(Function<Request, Answer> answers) {
        this.answers = answers;
        requests.clear();
    }

    public void answers(Answer always) {
        answers(request -> always);
    }

    /** Since the answers were last set. */
    public List<Request> requests() {
        return requests;
    }

    public URI address() {
        var port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        return URI.create("http://127.0.0.1:" + port);
    }

    private void handle(HttpServerExchange exchange) throws IOException {
        var headers = new java.util.TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach(h -> headers.put(h.getHeaderName().toString(), h.getFirst()));
        var body = new String(exchange.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var request = new Request(
                exchange.getRequestMethod().toString(),
                exchange.getRequestURI(),
                exchange.getQueryString(),
                headers,
                body);
        requests.add(request);
        var answer = answers.apply(request);
        try {
            closing.await(answer.delay().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (answer.status() == 0) {
            exchange.getConnection().close();
            return;
        }
        exchange.setStatusCode(answer.status());
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
        if (!answer.body().isEmpty())
            exchange.getOutputStream().write(answer.body().getBytes(StandardCharsets.UTF_8));
        exchange.endExchange();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop();
    }

    /** An address at which no server listens. */
    public static URI closedPort() {
        try (var socket = new java.net.ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
