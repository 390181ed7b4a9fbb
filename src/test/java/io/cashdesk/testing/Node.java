package io.cashdesk.testing;

import io.cashdesk.run.Server;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A real server in a process of its own, on its own ports, as one node of an installation. */
public final class Node {
    public static final String MANAGE_TOKEN = "0123456789abcdef0123";

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final String name;
    private final Map<String, String> environment = new HashMap<>();
    private final int port;
    private volatile Server server;

    Node(String name, String dbUrl, String baseUrl, Map<String, String> more) {
        this(name, TestRun.freePort(), TestRun.freePort(), dbUrl, more);
        if (baseUrl != null) environment.put("CASHDESK_BASE_URL", baseUrl);
    }

    private Node(String name, int port, int simulatorPort, String dbUrl, Map<String, String> more) {
        this.name = name;
        this.port = port;
        environment.put("CASHDESK_DB_URL", dbUrl);
        environment.put("CASHDESK_BASE_URL", "http://localhost:" + port);
        environment.put("CASHDESK_HTTP_PORT", Integer.toString(port));
        environment.put("CASHDESK_SIMULATOR_PORT", Integer.toString(simulatorPort));
        environment.putAll(settings(name, more));
    }

    /** A server that runs already and is not ours to stop. */
    static Node running(String name, int port, int simulatorPort, String dbUrl, Map<String, String> more) {
        return new Node(name, port, simulatorPort, dbUrl, more);
    }

    /** The base directory of a server of this name. */
    static Path directory(String name) {
        return TestRun.directory().resolve("nodes").resolve(name);
    }

    /** What every node of the tests is configured with, and more. */
    static Map<String, String> settings(String name, Map<String, String> more) {
        var settings = new HashMap<String, String>();
        settings.put("CASHDESK_NODE", name);
        settings.put("CASHDESK_MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        settings.put("CASHDESK_MANAGE_TOKEN", MANAGE_TOKEN);
        settings.put("CASHDESK_DEVELOPMENT", "true");
        settings.putAll(more);
        return settings;
    }

    public Node start() {
        var begun = System.nanoTime();
        try {
            var home = Path.of(System.getProperty("jboss.home"));
            var base = directory(name);
            if (server == null) Server.copyBase(home, base);
            server = Server.start(
                    new Server.Plan(
                            home,
                            base,
                            Optional.of(Path.of(environment.getOrDefault("WAR", System.getProperty("cashdesk.war")))),
                            "127.0.0.1",
                            port,
                            TestRun.freePort(),
                            base.resolve("server.log"),
                            environment),
                    environment.getOrDefault("JVM_OPTIONS", "-XX:TieredStopAtLevel=1")); // starts quickly, runs slowly
            if (Nodes.closing()) throw new IllegalStateException("the tests have ended");
            if (environment.containsKey(SteeredTime.FILE)) server.awaitAnswering();
            else server.awaitReady();
            Timings.server(name, System.nanoTime() - begun);
            return this;
        } catch (Exception e) {
            if (server != null) server.kill();
            throw new IllegalStateException("node " + name + ": " + e.getMessage(), e);
        }
    }

    /** SIGKILL: nothing is finished, nothing is answered. */
    public void kill() {
        if (server != null) server.kill();
    }

    public void stop() {
        if (server != null) server.close();
    }

    public boolean isRunning() {
        return server != null && server.process().isAlive();
    }

    /** The script that started it; the JVM is its child. */
    public Process process() {
        return server.process();
    }

    public URI base() {
        return URI.create("http://localhost:" + port);
    }

    public String dbUrl() {
        return environment.get("CASHDESK_DB_URL");
    }

    public String environment(String key) {
        return environment.get(key);
    }

    /** An answer: its status and its body. */
    public record Answer(int status, String body, String contentType) {
        public JsonObject json() {
            try (var reader = Json.createReader(new StringReader(body))) {
                return reader.readObject();
            }
        }
    }

    public Answer call(String method, String path, String bearer, String body) {
        var request = HttpRequest.newBuilder(base().resolve(path)).timeout(Duration.ofSeconds(60));
        if (bearer != null) request.header("Authorization", "Bearer " + bearer);
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        return send(request.build());
    }

    public static Answer send(HttpRequest request) {
        try {
            var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    answer.statusCode(),
                    answer.body(),
                    answer.headers().firstValue("Content-Type").orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public Answer manage(String method, String path, JsonObjectBuilder body) {
        return call(method, "/api/manage/" + path, MANAGE_TOKEN, body.build().toString());
    }

    /** Makes a merchant with an API key of this mode; the key. */
    public String merchant(String pid, String mode) {
        manage("PUT", "merchants/" + pid, Json.createObjectBuilder().add("name", "Shop " + pid));
        return manage(
                        "POST",
                        "merchants/" + pid + "/keys",
                        Json.createObjectBuilder().add("mode", mode))
                .json()
                .getString("key");
    }

    public Answer pay(String call, String key, String body) {
        return call("POST", "/api/pay/" + call, key, body);
    }

    public Answer createPayment(String key, String provider, String number, long fen) {
        return pay(
                "createPayment",
                key,
                "{\"provider\":\"" + provider + "\",\"needQRcode\":true,\"data\":{\"out_trade_no\":\"" + number
                        + "\",\"total_fee\":" + fen + ",\"subject\":\"茶\",\"type\":\"goods\"}}");
    }

    /** The address of the checkout page of an order of 9.90 yuan. */
    public String createCheckout(String key, String number) {
        return pay(
                        "createCheckout",
                        key,
                        "{\"data\":{\"out_trade_no\":\"" + number
                                + "\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"goods\"}}")
                .json()
                .getString("checkout_url");
    }

    public JsonObject queryPayment(String key, String number, String more) {
        return pay("queryPayment", key, "{\"out_trade_no\":\"" + number + "\"" + more + "}")
                .json();
    }

    public Answer simulator(String call, String body) {
        return call(body == null ? "GET" : "POST", "/simulator/" + call, null, body);
    }
}
