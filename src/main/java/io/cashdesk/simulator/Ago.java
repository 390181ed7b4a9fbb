package io.cashdesk.simulator;

import io.cashdesk.ground.page.Messages;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A moment for the pages: relative, and exact in China's time. */
final class Ago {
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

    private Ago() {}

    /** "3 minutes ago", in whole seconds, minutes, hours or days. */
    static String text(Instant at, Instant now, Locale language) {
        var past = Duration.between(at, now);
        if (past.toSeconds() < 5) return Messages.text(language, "simulator.ago.now");
        if (past.toSeconds() < 60) return Messages.text(language, "simulator.ago.seconds", past.toSeconds());
        if (past.toMinutes() < 60) return Messages.text(language, "simulator.ago.minutes", past.toMinutes());
        if (past.toHours() < 48) return Messages.text(language, "simulator.ago.hours", past.toHours());
        return Messages.text(language, "simulator.ago.days", past.toDays());
    }

    static String exact(Instant at) {
        return EXACT.format(at.atOffset(CHINA));
    }

    static String timeOfDay(Instant at) {
        return TIME_OF_DAY.format(at.atOffset(CHINA));
    }
}
