package io.cashdesk.webhook;

import io.cashdesk.ground.http.Outgoing;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.Optional;
import java.util.function.Function;

/**
 * What came of telling a merchant once.
 *
 * @param status the HTTP status, or null if there was no answer
 * @param answer the beginning of what was answered, or null
 * @param error why it does not count as heard, or null if it does
 */
record Told(Integer status, String answer, String error, long tookMs) {
    /** How much of an answer is kept, in characters. */
    private static final int KEPT = 4 * 1024;

    boolean heard() {
        return error == null;
    }

    static Told failed(String why, long tookMs) {
        return new Told(null, null, why, tookMs);
    }

    /** Heard is a 2xx and, if the answer is JSON with {@code code} or {@code errcode}, that being 0. */
    static Told answered(Outgoing.Exchange exchange) {
        return answered(exchange, body -> Optional.ofNullable(refusal(body)));
    }

    /** @param refusal why the body of a 2xx is no yes */
    static Told answered(Outgoing.Exchange exchange, Function<String, Optional<String>> refusal) {
        var ms = exchange.took().toMillis();
        var body = exchange.body().replace("\0", "");
        var kept = body.length() > KEPT ? body.substring(0, KEPT) : body;
        if (exchange.status() / 100 != 2) return new Told(exchange.status(), kept, "HTTP " + exchange.status(), ms);
        return new Told(exchange.status(), kept, refusal.apply(body).orElse(null), ms);
    }

    private static String refusal(String body) {
        if (!body.strip().startsWith("{")) return null;
        JsonObject json;
        try (var reader = Json.createReader(new StringReader(body))) {
            json = reader.readObject();
        } catch (RuntimeException notJson) { // it began like JSON: whatever its code was, it cannot be read
            return "the answer begins like JSON and cannot be read";
        }
        for (var name : new String[] {"code", "errcode"}) {
            if (!json.containsKey(name)) continue;
            if (!(json.get(name) instanceof JsonNumber n) || n.doubleValue() != 0)
                return name + " is " + json.get(name);
        }
        return null;
    }
}
