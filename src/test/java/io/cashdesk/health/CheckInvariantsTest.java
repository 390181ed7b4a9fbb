package io.cashdesk.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CheckInvariantsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAYS = Duration.ofDays(3);
    private static final Invariant FIRST = Invariant.ALL.get(0);
    private static final Invariant.Found WHOLE = new Invariant.Found(0, null, List.of());
    private static final Invariant.Found BROKEN = new Invariant.Found(2, Instant.EPOCH, List.of("order 1"));

    private Instant now = Instant.parse("2026-11-21T08:00:00Z");

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    /** Books of which three days, or everything, may be too much to look at. */
    private final class Books extends Invariants {
        final Map<String, Seen> kept = new HashMap<>();
        final List<Duration> looks = new ArrayList<>();
        Invariant.Found lastHour = WHOLE;
        Invariant.Found lastDays = WHOLE;
        Duration atMost = DAYS;

        @Override
        Invariant.Found look(Invariant invariant, Duration window) {
            if (invariant == FIRST) looks.add(window);
            if (window.compareTo(atMost) > 0) throw new IllegalStateException("canceling statement due to timeout");
            return window.equals(HOUR) ? lastHour : lastDays;
        }

        @Override
        Optional<Seen> keep(Invariant invariant, Invariant.Found found, boolean wide, Duration took) {
            var before = seen(invariant.name());
            var wideAt = wide ? now : before.map(Seen::wideAt).orElse(null);
            kept.put(
                    invariant.name(),
                    new Seen(
                            invariant.name(),
                            found.violations(),
                            found.oldest(),
                            found.samples(),
                            now,
                            now,
                            wideAt,
                            took.toMillis()));
            return before;
        }

        @Override
        Optional<Seen> seen(String name) {
            return Optional.ofNullable(kept.get(name));
        }
    }

    private final Books books = new Books();
    private final CheckInvariants check = new CheckInvariants();

    @BeforeEach
    void inject() {
        check.invariants = books;
        check.clock = clock;
    }

    /** The windows that the first invariant was looked at in, in these minutes. */
    private List<Duration> minutes(int minutes) {
        books.looks.clear();
        for (int i = 0; i < minutes; i++) {
            check.run();
            now = now.plusSeconds(60);
        }
        return List.copyOf(books.looks);
    }

    private Invariants.Seen seen() {
        return books.seen(FIRST.name()).orElseThrow();
    }

    @Test
    void looks_at_three_days_once_an_hour() {
        assertThat(minutes(61)).hasSize(61).startsWith(DAYS, HOUR).endsWith(HOUR, DAYS);
    }

    @Test
    void looks_at_three_days_while_something_is_broken() {
        books.lastDays = BROKEN;

        assertThat(minutes(3)).containsExactly(DAYS, DAYS, DAYS);
    }

    @Test
    void where_three_days_are_too_much_it_looks_at_the_last_hour_and_tries_again_an_hour_later() {
        books.atMost = HOUR;

        assertThat(minutes(3)).containsExactly(DAYS, HOUR, HOUR, HOUR);
        assertThat(seen().checkedAt()).isEqualTo(now.minusSeconds(60));
        assertThat(seen().wideAt()).isNull();
        assertThat(minutes(58)).endsWith(DAYS, HOUR);
        books.atMost = DAYS;
        assertThat(minutes(60)).endsWith(DAYS);
        assertThat(seen().wideAt()).isNotNull();
    }

    @Test
    void what_was_broken_in_three_days_is_not_mended_by_a_clean_hour() {
        books.lastDays = BROKEN;
        minutes(1);
        books.atMost = HOUR;

        assertThat(minutes(3)).containsExactly(DAYS, HOUR, HOUR, HOUR);
        assertThat(seen().violations()).isEqualTo(2);
        assertThat(seen().samples()).containsExactly("order 1");
        books.atMost = DAYS;
        books.lastDays = WHOLE;
        minutes(58);
        assertThat(seen().holds()).isTrue();
    }

    @Test
    void a_database_that_is_away_is_not_taken_for_too_much_to_look_at() {
        books.atMost = Duration.ZERO;
        minutes(1);
        books.atMost = DAYS;

        assertThat(minutes(1)).containsExactly(DAYS);
    }
}
