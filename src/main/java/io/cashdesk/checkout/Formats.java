package io.cashdesk.checkout;

import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.page.Messages;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How times, amounts and texts are written on a payer's page. All times are Beijing's. */
final class Formats {
    private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

    private Formats() {}

    /** The time from now until then, "0:00" if it is over. */
    static String left(Instant now, Instant end) {
        var left = Duration.between(now, end);
        return left.isNegative() ? "0:00" : clock(left);
    }

    /** "4:59", "1:04:59", in whole seconds rounded up; {@code checkout.js} writes it in the same way. */
    static String clock(Duration left) {
        var seconds = left.plusMillis(999).toSeconds();
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /** "11:55:03". */
    static String clock(Instant at) {
        return DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).format(at.atZone(BEIJING));
    }

    /** Date and time in the language's own order. */
    static String moment(Instant at, Locale language) {
        var pattern = Messages.text(language, "checkout.moment");
        return DateTimeFormatter.ofPattern(pattern, language).format(at.atZone(BEIJING));
    }

    /** Yuan with two decimals: "1,234.50". */
    static String grouped(Money money) {
        return String.format(Locale.ROOT, "%,d.%02d", money.minor() / 100, money.minor() % 100);
    }

    /** How much room a line takes, in half-width characters. */
    static int width(String text) {
        return text.codePoints().map(c -> c > 0x2e80 ? 2 : 1).sum();
    }

    /** The language that the page can be switched to: "en" or "zh". */
    static String otherLanguage(Locale language) {
        return Locale.ENGLISH.getLanguage().equals(language.getLanguage()) ? "zh" : "en";
    }
}
