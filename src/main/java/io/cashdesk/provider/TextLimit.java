package io.cashdesk.provider;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * How long a text may be on its way to a provider. Each adapter lists the limits of all its texts in one class.
 *
 * @param field the provider's name of the field, with the objects around it: "scene_info.store_info.id"
 * @param most how many {@code unit}s it may have
 * @param source where the provider says so: a page's address, or what its server was observed to refuse
 */
public record TextLimit(String field, int most, Unit unit, String source) {
    /**
     * What readers see as one character: an extended grapheme cluster. The JDK's BreakIterator does not know them
     * before Java 20, and ends a text inside an emoji of several people.
     */
    private static final Pattern CHARACTER = Pattern.compile("\\X");

    private static final Pattern CODE_POINT = Pattern.compile("(?s:.)");

    /** In what a provider counts. */
    public enum Unit {
        /** Bytes of the text in UTF-8: a Chinese character has three. */
        UTF8_BYTES {
            @Override
            int length(String text) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        },
        /** Unicode code points: a Chinese character and an emoji each have one. */
        CHARACTERS {
            @Override
            int length(String text) {
                return text.codePointCount(0, text.length());
            }
        };

        abstract int length(String text);
    }

    public boolean holds(String text) {
        return unit.length(text) <= most;
    }

    /**
     * The longest beginning of the text that is short enough and ends where a character ends for a reader (an emoji of
     * several code points is kept or left out as a whole), without blanks at its end. For texts that are only shown to
     * people. If not even the first character is short enough, as many of its code points as are.
     */
    public String shortened(String text) {
        if (holds(text)) return text;
        var end = end(text, CHARACTER);
        if (end == 0) end = end(text, CODE_POINT);
        return text.substring(0, end).stripTrailing();
    }

    private int end(String text, Pattern unit) {
        var end = 0;
        for (var next = unit.matcher(text); next.find() && holds(text.substring(0, next.end())); ) end = next.end();
        return end;
    }

    /**
     * For texts that would be wrong if they were shortened.
     *
     * @param name the field in our API
     * @throws io.cashdesk.ground.problem.Problem FIELD if the text is too long
     */
    public String required(String name, String text) {
        return required(new LocalizedText(name, name), text);
    }

    /** The same, for a name that says more than that of one field. */
    public String required(LocalizedText name, String text) {
        if (holds(text)) return text;
        var bytes = unit == Unit.UTF8_BYTES;
        var length = unit.length(text);
        throw ProblemType.field(
                name,
                new LocalizedText(
                        "最多 " + most + (bytes ? " 字节（UTF-8）的文本" : " 个字符的文本"),
                        "a text of at most " + most + (bytes ? " bytes in UTF-8" : " characters")),
                new LocalizedText(length + (bytes ? " 字节" : " 个字符"), "one of " + length));
    }
}
