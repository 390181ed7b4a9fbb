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
    private static final Invariant.Result HOLDS = new Invariant.Result(0, null, List.of());
    private static final Invariant.Result BROKEN = new Invariant.Result(2, Instant.EPOCH, List.of("order 1"));

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

    /** Results of which the check of windows longer than {@code longestPossible} fails by a timeout. */
    private final class StubResults extends InvariantResults {
        final Map<String, LastResult> kept = new HashMap<>();
        final List<Duration> windows = new ArrayList<>();
        Invariant.Result lastHour = HOLDS;
        Invariant.Result lastDays = HOLDS;
        Duration longestPossible = DAYS;

        @Override
        Invariant.Result check(Invariant invariant, Duration window) {
            if (invariant.equals(FIRST)) windows.add(window);
            if (window.compareTo(longestPossible) > 0)
                throw new IllegalStateException("canceling statement due to timeout");
            return window.equals(HOUR) ? lastHour : lastDays;
        }

        @Override
        Optional<LastResult> store(Invariant invariant, Invariant.Result result, boolean longWindow, Duration took) {
            var previous = last(invariant.name());
            var longWindowAt =
                    longWindow ? now : previous.map(LastResult::longWindowAt).orElse(null);
            kept.put(
                    invariant.name(),
                    new LastResult(
                            invariant.name(),
                            result.violations(),
                            result.oldest(),
                            result.samples(),
                            now,
                            now,
                            longWindowAt,
                            took.toMillis()));
            return previous;
        }

        @Override
        Optional<LastResult> last(String name) {
            return Optional.ofNullable(kept.get(name));
        }
    }

    private final StubResults results = new StubResults();
    private final CheckInvariants check = new CheckInvariants();

    @BeforeEach
    void inject() {
        check.results = results;
        check.clock = clock;
    }

    /** Runs the job once a minute, and returns the windows for which the first invariant was checked. */
    private List<Duration> minutes(int minutes) {
        results.windows.clear();
        for (int i = 0; i < minutes; i++) {
            check.run();
            now = now.plusSeconds(60);
        }
        return List.copyOf(results.windows);
    }

    private InvariantResults.LastResult last() {
        return results.last(FIRST.name()).orElseThrow();
    }

    @Test
    void checks_three_days_once_an_hour() {
        assertThat(minutes(61)).hasSize(61).startsWith(DAYS, HOUR).endsWith(HOUR, DAYS);
    }

    @Test
    void checks_three_days_while_an_invariant_is_broken() {
        results.lastDays = BROKEN;

        assertThat(minutes(3)).containsExactly(DAYS, DAYS, DAYS);
    }

    @Test
    void if_three_days_take_too_long_it_checks_the_last_hour_and_retries_an_hour_later() {
        results.longestPossible = HOUR;

        assertThat(minutes(3)).containsExactly(DAYS, HOUR, HOUR, HOUR);
        assertThat(last().checkedAt()).isEqualTo(now.minusSeconds(60));
        assertThat(last().longWindowAt()).isNull();
        assertThat(minutes(58)).endsWith(DAYS, HOUR);
        results.longestPossible = DAYS;
        assertThat(minutes(60)).endsWith(DAYS);
        assertThat(last().longWindowAt()).isNotNull();
    }

    @Test
    void violations_of_three_days_are_kept_if_only_the_last_hour_could_be_checked() {
        results.lastDays = BROKEN;
        minutes(1);
        results.longestPossible = HOUR;

        assertThat(minutes(3)).containsExactly(DAYS, HOUR, HOUR, HOUR);
        assertThat(last().violations()).isEqualTo(2);
        assertThat(last().samples()).containsExactly("order 1");
        results.longestPossible = DAYS;
        results.lastDays = HOLDS;
        minutes(58);
        assertThat(last().holds()).isTrue();
    }

    @Test
    void a_failure_of_the_short_window_too_does_not_pause_the_long_window() {
        results.longestPossible = Duration.ZERO;
        minutes(1);
        results.longestPossible = DAYS;

        assertThat(minutes(1)).containsExactly(DAYS);
    }
}
