package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The fields of a call, or of an object in it, by their camel-case names, whichever case the caller used. Limits are
 * those of API v2's tables, in bytes of UTF-8, as WeChat Pay counts them; a field that exceeds one is refused by name
 * and never cut. An unknown field is refused, because a misspelt field of a payment must not be ignored.
 */
final class Fields {
    /** One hundred million yuan, in fen. */
    /** Texts whose bytes WeChat Pay was observed to count; of the others its documents give a number of characters. */
    private static final Set<String> IN_BYTES = Set.of("body", "attach", "refundDesc");

    private static final long MOST_FEN = 10_000_000_000L;

    private final Map<String, JsonValue> values;
    private final String path;

    private Fields(Map<String, JsonValue> values, String path) {
        this.values = values;
        this.path = path;
    }

    static Fields of(JsonObject body, Operation operation) {
        return new Fields(read(body, "", operation::takes, operation.listed()), "");
    }

    /** The sub-merchant that a call names, before anything is checked; an empty text if it names none. */
    static String subMchId(JsonObject body) {
        for (var name : List.of("subMchId", "sub_mch_id")) {
            if (body.get(name) instanceof JsonString s && bytes(s.getString()) <= 32) return s.getString();
        }
        return "";
    }

    /** The trade type that a call names, before anything is checked; an empty text if it names none. */
    static String tradeType(JsonObject body) {
        for (var name : List.of("tradeType", "trade_type")) {
            if (body.get(name) instanceof JsonString s) return s.getString();
        }
        return "";
    }

