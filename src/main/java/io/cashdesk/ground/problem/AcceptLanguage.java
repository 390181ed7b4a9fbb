package io.cashdesk.ground.problem;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * The request header {@code Accept-Language}, which chooses the language of error messages in every API: Chinese or
 * English, whichever has the higher quality value (RFC 9110, section 12.5.4). Chinese if the header is absent, names
 * neither, or is malformed; of two with the same value, the one that is named first.
 */
public final class AcceptLanguage {
    private static final Pattern RANGE =
            Pattern.compile("\\s*([A-Za-z0-9*-]+)\\s*(?:;\\s*[qQ]\\s*=\\s*(0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?)\\s*)?");

    /** Of a longer header the rest is not read. */
    private static final int MOST_RANGES = 50;

    private AcceptLanguage() {}

    /**
     * The language of the messages.
     *
     * @param header null, if it is absent; several header lines are joined with commas
     */
    public static Locale locale(String header) {
        if (header == null) return Locale.CHINESE;
        var ranges = header.split(",", MOST_RANGES);
        var english = quality("en", ranges);
        var chinese = quality("zh", ranges);
        if (english == 0) return Locale.CHINESE;
        if (english == chinese) return first("en", ranges) < first("zh", ranges) ? Locale.ENGLISH : Locale.CHINESE;
        return english > chinese ? Locale.ENGLISH : Locale.CHINESE;
    }

    /**
     * That of the language, or of one of its regions; where none is named, that of {@code *}; 0 if there is neither.
     */
    private static double quality(String language, String... ranges) {
        var own = best(language, ranges);
        return own.isPresent() ? own.getAsDouble() : best("*", ranges).orElse(0);
    }

    private static OptionalDouble best(String language, String... ranges) {
        var best = OptionalDouble.empty();
        for (var range : ranges) {
            var read = RANGE.matcher(range);
            if (!read.matches() || !isOf(language, read.group(1))) continue;
            var quality = read.group(2) == null ? 1 : Double.parseDouble(read.group(2));
            if (best.isEmpty() || quality > best.getAsDouble()) best = OptionalDouble.of(quality);
        }
        return best;
    }

    private static int first(String language, String... ranges) {
        for (int i = 0; i < ranges.length; i++) {
            var read = RANGE.matcher(ranges[i]);
            if (read.matches() && isOf(language, read.group(1))) return i;
        }
        return ranges.length;
    }

    /** "en-GB" is of "en"; "eng" is not. */
    private static boolean isOf(String language, String range) {
        return range.toLowerCase(Locale.ROOT).split("-", 2)[0].equals(language);
    }
}
