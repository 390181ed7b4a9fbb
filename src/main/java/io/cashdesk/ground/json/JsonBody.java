package io.cashdesk.ground.json;

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
        if (body.length > LIMIT) throw ProblemType.BODY_TOO_LARGE.with(LIMIT);
        var text = decoded(body);
        if (JsonText.deeperThan(DEEPEST, text)) {
            throw ProblemType.BODY.with("its objects and arrays are nested more than " + DEEPEST + " deep");
        }
        try (var reader = READERS.createReader(new StringReader(text));
                var parser = PARSERS.createParser(new StringReader(text))) {
            if (!(reader.readValue() instanceof JsonObject object)) throw ProblemType.BODY.with("it is no object");
            while (parser.hasNext()) parser.next(); // the reader ignores text after the object, the parser refuses it
            JsonText.requireStorable(object);
            return new JsonBody(object, "");
        } catch (Problem problem) {
            throw problem;
        } catch (RuntimeException notJson) { // the parser has other exception types for its limits of depth and size
            throw ProblemType.BODY.with("it is not JSON: " + notJson.getMessage());
        }
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
            throw ProblemType.BODY.with("it is not UTF-8");
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

    /** The value of a field as JSON text for an error message, at most 80 characters; "absent" if there is none. */
    public String shown(String name) {
        if (!object.containsKey(name)) return "absent";
        return JsonText.shown(object.get(name));
    }

    /** The same of any value. */
    public static String shown(JsonValue value) {
        return JsonText.shown(value);
    }

    private Problem malformed(String name, String expected) {
        return ProblemType.FIELD.with(path + name, expected, shown(name));
    }

    /** A text of at most {@code max} characters, without U+0000 (PostgreSQL cannot store it). */
    public Optional<String> text(String name, int max) {
        if (!has(name)) return Optional.empty();
        if (object.get(name) instanceof JsonString s && s.getString().length() <= max) {
            if (s.getString().indexOf('\0') >= 0) throw malformed(name, "a text without the character U+0000");
            return Optional.of(s.getString());
        }
        throw malformed(name, "a text of at most " + max + " characters");
    }

    /** As {@link #text}, but absent and blank are refused. */
    public String requiredText(String name, int max) {
        return text(name, max)
                .filter(s -> !s.isBlank())
                .orElseThrow(() -> malformed(name, "a non-empty text of at most " + max + " characters"));
    }

    /** A boolean, or {@code otherwise} if the field is absent. */
    public boolean flag(String name, boolean otherwise) {
        if (!has(name)) return otherwise;
        var value = object.get(name);
        if (value == JsonValue.TRUE) return true;
        if (value == JsonValue.FALSE) return false;
        throw malformed(name, "true or false");
    }

    /** A whole number, as {@link #wholeNumber} reads it. */
    public Optional<Long> whole(String name) {
        if (!has(name)) return Optional.empty();
        var number = wholeNumber(object.get(name));
        if (number.isEmpty()) throw malformed(name, "a whole number");
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
        throw malformed(name, "an object");
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
        throw malformed(name, "a list of at most " + maxItems + " texts");
    }
}
