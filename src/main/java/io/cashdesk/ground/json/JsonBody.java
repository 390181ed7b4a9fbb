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
 * A JSON object that somebody sent us, read strictly: a field that is not known is refused by name (typos in payment code
 * cost money), a field that stands there twice is refused too, a number is a number and a text a text. JSON {@code null} counts as absent.
 */
public final class JsonBody {
    /** The largest body taken, in bytes. */
    public static final int LIMIT = 64 * 1024;

    private static final JsonReaderFactory READERS =
            Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));

    private static final JsonParserFactory PARSERS = Json.createParserFactory(Map.of());

    private final JsonObject object;
    private final String path;

    private JsonBody(JsonObject object, String path) {
        this.object = object;
        this.path = path;
    }

    public static JsonBody of(JsonObject object) {
        return new JsonBody(object, "");
    }

    /** Reads a request's body; problems name what is wrong with it. */
    public static JsonBody parse(byte[] body) {
        if (body.length > LIMIT) throw ProblemType.BODY_TOO_LARGE.with(LIMIT);
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw ProblemType.BODY.with("it is not UTF-8");
        }
        try (var reader = READERS.createReader(new StringReader(text));
                var parser = PARSERS.createParser(new StringReader(text))) {
            if (!(reader.readValue() instanceof JsonObject object)) throw ProblemType.BODY.with("it is no object");
            while (parser.hasNext()) parser.next(); // the reader does not look at what follows, the parser does
            return new JsonBody(object, "");
        } catch (Problem ours) {
            throw ours;
        } catch (RuntimeException notJson) { // the parser limits depth and size, with exceptions of its own
            throw ProblemType.BODY.with("it is not JSON: " + notJson.getMessage());
        }
    }

    public JsonObject json() {
        return object;
    }

    /** Refuses every field that is not in this list. */
    public JsonBody only(Collection<String> fields) {
        for (var name : object.keySet()) {
            if (!fields.contains(name)) {
                throw ProblemType.UNKNOWN_FIELD.with(path + name, String.join(", ", new TreeSet<>(fields)));
            }
        }
        return this;
    }

    public JsonBody only(String... fields) {
        return only(List.of(fields));
    }

    public boolean has(String name) {
        return object.containsKey(name) && object.get(name) != JsonValue.NULL;
    }

    /** What stands there, as it was sent and cut to a readable length: for messages. */
    public String shown(String name) {
        if (!has(name)) return "absent";
        var text = object.get(name).toString();
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }

    private Problem malformed(String name, String wanted) {
        return ProblemType.FIELD.with(path + name, wanted, shown(name));
    }

    public Optional<String> text(String name, int max) {
        if (!has(name)) return Optional.empty();
        if (object.get(name) instanceof JsonString s && s.getString().length() <= max) {
            if (s.getString().indexOf('\0') >= 0) throw malformed(name, "a text without the character U+0000");
            return Optional.of(s.getString());
        }
        throw malformed(name, "a text of at most " + max + " characters");
    }

    public String requiredText(String name, int max) {
        return text(name, max)
                .filter(s -> !s.isBlank())
                .orElseThrow(() -> malformed(name, "a non-empty text of at most " + max + " characters"));
    }

    public boolean flag(String name, boolean otherwise) {
        if (!has(name)) return otherwise;
        var value = object.get(name);
        if (value == JsonValue.TRUE) return true;
        if (value == JsonValue.FALSE) return false;
        throw malformed(name, "true or false");
    }

    /** A whole number, written without a fraction or exponent. */
    public Optional<Long> whole(String name) {
        if (!has(name)) return Optional.empty();
        if (object.get(name) instanceof JsonNumber n && n.toString().matches("-?\\d{1,18}")) {
            return Optional.of(n.longValueExact());
        }
        throw malformed(name, "a whole number");
    }

    public Optional<JsonBody> object(String name) {
        if (!has(name)) return Optional.empty();
        if (object.get(name) instanceof JsonObject o) return Optional.of(new JsonBody(o, path + name + "."));
        throw malformed(name, "an object");
    }

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
