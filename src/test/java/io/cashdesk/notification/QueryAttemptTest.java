package io.cashdesk.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.order.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QueryAttemptTest {
    private static final Instant NOON = Instant.parse("2026-11-21T04:00:00Z");
    private static final Instant DEADLINE = NOON.plusSeconds(3600);

    private static Attempt attempt(Instant expiresAt, Instant closeAt, String codeHash, int asks) {
        var attempt = new Attempt(
                UUID.randomUUID(),
                new Attempt.Numbered(1, "T1234567"),
                new Attempt.Target(UUID.randomUUID(), "wxpay", "1600000000", "wxpay_h5"),
                new Attempt.Asked("{}", "same", expiresAt, closeAt, codeHash),
                UUID.randomUUID(),
                NOON,
                NOON);
        for (int i = 0; i < asks; i++) attempt.asked(NOON, NOON);
        return attempt;
    }

    private static Duration pause(Attempt attempt, Instant now) {
        return Duration.between(now, QueryAttempt.nextAskAt(attempt, now));
    }

    @Test
    void asks_often_at_first_and_then_less_and_less() {
        var far = NOON.plus(Duration.ofDays(2));

        assertThat(pause(attempt(far, far, null, 0), NOON)).isEqualTo(Duration.ofSeconds(5));
        assertThat(pause(attempt(far, far, null, 3), NOON)).isEqualTo(Duration.ofSeconds(40));
        assertThat(pause(attempt(far, far, null, 100), NOON)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void looks_when_it_is_to_be_closed_however_seldom_it_asks() {
        var before = DEADLINE.minusSeconds(7);

        assertThat(QueryAttempt.nextAskAt(attempt(DEADLINE, DEADLINE, null, 100), before))
                .isEqualTo(DEADLINE);
    }

    @Test
    void tries_often_to_close_what_has_not_ended() {
        var attempt = attempt(DEADLINE, NOON, null, 100);

        assertThat(pause(attempt, NOON)).isEqualTo(Duration.ofSeconds(15));
        assertThat(pause(attempt(DEADLINE, NOON, null, 0), NOON)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void asks_once_more_right_after_its_end_and_seldom_from_then_on() {
        var attempt = attempt(DEADLINE, DEADLINE, null, 100);
        var end = DEADLINE.plus(ApplyReport.GRACE).plusSeconds(1);

        assertThat(QueryAttempt.nextAskAt(attempt, end.minusSeconds(3))).isEqualTo(end);
        assertThat(pause(attempt, end)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void asks_every_few_seconds_while_somebody_stands_at_the_till() {
        assertThat(pause(attempt(DEADLINE, DEADLINE, "hash", 100), NOON)).isEqualTo(Duration.ofSeconds(5));
    }
}
