package io.cashdesk.demo;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * HTTP client of the demo shop for Cashdesk's public API. The server calls itself here, so there are only two calls,
 * with short timeouts.
 */
@ApplicationScoped
class PublicApi {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /** @param body the response body; an empty object if it was not JSON */
    record ApiResponse(int status, JsonObject body) {}

    /** @throws IOException if there was no response within 10 seconds */
    ApiResponse call(DemoCredentials.Credentials credentials, String name, JsonObject body) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(credentials.base() + "/api/pay/" + name))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + credentials.key())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new ApiResponse(answer.statusCode(), object(answer.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while waiting for " + name, e);
        }
    }

    static JsonObject object(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (RuntimeException notJson) { // the parser has other types for too deep and too long
            return JsonObject.EMPTY_JSON_OBJECT;
        }
    }
}
