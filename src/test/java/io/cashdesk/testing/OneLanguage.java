package io.cashdesk.testing;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether a text of an API is wholly in one language, besides names, numbers and what is quoted. */
public final class OneLanguage {
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"?");
    private static final Pattern LIST = Pattern.compile("[\\w.*-]+(?:, [\\w.*-]+)+");
    private static final Pattern TWO_WORDS = Pattern.compile("(?<![\\w./-])[a-z]{2,}[;:]? [a-z]{2,}(?![\\w./-])");
    private static final Pattern WORD = Pattern.compile("(?<![\\w./{}-])[A-Za-z]+(?![\\w./{}-])");
    private static final Pattern HAN = Pattern.compile("[\\p{IsHan}，。；：（）、“”]");

    /** Words of English sentences, none of which is the name of a field or a value of the API. */
    private static final Set<String> ENGLISH = Set.of(
            "a",
            "an",
            "the",
            "of",
            "or",
            "and",
            "not",
            "no",
            "is",
            "must",
            "be",
            "at",
            "most",
            "least",
            "without",
            "than",
            "text",
            "texts",
            "number",
            "whole",
            "object",
            "absent",
            "list",
            "one",
            "some",
            "integer",
            "positive",
            "there",
            "time",
            "character",
            "characters",
            "digits",
            "letters",
            "value",
            "field",
            "empty",
            "address",
            "something",
            "like",
            "send",
            "its",
            "it",
            "for",
            "this",
            "that",
            "answer");

    private OneLanguage() {}

    /** The English in a Chinese text: two lower-case words in a row, or a word that is no name, outside of lists. */
    public static List<String> english(String chinese) {
        var bare = LIST.matcher(QUOTED.matcher(chinese).replaceAll("…")).replaceAll("…");
        var found = TWO_WORDS.matcher(bare).results().map(r -> r.group()).toList();
        if (!found.isEmpty()) return found;
        return WORD.matcher(bare)
                .results()
                .map(r -> r.group())
                .filter(ENGLISH::contains)
                .toList();
    }

    /** The Chinese in an English text. */
    public static List<String> chinese(String english) {
        return HAN.matcher(QUOTED.matcher(english).replaceAll("…"))
                .results()
                .map(r -> r.group())
                .toList();
    }
}
