package io.cashdesk.provider.douyin;

import io.cashdesk.ground.money.Money;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** Reads members of Douyin's messages, which have numbers as texts here and there. */
final class Members {
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    /** Milliseconds from here on, seconds below: the year 5138, and 1973. */
    private static final long MILLISECONDS = 100_000_000_000L;

    private Members() {}

    /** The text of a member, or an empty one; a number's digits. */
    static String text(JsonObject object, String name) {
        var value = object.get(name);
        if (value instanceof JsonString string) return string.getString().strip();
        return value instanceof JsonNumber number && number.isIntegral()
                ? number.bigIntegerValue().toString()
                : "";
    }

    /** A whole number, or its digits as a text; empty if it is something else, or absent. */
    static Optional<Long> whole(JsonObject object, String name) {
        var text = text(object, name);
        return text.matches("-?\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    /** An amount of more than nothing. */
    static Optional<Money> amount(JsonObject object, String name) {
        return whole(object, name).filter(fen -> fen > 0).map(Money::fen);
    }

    /** A Unix time in seconds or milliseconds, or null if there is none. */
    static Instant time(JsonObject object, String name) {
        return whole(object, name)
                .filter(t -> t > 0)
                .map(t -> t >= MILLISECONDS ? Instant.ofEpochMilli(t) : Instant.ofEpochSecond(t))
                .orElse(null);
    }

    /** A time of China, such as 2026-01-01 12:00:09, or null if there is none. */
    static Instant chinaTime(JsonObject object, String name) {
        try {
            return LocalDateTime.parse(text(object, name), TIME).atZone(ZONE).toInstant();
        } catch (DateTimeException absent) {
            return null;
        }
    }

    /** An empty object if there is none. */
    static JsonObject object(JsonObject object, String name) {
        return object.get(name) instanceof JsonObject found ? found : JsonValue.EMPTY_JSON_OBJECT;
    }

    /** The objects of a list; none if there is no list. */
    static List<JsonObject> objects(JsonValue list) {
        if (!(list instanceof JsonArray array)) return List.of();
        return array.stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonValue::asJsonObject)
                .toList();
    }

    /** The JSON object that this text is; empty if it is none. */
    static Optional<JsonObject> parsed(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return Optional.of(reader.readObject());
        } catch (JsonException | IllegalStateException notAnObject) {
            return Optional.empty();
        }
    }

    /** With which wallet the payer has paid, as {@code provider_pay_method} names it, or an empty text. */
    static String wallet(JsonObject object, String name) {
        return switch (text(object, name)) {
            case "1" -> "wxpay";
            case "2" -> "alipay";
            case "10" -> "douyin";
            default -> "";
        };
    }
}
