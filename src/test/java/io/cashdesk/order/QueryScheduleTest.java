package io.cashdesk.order;

import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QueryScheduleTest {
    private static final Instant DEADLINE = NOON.plusSeconds(3600);

    private static AnAttempt until(Instant deadline) {
        return AnAttempt.ofAnyOrder().payableUntil(deadline);
    }

    private static Duration pause(AnAttempt attempt, Instant now) {
        return Duration.between(now, QuerySchedule.next(attempt.calling(), now));
    }

    @Test
    void queries_often_at_first_and_then_less_and_less() {
        var far = NOON.plus(Duration.ofDays(2));

        assertThat(pause(until(far), NOON)).isEqualTo(Duration.ofSeconds(5));
        assertThat(pause(until(far).queried(3), NOON)).isEqualTo(Duration.ofSeconds(40));
        assertThat(pause(until(far).queried(100), NOON)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void never_misses_the_moment_when_it_is_to_be_closed() {
        var before = DEADLINE.minusSeconds(7);

        assertThat(QuerySchedule.next(until(DEADLINE).queried(100).calling(), before))
                .isEqualTo(DEADLINE);
    }

    @Test
    void queries_often_while_it_is_being_closed() {
        var attempt = until(DEADLINE).closedFrom(NOON).queried(100);

        assertThat(pause(attempt, NOON)).isEqualTo(Duration.ofSeconds(15));
        assertThat(pause(until(DEADLINE).closedFrom(NOON), NOON)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void queries_once_more_right_after_its_end_and_seldom_from_then_on() {
        var attempt = until(DEADLINE).queried(100);
        var end = DEADLINE.plus(Attempt.GRACE).plusSeconds(1);

        assertThat(QuerySchedule.next(attempt.calling(), end.minusSeconds(3))).isEqualTo(end);
        assertThat(pause(attempt, end)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void queries_every_few_seconds_at_the_point_of_sale() {
        assertThat(pause(until(DEADLINE).byPaymentCode("hash").queried(100), NOON))
                .isEqualTo(Duration.ofSeconds(5));
    }
}
