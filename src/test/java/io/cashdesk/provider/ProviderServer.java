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

/** A provider's server that answers what a test wants; it keeps the case of header names, which the WeChat Pay SDK needs. */
public final class ProviderServer implements AutoCloseable {
    /** A request as it came. */
    public record Asked(String method, String path, String query, Map<String, String> headers, String body) {}

    /** What is answered; a status of 0 hangs up without a word. */
    public record Said(int status, Map<String, String> headers, String body, Duration after) {
        public Said(int status, Map<String, String> headers, String body) {
            this(status, headers, body, Duration.ZERO);
        }

        public Said late(Duration after) {
            return new Said(status, headers, body, after);
        }

        public static Said hangUp() {
            return new Said(0, Map.of(), "");
        }

        public static Said page(int status) {
            return new Said(status, Map.of("Content-Type", "text/html"), "<html><body>Bad Gateway</body></html>");
        }
    }

    private final Undertow server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Function<Asked, Said> answering = request -> Said.page(404);

    public ProviderServer() {
        server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(16)
                .setHandler(new BlockingHandler(this::answer))
                .build();
        server.start();
    }

    public void answers(Function<Asked, Said> how) {
        answering = how;
        asked.clear();
    }

    public void answers(Said always) {
        answers(request -> always);
    }

    public List<Asked> asked() {
        return asked;
    }

    public URI address() {
        var port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        return URI.create("http://127.0.0.1:" + port);
    }

    private void answer(HttpServerExchange exchange) throws IOException {
        var headers = new java.util.TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach(h -> headers.put(h.getHeaderName().toString(), h.getFirst()));
        var body = new String(exchange.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var request = new Asked(
                exchange.getRequestMethod().toString(),
                exchange.getRequestURI(),
                exchange.getQueryString(),
                headers,
                body);
        asked.add(request);
        var said = answering.apply(request);
        try {
            closing.await(said.after().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (said.status() == 0) {
            exchange.getConnection().close();
            return;
        }
        exchange.setStatusCode(said.status());
        said.headers().forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
        if (!said.body().isEmpty()) exchange.getOutputStream().write(said.body().getBytes(StandardCharsets.UTF_8));
        exchange.endExchange();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop();
    }

    /** An address at which nobody listens. */
    public static URI nobody() {
        try (var socket = new java.net.ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
