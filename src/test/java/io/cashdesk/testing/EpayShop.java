package io.cashdesk.testing;

import com.sun.net.httpserver.HttpServer;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A shop that speaks epay, version 1 and 2, to whatever gateway it has: written from the protocol, with signing code of
 * its own. Its server records the notifications that it gets and acknowledges them unless a test decides otherwise.
 */
public final class EpayShop implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    public final KeyPair keys = rsa();
    private final URI gateway;
    private final HttpServer server;
    private final List<Map<String, String>> notified = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
    public String pid;
    public String key;
    public String platformKey;

    /** An answer: its status, its body and where it leads. */
    public record Answer(int status, String body, String location) {
        public JsonObject json() {
            return new Node.Answer(status, body, "").json();
        }
    }

    /** @param gateway with its last path, and without a slash at the end: https://pay.example/epay */
    public EpayShop(URI gateway) {
        this.gateway = gateway;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/notify", exchange -> {
            var sent = decoded(exchange.getRequestURI().getRawQuery());
            sent.put(" method", exchange.getRequestMethod());
            notified.add(sent);
            var next = answers.poll();
            var bytes = (next == null ? "success" : next).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    /** What the next notifications are answered, before they are acknowledged again. */
    public void answersNext(String... texts) {
        answers.addAll(List.of(texts));
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The public key that the gateway has to know. */
    public String publicKey() {
        return Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
    }

    /** The notifications about an order, the oldest first; {@code " method"} is the method of HTTP. */
    public List<Map<String, String>> notified(String number) {
        return notified.stream()
                .filter(n -> number.equals(n.get("out_trade_no")))
                .toList();
    }

    /** What an order needs. */
    public Map<String, String> order(String number, String money) {
        var order = new TreeMap<String, String>();
        order.put("pid", pid);
        order.put("out_trade_no", number);
        order.put("notify_url", url() + "/notify?shop=7");
        order.put("return_url", url() + "/return");
        order.put("name", "小秋TIT店/茶=2&3");
        order.put("money", money);
        order.put("clientip", "203.0.113.7");
        return order;
    }

    public static String content(Map<String, String> parameters) {
        var text = new StringBuilder();
        new TreeMap<>(parameters).forEach((name, value) -> {
            if (name.equals("sign") || name.equals("sign_type") || value.isEmpty()) return;
            text.append(text.length() == 0 ? "" : "&").append(name).append('=').append(value);
        });
        return text.toString();
    }

    public static String md5(Map<String, String> parameters, String key) {
        try {
            var hash = MessageDigest.getInstance("MD5")
                    .digest((content(parameters) + key).getBytes(StandardCharsets.UTF_8));
            var hex = new StringBuilder();
            for (var b : hash) hex.append(String.format("%02x", b));
            return hex.toString();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the signature of version 1. */
    public Map<String, String> v1(Map<String, String> parameters) {
        var signed = new TreeMap<>(parameters);
        signed.put("sign", md5(parameters, key));
        signed.put("sign_type", "MD5");
        return signed;
    }

    /** With time and signature of version 2. */
    public Map<String, String> v2(Map<String, String> parameters) {
        return v2(parameters, Instant.now().getEpochSecond());
    }

    public Map<String, String> v2(Map<String, String> parameters, long timestamp) {
        var signed = new TreeMap<>(parameters);
        signed.put("pid", pid);
        signed.put("timestamp", Long.toString(timestamp));
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(content(signed).getBytes(StandardCharsets.UTF_8));
            signed.put("sign", Base64.getEncoder().encodeToString(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        signed.put("sign_type", "RSA");
        return signed;
    }

    /** Whether the platform has signed these parameters with RSA, within 300 seconds. */
    public boolean isOfPlatform(Map<String, String> parameters) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(KeyFactory.getInstance("RSA")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(platformKey))));
            signature.update(content(parameters).getBytes(StandardCharsets.UTF_8));
            var skew = Instant.now().getEpochSecond() - Long.parseLong(parameters.get("timestamp"));
            return Math.abs(skew) <= 300 && signature.verify(Base64.getDecoder().decode(parameters.get("sign")));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The texts and numbers of an answer, as they are signed. */
    public static Map<String, String> members(JsonObject answer) {
        var members = new TreeMap<String, String>();
        answer.forEach((name, value) -> {
            if (value.getValueType() == JsonValue.ValueType.STRING) members.put(name, answer.getString(name));
            if (value.getValueType() == JsonValue.ValueType.NUMBER) members.put(name, value.toString());
        });
        return members;
    }

    public Answer get(String path, Map<String, String> parameters) {
        return send(HttpRequest.newBuilder(URI.create(gateway + path + "?" + encoded(parameters))));
    }

    public Answer post(String path, Map<String, String> parameters) {
        return send(HttpRequest.newBuilder(URI.create(gateway + path))
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(encoded(parameters))));
    }

    public static Answer send(HttpRequest.Builder request) {
        try {
            var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    answer.statusCode(),
                    answer.body(),
                    answer.headers().firstValue("Location").orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String encoded(Map<String, String> parameters) {
        var text = new StringBuilder();
        parameters.forEach((name, value) -> text.append(text.length() == 0 ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return text.toString();
    }

    public static Map<String, String> decoded(String query) {
        var parameters = new TreeMap<String, String>();
        for (var pair : query.split("&")) {
            var parts = pair.split("=", 2);
            parameters.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(parts.length > 1 ? parts[1] : "", StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static KeyPair rsa() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
