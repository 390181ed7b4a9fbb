package io.cashdesk.payment;

import static io.cashdesk.ground.money.Money.fen;
import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.PayOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AttemptLimitTest {
    private final PayOrder order = AnOrder.of(fen(990)).unpaid();
    private final List<Attempt> attempts = new ArrayList<>();

    private Attempt shown(long second) {
        var at = NOON.plusSeconds(second);
        var attempt = AnAttempt.of(order)
                .at(at)
                .leasedUntil(at.plusSeconds(45))
                .payableUntil(at.plusSeconds(300))
                .shown();
        attempts.add(attempt);
        return attempt;
    }

    private Duration wait(Instant now) {
        return AttemptLimit.wait(attempts, 3, 6, now);
    }

    @Test
    void an_order_without_attempts_waits_for_nothing() {
        assertThat(wait(NOON)).isZero();
    }

    @Test
    void with_three_payable_attempts_the_first_end_is_awaited() {
        shown(0);
        shown(5);
        assertThat(wait(NOON.plusSeconds(10))).isZero();

        shown(10);

        assertThat(wait(NOON.plusSeconds(10))).isEqualTo(Duration.ofMinutes(5));
        assertThat(wait(NOON.plusSeconds(309))).isEqualTo(Duration.ofSeconds(1));
        assertThat(wait(NOON.plusSeconds(311))).isZero();
    }

    @Test
    void an_attempt_that_was_closed_is_not_payable() {
        shown(0).closed();
        shown(5).closed();
        shown(10);

        assertThat(wait(NOON.plusSeconds(10))).isZero();
    }

    @Test
    void after_six_attempts_in_a_minute_the_oldest_of_them_is_awaited() {
        for (int i = 0; i < 6; i++) shown(i * 2L).closed();

        assertThat(wait(NOON.plusSeconds(10))).isEqualTo(Duration.ofSeconds(50));
        assertThat(wait(NOON.plusSeconds(60))).isZero();
    }

    @Test
    void with_more_attempts_than_now_allowed_enough_of_them_are_awaited() {
        for (int i = 0; i < 8; i++) shown(i * 2L).closed();

        assertThat(wait(NOON.plusSeconds(20))).isEqualTo(Duration.ofSeconds(44));
    }
}
