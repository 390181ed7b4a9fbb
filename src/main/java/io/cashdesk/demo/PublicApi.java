package io.cashdesk.demo;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The two calls that the shop makes, over HTTP like any customer's. They leave this server and come back to it: few, and short. */
@ApplicationScoped
class PublicApi {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /** @param body what was answered; {@code {}} if it was not JSON */
    record Answer(int status, JsonObject body) {}

    /** @throws IOException if no answer came within 10 seconds */
    Answer call(DemoCredentials.Contract contract, String name, JsonObject body) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(contract.base() + "/api/pay/" + name))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + contract.key())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), object(answer.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while waiting for " + name, e);
        }
    }

    static JsonObject object(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (JsonException notJson) {
            return JsonObject.EMPTY_JSON_OBJECT;
        }
    }
}
