package io.cashdesk.otherprovider;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** What both providers need to read requests and answer them. */
final class Http {
    private Http() {}

    static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void send(HttpServerExchange exchange, int status, String type, String body) throws IOException {
        exchange.setStatusCode(status);
        if (!body.isEmpty()) {
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
            exchange.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        exchange.endExchange();
    }
}
