package io.cashdesk.testing;

import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** A server to which the simulated WeChat pushes events: returns what the address check sends, keeps each event. */
public final class PushReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Push> received = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> checks = new CopyOnWriteArrayList<>();
    private volatile String answer = "success";

    /** An event as it arrived. */
    public record Push(Map<String, String> query, String body, Instant at) {
        public String query(String name) {
            return query.getOrDefault(name, "");
        }

        /** A member of the body in either format, wherever it is; an empty text if there is none. */
        public String member(String name) {
            return member(body, name);
        }

        /** The same of another message. */
        public static String member(String message, String name) {
            var inXml = Pattern.compile("<" + name + ">(?:<!\\[CDATA\\[)?(.*?)(?:]]>)?</" + name + ">")
                    .matcher(message);
            if (inXml.find()) return inXml.group(1);
            var inJson = Pattern.compile("\"" + name + "\":(?:\"([^\"]*)\"|(-?\\d+))")
                    .matcher(message);
            if (!inJson.find()) return "";
            return inJson.group(1) == null
                    ? inJson.group(2)
                    : Json.createReader(new StringReader("[\"" + inJson.group(1) + "\"]"))
                            .readArray()
                            .getString(0);
        }
    }

    public PushReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            var query = parameters(exchange.getRequestURI().getRawQuery());
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var check = exchange.getRequestMethod().equals("GET");
            if (check) checks.add(query);
            else received.add(new Push(query, body, Instant.now()));
            var bytes = (check ? query.getOrDefault("echostr", "") : answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    private static Map<String, String> parameters(String query) {
        var parameters = new HashMap<String, String>();
        if (query == null) return parameters;
        for (var pair : query.split("&")) {
            var at = pair.indexOf('=');
            parameters.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/push?of=test";
    }

    /** What every event is answered with from now on. */
    public void answers(String text) {
        answer = text;
    }

    public List<Push> received() {
        return received;
    }

    public List<Map<String, String>> checks() {
        return checks;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
