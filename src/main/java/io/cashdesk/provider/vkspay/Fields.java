package io.cashdesk.provider.vkspay;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Names and values as texts: of a form, a query or the members of a JSON object. Sorted by name, as signatures want.
 */
final class Fields {
    private Fields() {}

    /**
     * Of a form or a query, each name and value decoded once, because the signature is over these.
     *
     * @throws IllegalArgumentException if it is none, or names a field twice
     */
    static SortedMap<String, String> ofForm(String encoded) {
        var fields = new TreeMap<String, String>();
        for (var pair : encoded.split("&")) {
            if (pair.isEmpty()) continue;
            int at = pair.indexOf('=');
            if (at <= 0) throw new IllegalArgumentException("a field without a name or a value");
            var name = decoded(pair.substring(0, at));
            if (fields.put(name, decoded(pair.substring(at + 1))) != null) {
                throw new IllegalArgumentException("the field " + name + " stands there twice");
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        var decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
        if (decoded.indexOf('\uFFFD') >= 0 || decoded.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a field that is not UTF-8, or has U+0000");
        }
        return decoded;
    }

    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(f -> encoded(f.getKey()) + "=" + encoded(f.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * The members of a JSON object that are texts, numbers or truth values; the others are left out, as signatures do.
     */
    static SortedMap<String, String> ofJson(JsonObject object) {
        var fields = new TreeMap<String, String>();
        object.forEach((name, value) -> {
            var text = text(value);
            if (text != null) fields.put(name, text);
        });
        return fields;
    }

    /** As PHP writes a scalar as a text; null if it is none. A number keeps the digits that were sent. */
    static String text(JsonValue value) {
        if (value instanceof JsonString string) return string.getString();
        if (value instanceof JsonNumber number) return number.toString();
        if (value == null) return null;
        return switch (value.getValueType()) {
            case TRUE -> "1";
            case FALSE -> "";
            default -> null;
        };
    }

    /** A scalar member as a text without blanks around it; an empty one if there is none. */
    static String text(JsonObject object, String name) {
        var text = text(object.get(name));
        return text == null ? "" : text.strip();
    }
}
