package io.cashdesk.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AccountRestTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    private final AccountRest rest = new AccountRest(UUID.randomUUID(), UUID.randomUUID(), NOON);
    private Instant now = NOON;

    /** The sweeper tries a query whenever it may, and all fail in this way. */
    private int queriesFailingFor(Duration time, boolean refused) {
        var until = now.plus(time);
        var queries = 0;
        while (now.isBefore(until)) {
            if (rest.resting(now)) {
                now = rest.until();
                continue;
            }
            rest.failed(refused, "NO_AUTH not yours", now);
            queries++;
            now = now.plusSeconds(1);
        }
        return queries;
    }

    @Test
    void a_few_failures_are_no_reason_to_rest() {
        for (int i = 1; i < AccountRest.FAILURES; i++) rest.failed(true, "NO_AUTH", now);

        assertThat(rest.resting(now)).isFalse();
    }

    @Test
    void rests_longer_each_time_and_an_operator_must_look_after_an_hour_of_refusals() {
        var queries = queriesFailingFor(Duration.ofDays(30), true);

        assertThat(queries).isLessThan(20);
        assertThat(rest.needsPerson())
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("refused since 2026-11-26T12:00:00Z")
                        .contains("NO_AUTH"));
        assertThat(rest.resting(NOON.plus(Duration.ofDays(365)))).isTrue();
    }

    @Test
    void a_provider_that_is_silent_is_tried_every_minute_and_an_operator_must_look_after_a_day() {
        var queries = queriesFailingFor(Duration.ofHours(23), false);
        assertThat(queries).isBetween(23 * 50, 23 * 61);
        assertThat(rest.needsPerson()).isEmpty();

        queriesFailingFor(Duration.ofHours(2), false);

        assertThat(rest.needsPerson())
                .hasValueSatisfying(why -> assertThat(why).contains("no query has been answered"));
        assertThat(Duration.between(now, rest.until())).isLessThanOrEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void one_answer_ends_it() {
        queriesFailingFor(Duration.ofHours(3), true);

        rest.answered(now);

        assertThat(rest.resting(now)).isFalse();
        assertThat(rest.needsPerson()).isEmpty();
        assertThat(rest.answers()).isTrue();
    }

    @Test
    void refusals_count_from_the_first_after_an_answer_or_silence() {
        queriesFailingFor(Duration.ofMinutes(50), true);
        now = rest.until();
        rest.failed(false, "timeout", now);
        queriesFailingFor(Duration.ofMinutes(50), true);

        assertThat(rest.needsPerson()).isEmpty();
    }
}
