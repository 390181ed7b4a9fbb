package io.cashdesk.provider;

import io.cashdesk.ground.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.Locale;

/**
 * How long a text may be on its way to a provider. Each adapter lists the limits of all its texts in one class.
 *
 * @param field the provider's name of the field, with the objects around it: "scene_info.store_info.id"
 * @param most how many {@code unit}s it may have
 * @param source where the provider says so: a page's address, or what its server was observed to refuse
 */
public record TextLimit(String field, int most, Unit unit, String source) {
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
     * several code points is kept or left out as a whole). For texts that are only shown to people.
     */
    public String shortened(String text) {
        if (holds(text)) return text;
        var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        characters.setText(text);
        var end = 0;
        for (var next = characters.next(); next != BreakIterator.DONE; next = characters.next()) {
            if (!holds(text.substring(0, next))) break;
            end = next;
        }
        return text.substring(0, end);
    }

    /**
     * For texts that would be wrong if they were shortened.
     *
     * @param name the field in our API
     * @throws io.cashdesk.ground.problem.Problem FIELD if the text is too long
     */
    public String required(String name, String text) {
        if (holds(text)) return text;
        var wanted = unit == Unit.UTF8_BYTES ? "at most %d bytes in UTF-8" : "at most %d characters";
        throw ProblemType.FIELD.with(name, "a text of " + wanted.formatted(most), "one of " + unit.length(text));
    }
}
