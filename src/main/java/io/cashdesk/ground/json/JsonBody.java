package io.cashdesk.ground.json;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonConfig;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParserFactory;
import jakarta.json.stream.JsonParsingException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A JSON object from a request, read strictly. Unknown and duplicate fields are refused by name, because a misspelt
 * field of a payment must not be ignored. Types are not converted: "1" is not a number. JSON {@code null} counts as
 * absent.
 *
 * <p>Every method that reads a field throws a {@link Problem} of type {@link ProblemType#FIELD} if the value has
 * another type or is out of range; the message names the field and shows the value.
 */
public final class JsonBody {
    /** Largest accepted body, in bytes. */
    public static final int LIMIT = 64 * 1024;

    /** The same of {@code verifyReceipt}: the receipt of an app has all purchases of a subscriber, over years. */
    public static final int RECEIPT_LIMIT = 512 * 1024;

    /** Most levels of objects and arrays in a body. Reading, merging and writing them calls itself for each level. */
    static final int DEEPEST = 100;

    private static final int MOST_DIGITS = 18;

    private static final JsonReaderFactory READERS =
            Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));

    private static final JsonParserFactory PARSERS = Json.createParserFactory(Map.of());

    private final JsonObject object;
    private final String path;

    private JsonBody(JsonObject object, String path) {
        this.object = object;
        this.path = path;
    }

    /** Wraps an object that is already parsed. */
    public static JsonBody of(JsonObject object) {
        return new JsonBody(object, "");
    }

    /**
     * Parses a request body: exactly one JSON object in UTF-8, at most {@link #LIMIT} bytes and {@link #DEEPEST}
     * levels. Its texts and names contain no U+0000 and no half of a surrogate pair, which PostgreSQL cannot store.
     *
     * @throws Problem {@link ProblemType#BODY_TOO_LARGE}, {@link ProblemType#BODY} with the reason, or
     *     {@link ProblemType#FIELD} with the path of a text or number that cannot be stored
     */
    public static JsonBody parse(byte[] body) {
        return parse(body, LIMIT);
    }

    /** The same with another limit, in bytes. */
    public static JsonBody parse(byte[] body, int limit) {
        if (body.length > limit) throw ProblemType.BODY_TOO_LARGE.with(limit);
        var object = object(decoded(body), ProblemType.BODY::with);
        JsonText.requireStorable("", object);
        return new JsonBody(object, "");
    }

    /**
     * Parses the JSON object that a text field contains, as strictly as a body.
     *
     * @param name the field, for error messages; the path of a value in the object follows after a dot
     * @throws Problem {@link ProblemType#FIELD} if the text is not exactly one object of at most {@link #DEEPEST}
     *     levels, or contains a text or number that cannot be stored
     */
    public static JsonObject parseText(String name, String text) {
        var object = object(
                text,
                reason -> ProblemType.field(
                        name,
                        new LocalizedText("JSON 对象或其 JSON 文本", "an object or its JSON text"),
                        new LocalizedText("不符合要求的文本：" + reason.zh(), "a text that cannot be read: " + reason.en())));
        JsonText.requireStorable(name, object);
        return object;
    }

    /** @param refused makes the refusal from what is wrong with the text */
    private static JsonObject object(String text, Function<LocalizedText, Problem> refused) {
        if (JsonText.deeperThan(DEEPEST, text)) {
            throw refused.apply(new LocalizedText(
                    "对象和数组的嵌套超过 " + DEEPEST + " 层",
                    "its objects and arrays are nested more than " + DEEPEST + " deep"));
        }
        try (var reader = READERS.createReader(new StringReader(text));
                var parser = PARSERS.createParser(new StringReader(text))) {
            if (!(reader.readValue() instanceof JsonObject object)) {
                throw refused.apply(new LocalizedText("不是 JSON 对象", "it is no object"));
            }
            while (parser.hasNext()) parser.next(); // the reader ignores text after the object, the parser refuses it
            return object;
        } catch (Problem problem) {
            throw problem;
        } catch (RuntimeException notJson) { // the parser has other exception types for its limits of depth and size
            throw refused.apply(
                    new LocalizedText("不是合法的 JSON" + place(notJson), "it is not JSON: " + notJson.getMessage()));
        }
    }

    /** Where the parser stopped, in Chinese; its own message is in English. */
    private static String place(RuntimeException notJson) {
        if (!(notJson instanceof JsonParsingException e) || e.getLocation() == null) return "";
        var at = e.getLocation();
        return at.getLineNumber() < 1 ? "" : "（第 " + at.getLineNumber() + " 行，第 " + at.getColumnNumber() + " 列）";
    }

    /** A byte order mark at the start is ignored, as RFC 8259 (section 8.1) allows. */
    private static String decoded(byte[] body) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException notUtf8) {
            throw ProblemType.BODY.with(new LocalizedText("不是 UTF-8 编码", "it is not UTF-8"));
        }
    }

    /** The object as it was parsed. */
    public JsonObject json() {
        return object;
    }

    /**
     * Refuses every field that is not in this list.
     *
     * @throws Problem {@link ProblemType#UNKNOWN_FIELD}, which names the field and the allowed ones
     */
    public JsonBody only(Collection<String> fields) {
        for (var name : object.keySet()) {
            if (!fields.contains(name)) {
                throw ProblemType.UNKNOWN_FIELD.with(path + name, String.join(", ", new TreeSet<>(fields)));
            }
        }
        return this;
    }

    /** As {@link #only(Collection)}. */
    public JsonBody only(String... fields) {
        return only(List.of(fields));
    }

    /** Whether the field is present and not {@code null}. */
    public boolean has(String name) {
        return object.containsKey(name) && object.get(name) != JsonValue.NULL;
    }

    /** The value of a field as JSON text for an error message, at most 80 characters. */
    public LocalizedText shown(String name) {
        return object.containsKey(name) ? shown(object.get(name)) : LocalizedText.ABSENT;
    }

    /** The same of any value. */
    public static LocalizedText shown(JsonValue value) {
        return LocalizedText.same(JsonText.shown(value));
    }

    /**
     * The refusal of a field's value.
     *
     * @param name the field in this object
     * @param zh what it must be, in Chinese
     * @param en the same in English
     */
    public Problem malformed(String name, String zh, String en) {
        return malformed(name, new LocalizedText(zh, en));
    }

    /** The same, of a text in both languages. */
    public Problem malformed(String name, LocalizedText wanted) {
        return ProblemType.field(path + name, wanted, shown(name));
    }

    /** A text of at most {@code max} characters, without U+0000 (PostgreSQL cannot store it). */
    public Optional<String> text(String name, int max) {
        if (!has(name)) return Optional.empty();
        if (object.get(name) instanceof JsonString s && s.getString().length() <= max) {
            if (s.getString().indexOf('\0') >= 0)
                throw malformed(name, "不含字符 U+0000 的文本", "a text without the character U+0000");
            return Optional.of(s.getString());
        }
        throw malformed(name, "最多 " + max + " 个字符的文本", "a text of at most " + max + " characters");
    }

    /** As {@link #text}, but absent and blank are refused. */
    public String requiredText(String name, int max) {
        return text(name, max)
                .filter(s -> !s.isBlank())
                .orElseThrow(() -> malformed(
                        name, "非空且最多 " + max + " 个字符的文本", "a non-empty text of at most " + max + " characters"));
    }

    /** A boolean, or {@code otherwise} if the field is absent. */
    public boolean flag(String name, boolean otherwise) {
        if (!has(name)) return otherwise;
        var value = object.get(name);
        if (value == JsonValue.TRUE) return true;
        if (value == JsonValue.FALSE) return false;
        throw malformed(name, "布尔值（true 或 false）", "true or false");
    }

    /** A whole number, as {@link #wholeNumber} reads it. */
    public Optional<Long> whole(String name) {
        if (!has(name)) return Optional.empty();
        var number = wholeNumber(object.get(name));
        if (number.isEmpty()) throw malformed(name, "整数（JSON 数字）", "a whole number");
        return number;
    }

    /**
     * A JSON number of at most 18 digits without a fraction; {@code 1.0} and {@code 1e2} have none.
     *
     * @param value null, if there is none
     * @return empty for everything else, a text of digits too
     */
    public static Optional<Long> wholeNumber(JsonValue value) {
        if (!(value instanceof JsonNumber n)) return Optional.empty();
        var number = n.bigDecimalValue();
        if (number.signum() == 0) return Optional.of(0L);
        // the number of digits before the point; compared first, because a large exponent would make a large number
        var digits = (long) number.precision() - number.scale();
        if (digits < 1 || digits > MOST_DIGITS || number.stripTrailingZeros().scale() > 0) return Optional.empty();
        return Optional.of(number.longValueExact());
    }

    /** A nested object; its problems name fields with their path ("data.total_fee"). */
    public Optional<JsonBody> object(String name) {
        if (!has(name)) return Optional.empty();
        if (object.get(name) instanceof JsonObject o) return Optional.of(new JsonBody(o, path + name + "."));
        throw malformed(name, "JSON 对象", "an object");
    }

    /** A list of texts, each of at most {@code maxLength} characters. */
    public Optional<List<String>> texts(String name, int maxItems, int maxLength) {
        if (!has(name)) return Optional.empty();
        if (object.get(name) instanceof JsonArray array
                && array.size() <= maxItems
                && array.stream()
                        .allMatch(
                                v -> v instanceof JsonString s && s.getString().length() <= maxLength)) {
            return Optional.of(array.getValuesAs(JsonString::getString));
        }
        throw malformed(name, "最多 " + maxItems + " 个文本的列表", "a list of at most " + maxItems + " texts");
    }
}
