package io.cashdesk.testing;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A merchant's own server: it records the webhooks that it receives and answers as a test decides. */
public final class MerchantServer implements AutoCloseable {
    /** Less than the 15 seconds for which a node waits for an answer; then it sends the next webhook. */
    private static final Duration COUNTED = Duration.ofSeconds(14);

    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile String answer = "{\"code\":0}";
    private volatile Map<String, String> answerHeaders = Map.of();
    private volatile Duration delay = Duration.ZERO;
    private volatile CountDownLatch held = new CountDownLatch(0);
    private final AtomicInteger concurrent = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    /**
     * One request as it arrived.
     *
     * @param target method, path and query
     */
    public record Received(String id, String body, HttpHeaders headers, Instant at, String target) {
        public String type() {
            try (var reader = Json.createReader(new StringReader(body))) {
                return reader.readObject().getString("type");
            }
        }

        public boolean verifies(String secret) {
            try {
                new Webhook(secret).verify(body, headers);
                return true;
            } catch (WebhookVerificationException e) {
                return false;
            }
        }
    }

    public MerchantServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var headers = HttpHeaders.of(exchange.getRequestHeaders(), (n, v) -> true);
            var target = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            received.add(
                    new Received(headers.firstValue("webhook-id").orElse(""), body, headers, Instant.now(), target));
            delay();
            answerHeaders.forEach(exchange.getResponseHeaders()::set);
            var bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    private void delay() {
        var release = held;
        try {
            if (!counted(release)) release.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits, and is counted meanwhile; false if it is still held when its caller is about to give up. */
    private boolean counted(CountDownLatch release) throws InterruptedException {
        mostAtOnce.accumulateAndGet(concurrent.incrementAndGet(), Math::max);
        try {
            TimeUnit.MILLISECONDS.sleep(delay.toMillis());
            return release.await(COUNTED.toSeconds(), TimeUnit.SECONDS);
        } finally {
            concurrent.decrementAndGet();
        }
    }

    /** Answers only after this time. */
    public void delay(Duration delay) {
        this.delay = delay;
    }

    /** Answers nothing from now on, until {@link #release} or the end. */
    public void hold() {
        held = new CountDownLatch(1);
    }

    /** Answers what it has held, and from now on at once. */
    public void release() {
        held.countDown();
    }

    /** How many webhooks wait here for their answer, whose node waits for it too. */
    public int waiting() {
        return concurrent.get();
    }

    /** How many webhooks were here at the same time, at most. */
    public int mostAtOnce() {
        return mostAtOnce.get();
    }

    /** Sends this header with every answer. */
    public void answerHeader(String header, String value) {
        answerHeaders = Map.of(header, value);
    }

    public void answers(int status, String answer) {
        this.status = status;
        this.answer = answer;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    public List<Received> received() {
        return List.copyOf(received);
    }

    public List<Received> about(String outTradeNo) {
        return received.stream()
                .filter(h -> h.body().contains("\"out_trade_no\":\"" + outTradeNo + "\""))
                .toList();
    }

    @Override
    public void close() {
        release();
        server.stop(0);
    }
}
