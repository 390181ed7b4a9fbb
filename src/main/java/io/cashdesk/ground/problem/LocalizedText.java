package io.cashdesk.ground.problem;

import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;

/** A text in Chinese and English. */
public record LocalizedText(String zh, String en) {
    /** What an error message shows in the place of a field's value, if the field is absent. */
    public static final LocalizedText ABSENT = new LocalizedText("没有该字段", "absent");

    /** A text that is no language: a name, a number, or what the caller sent. */
    public static LocalizedText same(Object text) {
        return new LocalizedText(String.valueOf(text), String.valueOf(text));
    }

    /** A name, or a list of names: ASCII without blanks, which needs no quotes to be recognised in a sentence. */
    private static final Pattern NAMES = Pattern.compile(" ?[!#-~]*(?:, [!#-~]+)*");

    /** A name that the caller sent: in quotes, unless it reads as one in a sentence. */
    public static LocalizedText named(String name) {
        return NAMES.matcher(name).matches() ? same(name) : quoted(name);
    }

    /** What the caller sent, in quotes. */
    public static LocalizedText quoted(String text) {
        return same('"' + text + '"');
    }

    /** One of these words. */
    public static LocalizedText oneOf(Collection<String> words) {
        var list = String.join(", ", words);
        return new LocalizedText("以下之一：" + list, "one of " + list);
    }

    /** The English text if the locale is English, otherwise the Chinese one. */
    public String in(Locale locale) {
        return Locale.ENGLISH.getLanguage().equals(locale.getLanguage()) ? en : zh;
    }
}
