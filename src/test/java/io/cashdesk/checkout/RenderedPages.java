package io.cashdesk.checkout;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cashdesk.ground.page.View;
import io.cashdesk.page.Rendered;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves rendered payer's pages with their style sheets, their script and the product's Content-Security-Policy, so
 * that a browser can measure every state in a moment. No order is behind them: each query of the address has the view
 * that the test gave it.
 */
final class RenderedPages implements AutoCloseable {
    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; "
            + "img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private final ConcurrentHashMap<String, View> views = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    RenderedPages() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/assets/", RenderedPages::asset);
        server.createContext("/checkout/tok", this::page);
        server.createContext("/checkout/tok/queryPayment", this::unchanged);
        server.start();
    }

    /** @param query of the address, as "asked"; empty: without one */
    RenderedPages show(String query, View view) {
        views.put(query, view);
        return this;
    }

    String address() {
        return "http://localhost:" + server.getAddress().getPort() + "/checkout/tok";
    }

    private static void asset(HttpExchange exchange) throws IOException {
        var name = Path.of(exchange.getRequestURI().getPath()).getFileName().toString();
        var type = name.endsWith(".css") ? "text/css" : name.endsWith(".js") ? "text/javascript" : "image/svg+xml";
        answer(exchange, type, Files.readAllBytes(Path.of("webapp/assets").resolve(name)));
    }

    private void page(HttpExchange exchange) throws IOException {
        var query = exchange.getRequestURI().getQuery();
        var html = Rendered.html(views.get(query == null ? "" : query));
        answer(exchange, "text/html;charset=UTF-8", html.getBytes(StandardCharsets.UTF_8));
    }

    /** Nothing changes: a poll waits for as long as the pages are served. */
    private void unchanged(HttpExchange exchange) throws IOException {
        try (exchange) {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
