package io.cashdesk.ground.json;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

/** Checks of a JSON text before it is parsed, and of its values afterwards. */
final class JsonText {
    /** Longest number: more than a double has, and written out still short. */
    private static final int MOST_DIGITS = 100;

    /** Largest exponent, of either sign: that of a double, in round figures. */
    private static final int LARGEST_EXPONENT = 400;

    /** Longest value in an error message, in characters. */
    private static final int LONGEST_SHOWN = 80;

    private static final LocalizedText TEXT =
            new LocalizedText("不含 U+0000 和半个代理对的文本", "a text that contains no U+0000 and no half of a surrogate pair");

    private static final LocalizedText NAME = new LocalizedText(
            "名称不含 U+0000 和半个代理对的字段", "a field whose name contains no U+0000 and no half of a surrogate pair");

    private static final LocalizedText NUMBER = new LocalizedText(
            "最多 " + MOST_DIGITS + " 位且指数不超过 " + LARGEST_EXPONENT + " 的数字",
            "a number of at most " + MOST_DIGITS + " digits with an exponent of at most " + LARGEST_EXPONENT);

    private JsonText() {}

    /**
     * Whether objects and arrays are nested deeper than this. Counted without recursion, because a parser that calls
     * itself for each level needs more stack than a thread has, the more so before its code is compiled. What is no
     * JSON is counted in some way; the parser refuses it.
     */
    static boolean deeperThan(int levels, String text) {
        var depth = 0;
        var inText = false;
        for (int i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (inText) {
                if (c == '\\') i++;
                else if (c == '"') inText = false;
            } else if (c == '"') inText = true;
            else if (c == '{' || c == '[') {
                if (++depth > levels) return true;
            } else if (c == '}' || c == ']') depth--;
        }
        return false;
    }

    /**
     * Refuses what PostgreSQL's text and jsonb columns cannot store: U+0000 and half a surrogate pair, in names and
     * values, and numbers that are very long when written out.
     *
     * @param path of the object itself; empty for a body
     * @throws Problem {@link ProblemType#FIELD} with the path of the value: "data.custom.list[2]"
     */
    static void requireStorable(String path, JsonObject object) {
        require(object, path);
    }

    private static void require(JsonValue value, String path) {
        if (value instanceof JsonObject object) {
            object.forEach((name, member) -> {
                var memberPath = path.isEmpty() ? name : path + "." + name;
                if (unstorable(name)) throw malformed(memberPath, NAME, '"' + name + '"');
                require(member, memberPath);
            });
        } else if (value instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) require(array.get(i), path + "[" + i + "]");
        } else if (value instanceof JsonString text && unstorable(text.getString())) {
            throw malformed(path, TEXT, shown(text));
        } else if (value instanceof JsonNumber number && unwritable(number)) {
            throw malformed(path, NUMBER, shown(number));
        }
    }

    private static Problem malformed(String path, LocalizedText expected, String value) {
        return ProblemType.field(visible(path), expected, LocalizedText.same(visible(value)));
    }

    /** Code points are read as pairs, so a surrogate that is left is half of one. */
    private static boolean unstorable(String text) {
        return text.codePoints().anyMatch(JsonText::unstorable);
    }

    private static boolean unstorable(int codePoint) {
        return codePoint == 0 || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
    }

    private static boolean unwritable(JsonNumber number) {
        var decimal = number.bigDecimalValue();
        return decimal.precision() > MOST_DIGITS || Math.abs((long) decimal.scale()) > LARGEST_EXPONENT;
    }

    /** A value as JSON text for an error message, at most 80 characters. */
    static String shown(JsonValue value) {
        var text = value.toString();
        if (text.length() <= LONGEST_SHOWN) return text;
        var pairIsCut = Character.isHighSurrogate(text.charAt(LONGEST_SHOWN - 1));
        return text.substring(0, pairIsCut ? LONGEST_SHOWN - 1 : LONGEST_SHOWN) + "…";
    }

    /** With escapes for the characters that could not be sent or stored. */
    private static String visible(String text) {
        var visible = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (unstorable(c)) visible.append(String.format("\\u%04x", c));
            else visible.appendCodePoint(c);
        });
        return visible.length() > 2 * LONGEST_SHOWN
                ? visible.substring(0, 2 * LONGEST_SHOWN) + "…"
                : visible.toString();
    }
}
