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
 * The result of one try.
 *
 * @param at when it was sent
 * @param status the HTTP status, or null if there was no answer
 * @param answer the first characters of the answer, or null
 * @param error why it does not count as acknowledged, or null if it does
 * @param address the IP address and port that answered, or null
 * @param retryAfter how long the endpoint asked to wait, at most {@link #LONGEST_RETRY_AFTER}; zero if it did not ask
 */
record DeliveryResult(
        Instant at, Integer status, String answer, String error, long tookMs, String address, Duration retryAfter) {
    /** How much of an answer is stored, in characters. */
    private static final int STORED = 4 * 1024;

    /** A {@code Retry-After} of more than this is taken for this. */
    static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    boolean acknowledged() {
        return error == null;
    }

    /** Whether the address does not exist any more, for good: HTTP 410. */
    boolean gone() {
        return status != null && status == 410;
    }

    /** Whether the whole server asks for a pause, and not only for this delivery: HTTP 429 and 503. */
    boolean overloaded() {
        return status != null && (status == 429 || status == 503);
    }

    static DeliveryResult failed(Instant at, String why, long tookMs) {
        return new DeliveryResult(at, null, null, why, tookMs, null, Duration.ZERO);
    }

    /** Acknowledged is a 2xx and, if the answer is JSON with {@code code} or {@code errcode}, that being 0. */
    static DeliveryResult answered(Instant at, PublicHttpClient.Exchange exchange) {
        return answered(at, exchange, body -> Optional.ofNullable(refusal(body)));
    }

    /** @param refusal why the body of a 2xx does not acknowledge, or empty if it does */
    static DeliveryResult answered(
            Instant at, PublicHttpClient.Exchange exchange, Function<String, Optional<String>> refusal) {
        var ms = exchange.took().toMillis();
        var body = exchange.body().replace("\0", "");
        var stored = body.length() > STORED ? body.substring(0, STORED) : body;
        var ok = exchange.status() / 100 == 2;
        var error = ok ? refusal.apply(body).orElse(null) : "HTTP " + exchange.status();
        var retryAfter =
                ok ? Duration.ZERO : retryAfter(exchange.headers().get("Retry-After"), at.plus(exchange.took()));
        return new DeliveryResult(at, exchange.status(), stored, error, ms, exchange.address(), retryAfter);
    }

    /** {@code Retry-After} by RFC 9110, section 10.2.3: seconds, or a date. What cannot be read is ignored. */
    private static Duration retryAfter(String header, Instant now) {
        if (header == null) return Duration.ZERO;
        var text = header.strip();
        Duration pause;
        if (text.matches("\\d+")) {
            pause = text.length() > 9 ? LONGEST_RETRY_AFTER : Duration.ofSeconds(Long.parseLong(text));
        } else {
            try {
                var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
                pause = Duration.between(now, date.toInstant());
            } catch (DateTimeException unreadable) {
                return Duration.ZERO;
            }
        }
        if (pause.isNegative()) return Duration.ZERO;
        return pause.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : pause;
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
