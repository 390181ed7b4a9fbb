package io.cashdesk.simulator.wxpay;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The fields of a JSON object: some are required, some optional, no other is allowed. The rules throw
 * {@link WxpayRefusal}.
 */
final class JsonShape implements JsonRule {
    private final Map<String, JsonRule> rules = new LinkedHashMap<>();
    private final Set<String> required = new LinkedHashSet<>();

    static JsonShape shape() {
        return new JsonShape();
    }

    JsonShape must(String name, JsonRule rule) {
        required.add(name);
        return may(name, rule);
    }

    JsonShape may(String name, JsonRule rule) {
        rules.put(name, rule);
        return this;
    }

    JsonShape with(JsonShape more) {
        rules.putAll(more.rules);
        required.addAll(more.required);
        return this;
    }

    @Override
    public void check(String path, JsonValue value) {
        if (!(value instanceof JsonObject object)) throw WxpayRefusal.parameter(path, "must be an object");
        var below = path.isEmpty() ? "" : path + "/";
        for (var name : object.keySet()) {
            if (!rules.containsKey(name)) throw WxpayRefusal.extra(below + name);
            if (object.get(name) == JsonValue.NULL) {
                throw WxpayRefusal.parameter(below + name, "null is not allowed");
            }
        }
        for (var name : required) {
            if (!object.containsKey(name)) throw WxpayRefusal.parameter(below + name, "missing");
            if (object.get(name) instanceof JsonString s && s.getString().isEmpty()) {
                throw WxpayRefusal.parameter(below + name, "empty");
            }
        }
        object.forEach((name, field) -> rules.get(name).check(below + name, field));
    }

    /** A text of at most so many characters. */
    static JsonRule text(int max) {
        return (path, value) -> {
            var text = string(path, value);
            var characters = text.codePointCount(0, text.length());
            if (characters > max) {
                throw WxpayRefusal.parameter(path, "has " + characters + " characters, longer than " + max);
            }
        };
    }

    /** A text of at most so many bytes in UTF-8. */
    static JsonRule bytes(int max) {
        return (path, value) -> {
            var bytes = string(path, value).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > max) throw WxpayRefusal.parameter(path, "has " + bytes + " bytes, longer than " + max);
        };
    }

    static JsonRule pattern(String regex, String issue) {
        var pattern = Pattern.compile(regex);
        return (path, value) -> {
            if (!pattern.matcher(string(path, value)).matches()) throw WxpayRefusal.parameter(path, issue);
        };
    }

    static JsonRule oneOf(String... values) {
        var allowed = Set.of(values);
        return (path, value) -> {
            if (!allowed.contains(string(path, value))) {
                throw WxpayRefusal.parameter(path, "one of " + Arrays.toString(values));
            }
        };
    }

    /** An integer from {@code least} to 999,999,999,999. */
    static JsonRule whole(long least) {
        return (path, value) -> {
            if (!(value instanceof JsonNumber n)
                    || !n.toString().matches("0|[1-9]\\d{0,11}")
                    || n.longValueExact() < least) {
                throw WxpayRefusal.parameter(path, "must be an integer of at least " + least);
            }
        };
    }

    static JsonRule flag() {
        return (path, value) -> {
            if (value != JsonValue.TRUE && value != JsonValue.FALSE) {
                throw WxpayRefusal.parameter(path, "must be true or false");
            }
        };
    }

    static JsonRule list(JsonRule of) {
        return (path, value) -> {
            if (!(value instanceof JsonArray array)) throw WxpayRefusal.parameter(path, "must be a list");
            for (int i = 0; i < array.size(); i++) of.check(path + "/" + i, array.get(i));
        };
    }

    /** An HTTP address of at most 255 characters, without a query. */
    static void notifyUrl(String path, JsonValue value) {
        text(255).check(path, value);
        try {
            var uri = URI.create(string(path, value));
            if (uri.getHost() != null
                    && uri.getRawQuery() == null
                    && List.of("http", "https").contains(uri.getScheme())) return;
        } catch (IllegalArgumentException malformed) {
            // refused below
        }
        throw WxpayRefusal.parameter(path, "http(s) address without a query");
    }

    /** A moment with its offset from UTC, in seconds. */
    static void time(String path, JsonValue value) {
        text(64).check(path, value);
        if (!string(path, value).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[+-]\\d\\d:\\d\\d")) {
            throw WxpayRefusal.parameter(path, "must be like 2018-06-08T10:34:56+08:00");
        }
        moment(path, string(path, value));
    }

    static Instant moment(String path, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw WxpayRefusal.parameter(path, "is no moment");
        }
    }

    private static String string(String path, JsonValue value) {
        if (value instanceof JsonString s) return s.getString();
        throw WxpayRefusal.parameter(path, "must be a string");
    }
}
