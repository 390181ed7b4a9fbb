package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.Trade;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/** Texts and numbers as Douyin writes them. */
final class DouyinFormat {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.ofHours(8));

    private DouyinFormat() {}

    /** In China's time; an empty text for null. */
    static String time(Instant at) {
        return at == null ? "" : TIME.format(at);
    }

    /** Seconds; 0 for null. */
    static long seconds(Instant at) {
        return at == null ? 0 : at.getEpochSecond();
    }

    /** Milliseconds; 0 for null. */
    static long millis(Instant at) {
        return at == null ? 0 : at.toEpochMilli();
    }

    /** Always the same digits for the same id. */
    static String digitsOf(UUID id, int length) {
        var bytes = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        var digits = new BigInteger(1, bytes).mod(BigInteger.TEN.pow(length)).toString();
        return "0".repeat(length - digits.length()) + digits;
    }

    /** An answer or a message with the faults of this order that change its numbers. */
    static JsonObject shaped(JsonObject answer, Trade trade) {
        var amounts = trade.has(DouyinFault.AMOUNTS_AS_TEXT);
        var others = trade.has(DouyinFault.NUMBERS_AS_TEXT);
        return (amounts || others) ? shaped(answer, amounts, others) : answer;
    }

    private static JsonObject shaped(JsonObject object, boolean amounts, boolean others) {
        var shaped = Json.createObjectBuilder();
        object.forEach((name, value) -> {
            var isAmount = name.endsWith("amount") || name.endsWith("_fee");
            var chosen = isAmount ? amounts : others;
            shaped.add(name, (chosen && value instanceof JsonNumber n) ? text(n) : inside(value, amounts, others));
        });
        return shaped.build();
    }

    private static JsonValue text(JsonNumber number) {
        return Json.createValue(number.toString());
    }

    private static JsonValue inside(JsonValue value, boolean amounts, boolean others) {
        if (value instanceof JsonObject object) return shaped(object, amounts, others);
        if (!(value instanceof JsonArray list)) return value;
        var shaped = Json.createArrayBuilder();
        list.forEach(item -> shaped.add(inside(item, amounts, others)));
        return shaped.build();
    }
}