    /** @throws Refusal with API v2's codes for messages that cannot be read */
    static JsonObject json(byte[] body) {
        if (body.length == 0)
            throw Refusal.call("POST_DATA_EMPTY", "POST_DATA_EMPTY: 请求体为空", "POST_DATA_EMPTY: the body is empty");
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        } catch (CharacterCodingException e) {
            throw Refusal.call("NOT_UTF8", "NOT_UTF8: 请求体不是 UTF-8 编码", "NOT_UTF8: the body is not UTF-8");
        }
        try {
            return JsonBody.parse(body).json();
        } catch (Problem problem) {
            if (problem.type() != ProblemType.BODY) throw problem;
            throw Refusal.call(
                    "XML_FORMAT_ERROR",
                    "XML_FORMAT_ERROR: 请求体不是 JSON 对象",
                    "XML_FORMAT_ERROR: the body is not a JSON object");
        }
    }

    private static Map<String, JsonValue> read(JsonObject object, String path, Predicate<String> known, String listed) {
        Map<String, JsonValue> values = new LinkedHashMap<>();
        object.forEach((given, value) -> {
            var name = camel(given);
            if (!known.test(name)) throw ProblemType.UNKNOWN_FIELD.with(path + given, listed);
            if (value == JsonValue.NULL) return;
            var before = values.put(name, value);
            if (before != null && !same(before, value)) {
                throw malformed(
                        path + name,
                        "两种写法的值相同",
                        "the same in both spellings",
                        LocalizedText.same(before + ", " + value));
            }
        });
        return values;
    }

    /** 1 and 1.0 are the same number. */
    private static boolean same(JsonValue a, JsonValue b) {
        if (a instanceof JsonNumber m && b instanceof JsonNumber n) {
            return m.bigDecimalValue().compareTo(n.bigDecimalValue()) == 0;
        }
        return a.equals(b);
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
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The names that were given, in camel case. */
    Iterable<String> names() {
        return values.keySet();
    }

    /** @param max in bytes of UTF-8; an empty text counts as absent */
    Optional<String> text(String name, int max) {
        var value = values.get(name);
        if (value == null) return Optional.empty();
        var inBytes = IN_BYTES.contains(name);
        if (value instanceof JsonString s && length(s.getString(), inBytes) <= max) {
            return Optional.of(s.getString()).filter(text -> !text.isEmpty());
        }
        if (inBytes) {
            throw malformed(name, "不超过 " + max + " 字节（UTF-8）的字符串", "a text of at most " + max + " bytes in UTF-8");
        }
        throw malformed(name, "不超过 " + max + " 个字符的字符串", "a text of at most " + max + " characters");
    }

    private static int length(String text, boolean inBytes) {
        return inBytes ? bytes(text) : text.codePointCount(0, text.length());
    }

    String required(String name, int max) {
        return text(name, max).orElseThrow(() -> missing(name));
    }

    /** A text that must be one of these, or absent. */
    Optional<String> oneOf(String name, String... allowed) {
        var value = values.get(name);
        if (value == null) return Optional.empty();
        if (value instanceof JsonString s) {
            if (s.getString().isEmpty()) return Optional.empty();
            for (var one : allowed) if (one.equals(s.getString())) return Optional.of(one);
        }
        var list = String.join(", ", allowed);
        throw malformed(name, list + " 之一", "one of " + list);
    }

    /** A positive whole number of fen, as a JSON number; 1.0 is 1. */
    long fen(String name) {
        if (!has(name)) throw missing(name);
        return whole(name)
                .filter(fen -> fen > 0 && fen <= MOST_FEN)
                .orElseThrow(() -> malformed(
                        name,
                        "正整数（JSON 数字），单位为分，最大 " + MOST_FEN,
                        "a positive whole number (a JSON number) in fen, at most " + MOST_FEN));
    }

    /** A whole number of at most 11 digits from 0, or absent. */
    Optional<Long> whole(String name) {
        var value = values.get(name);
        if (value == null) return Optional.empty();
        var number = JsonBody.wholeNumber(value).filter(n -> n >= 0 && n < 10 * MOST_FEN);
        if (number.isEmpty()) throw malformed(name, "非负整数（JSON 数字）", "a whole number from 0 (a JSON number)");
        return number;
    }

    /**
     * An object, or the same as a JSON text, with these fields.
     *
     * @param max in bytes of its JSON text
     */
    Optional<Fields> object(String name, int max, String... known) {
        var value = values.get(name);
        if (value == null) return Optional.empty();
        var text = value instanceof JsonString s ? s.getString() : value.toString();
        if (text.isEmpty()) return Optional.empty();
        if (bytes(text) > max) {
            throw malformed(name, "不超过 " + max + " 字节的 JSON 对象", "a JSON object of at most " + max + " bytes");
        }
        return Optional.of(nested(
                value instanceof JsonString ? JsonBody.parseText(path + name, text) : value, path + name, known));
    }

    /** The objects of a list, each with these fields; empty if it is absent. */
    List<Fields> objects(String name, String... known) {
        var value = values.get(name);
        var list = new ArrayList<Fields>();
        if (value == null) return list;
        if (value.getValueType() != JsonValue.ValueType.ARRAY) throw malformed(name, "数组", "a list");
        for (var one : value.asJsonArray()) list.add(nested(one, path + name + "[" + list.size() + "]", known));
        return list;
    }

    private static Fields nested(JsonValue value, String path, String... known) {
        if (!(value instanceof JsonObject object)) throw malformed(path, "JSON 对象", "a JSON object", shown(value));
        var names = new TreeSet<>(List.of(known));
        return new Fields(read(object, path + ".", names::contains, String.join(", ", names)), path + ".");
    }

    Problem malformed(String name, String zh, String en) {
        return malformed(path + name, zh, en, shown(values.get(name)));
    }

    private static Problem malformed(String name, String zh, String en, LocalizedText shown) {
        return ProblemType.field(name, new LocalizedText(zh, en), shown);
    }

    Refusal missing(String name) {
        return Refusal.missing(path + name);
    }

    private static LocalizedText shown(JsonValue value) {
        return value == null ? LocalizedText.ABSENT : JsonBody.shown(value);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
