package io.cashdesk.fault;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Merchants' servers that receive webhooks. The first two tries of each are answered as the seed decides: 500, a
 * refusal, nothing, late or twice. HTTP is written by hand, because no library answers one request twice.
 */
final class MerchantReceiver implements AutoCloseable {
    /** From the third try on a merchant answers properly: otherwise the retry schedule takes longer than the test. */
    private static final int BAD_TRIES = 2;

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final long seed;
    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();
    private final AtomicLong faultyAnswers = new AtomicLong();
    private volatile boolean faulty = true;

    /**
     * One webhook as it arrived.
     *
     * @param path the endpoint
     * @param acknowledged whether it was answered at once, properly and with code 0
     */
    record Received(String path, String id, String body, boolean verified, boolean acknowledged) {}

    MerchantReceiver(long seed) {
        this.seed = seed;
        try {
            server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::listen);
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getLocalPort() + path;
    }

    void addSecret(String path, String secret) {
        secrets.put(path, secret);
    }

    void faulty(boolean faulty) {
        this.faulty = faulty;
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    /** How many webhooks were answered with a fault. */
    long faultyAnswers() {
        return faultyAnswers.get();
    }

    private void listen() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                threads.execute(() -> serve(socket));
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            var out = socket.getOutputStream();
            var open = true;
            while (open) open = receive(in, out);
        } catch (IOException closed) {
            // the caller closed the connection; the webhook counts as not answered
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One request; false if the connection ends. */
    private boolean receive(InputStream in, OutputStream out) throws IOException, InterruptedException {
        var first = line(in);
        if (first.isEmpty()) return false;
        var path = first.split(" ")[1];
        var headers = new HashMap<String, List<String>>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            var colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    List.of(line.substring(colon + 1).strip()));
        }
        var length = Integer.parseInt(
                headers.getOrDefault("content-length", List.of("0")).get(0));
        var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        var id = headers.getOrDefault("webhook-id", List.of("")).get(0);
        var verified = verifies(path, body, HttpHeaders.of(headers, (n, v) -> true));
        var draw = draw(path, id);
        if (draw >= 42) {
            answer(out, 200, "", "{\"code\":0}");
            received.add(new Received(path, id, body, verified, true));
            return true;
        }
        faultyAnswers.incrementAndGet();
        var late = draw >= 26 && draw < 32;
        var twice = draw >= 32 && draw < 38;
        if (late) TimeUnit.MILLISECONDS.sleep(1_500);
        if (late || twice) answer(out, 200, "", "{\"code\":0}");
        received.add(new Received(path, id, body, verified, late || twice));
        if (twice) answer(out, 200, "", "{\"code\":0}");
        if (draw < 12) answer(out, 500, "", "not now");
        else if (draw < 16) answer(out, 200, "", "{\"code\":1,\"msg\":\"our database is down\"}");
        else if (draw < 20) answer(out, 503, "Retry-After: 1\r\n", "later");
        else if (draw < 22) TimeUnit.SECONDS.sleep(17);
        else if (draw < 26) return false; // closes the connection without an answer
        else if (draw >= 38) { // a refusal, and then an acknowledgement for the next request over this connection
            answer(out, 500, "", "not now");
            answer(out, 200, "", "{\"code\":0}");
        }
        return true;
    }

    private int draw(String path, String id) {
        var n = tries.computeIfAbsent(path + id, k -> new AtomicInteger()).incrementAndGet();
        if (!faulty || n > BAD_TRIES) return 100;
        return new SplittableRandom(seed ^ (path + id).hashCode() * 31L + n).nextInt(100);
    }

    private boolean verifies(String path, String body, HttpHeaders headers) {
        try {
            new Webhook(secrets.get(path)).verify(body, headers);
            return true;
        } catch (WebhookVerificationException forged) {
            return false;
        }
    }

    private static void answer(OutputStream out, int status, String more, String body) throws IOException {
        out.write(("HTTP/1.1 " + status + " -\r\nContent-Type: application/json\r\n" + more + "Content-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) if (c != '\r') line.append((char) c);
        return line.toString();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
