package io.cashdesk.face.cloudpay;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a call by their camel-case names, whichever case the caller used. Limits are those of API v2's tables;
 * a field that exceeds one is refused by name and never cut.
 */
record Fields(Map<String, JsonValue> values) {
    static Fields parse(byte[] body) {
        if (body.length == 0) throw Refusal.call("POST_DATA_EMPTY: the body is empty");
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Refusal.call("NOT_UTF8: the body is not UTF-8");
        }
        try (var reader = Json.createReader(new StringReader(text))) {
            return of(reader.readObject());
        } catch (JsonException e) {
            throw Refusal.call("XML_FORMAT_ERROR: the body is not a JSON object");
        }
    }

    private static Fields of(JsonObject object) {
        Map<String, JsonValue> values = new LinkedHashMap<>();
        object.forEach((name, value) -> {
            if (value == JsonValue.NULL) return;
            var before = values.put(camel(name), value);
            if (before != null && !before.equals(value)) {
                throw Refusal.business("PARAM_ERROR", camel(name) + " is given twice with different values");
            }
        });
        return new Fields(values);
    }

    static String camel(String name) {
        var camel = new StringBuilder();
        var up = false;
        for (int i = 0; i < name.length(); i++) {
            var c = name.charAt(i);
            if (c == '_') {
                up = true;
                continue;
            }
            camel.append(up ? Character.toUpperCase(c) : c);
            up = false;
        }
        return camel.toString();
    }

    static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
    }

    Optional<String> text(String name, int max) {
        var value = values.get(name);
        if (value == null) return Optional.empty();
        if (!(value instanceof JsonString s)) throw malformed(name, "must be a text");
        var text = s.getString();
        if (text.isEmpty()) return Optional.empty();
        if (text.codePointCount(0, text.length()) > max) throw malformed(name, "is longer than " + max);
        return Optional.of(text);
    }

    String required(String name, int max) {
        return text(name, max).orElseThrow(() -> missing(name));
    }

    /** A whole number of fen, as a JSON number. */
    long fen(String name) {
        var value = values.get(name);
        if (value == null) throw missing(name);
        if (value instanceof JsonNumber n && n.toString().matches("[1-9]\\d{0,10}")) return n.longValueExact();
        throw malformed(name, "must be a whole number of fen above 0");
    }

    Optional<Long> whole(String name) {
        var value = values.get(name);
        if (value == null) return Optional.empty();
        if (value instanceof JsonNumber n && n.toString().matches("\\d{1,9}")) return Optional.of(n.longValueExact());
        throw malformed(name, "must be a whole number");
    }

    /** An object, or the same as a JSON text. */
    Optional<JsonObject> object(String name, int max) {
        var value = values.get(name);
        if (value instanceof JsonObject object) {
            if (object.toString().length() > max) throw malformed(name, "is longer than " + max);
            return Optional.of(object);
        }
        return text(name, max).map(text -> {
            try (var reader = Json.createReader(new StringReader(text))) {
                return reader.readObject();
            } catch (JsonException e) {
                throw malformed(name, "must be a JSON object");
            }
        });
    }

    static Refusal malformed(String name, String why) {
        return Refusal.business("PARAM_ERROR", name + " " + why);
    }

    static Refusal missing(String name) {
        return Refusal.business("LACK_PARAMS", name + " is missing");
    }
}
