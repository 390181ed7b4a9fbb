package io.cashdesk.webhook;

import io.cashdesk.ground.http.PublicHttpClient;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Function;

/**
 * What came of telling a merchant once.
 *
 * @param at when it was sent
 * @param status the HTTP status, or null if there was no answer
 * @param answer the beginning of what was answered, or null
 * @param error why it does not count as heard, or null if it does
 * @param address the address and port that answered, or null
 * @param rest for how long we were asked to stay away, at most {@link #LONGEST_REST}; zero if we were not
 */
record DeliveryResult(
        Instant at, Integer status, String answer, String error, long tookMs, String address, Duration rest) {
    /** How much of an answer is kept, in characters. */
    private static final int KEPT = 4 * 1024;

    /** A {@code Retry-After} of more than this is taken for this. */
    static final Duration LONGEST_REST = Duration.ofHours(1);

    boolean heard() {
        return error == null;
    }

    /** Whether it said that it is not there any more, and never will be. */
    boolean gone() {
        return status != null && status == 410;
    }

    /** Whether it is the server that wants to be left alone, and not only this one webhook. */
    boolean overloaded() {
        return status != null && (status == 429 || status == 503);
    }

    static DeliveryResult failed(Instant at, String why, long tookMs) {
        return new DeliveryResult(at, null, null, why, tookMs, null, Duration.ZERO);
    }

    /** Heard is a 2xx and, if the answer is JSON with {@code code} or {@code errcode}, that being 0. */
    static DeliveryResult answered(Instant at, PublicHttpClient.Exchange exchange) {
        return answered(at, exchange, body -> Optional.ofNullable(refusal(body)));
    }

    /** @param refusal why the body of a 2xx is no yes */
    static DeliveryResult answered(
            Instant at, PublicHttpClient.Exchange exchange, Function<String, Optional<String>> refusal) {
        var ms = exchange.took().toMillis();
        var body = exchange.body().replace("\0", "");
        var kept = body.length() > KEPT ? body.substring(0, KEPT) : body;
        var yes = exchange.status() / 100 == 2;
        var error = yes ? refusal.apply(body).orElse(null) : "HTTP " + exchange.status();
        var rest = yes ? Duration.ZERO : rest(exchange.headers().get("Retry-After"), at.plus(exchange.took()));
        return new DeliveryResult(at, exchange.status(), kept, error, ms, exchange.address(), rest);
    }

    /** {@code Retry-After} by RFC 9110: seconds, or a date. What cannot be read asks for nothing. */
    private static Duration rest(String retryAfter, Instant now) {
        if (retryAfter == null) return Duration.ZERO;
        var text = retryAfter.strip();
        Duration asked;
        if (text.matches("\\d+")) {
            asked = text.length() > 9 ? LONGEST_REST : Duration.ofSeconds(Long.parseLong(text));
        } else {
            try {
                var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
                asked = Duration.between(now, date.toInstant());
            } catch (DateTimeException unreadable) {
                return Duration.ZERO;
            }
        }
        if (asked.isNegative()) return Duration.ZERO;
        return asked.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : asked;
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
