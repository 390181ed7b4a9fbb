package io.cashdesk.order;

import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
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
        return Duration.between(now, QuerySchedule.often(attempt.calling(), now));
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

        assertThat(QuerySchedule.often(until(DEADLINE).queried(100).calling(), before))
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

        assertThat(QuerySchedule.often(attempt.calling(), end.minusSeconds(3))).isEqualTo(end);
        assertThat(pause(attempt, end)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void queries_every_few_seconds_at_the_point_of_sale() {
        assertThat(pause(until(DEADLINE).byPaymentCode("hash").queried(100), NOON))
                .isEqualTo(Duration.ofSeconds(5));
    }

    private static Optional<Instant> rarely(AnAttempt attempt, Instant now) {
        return QuerySchedule.rarely(attempt.shown(), now);
    }

    @Test
    void queries_rarely_where_notifications_arrive() {
        var deadline = NOON.plusSeconds(7200);
        var end = deadline.plus(Attempt.GRACE).plusSeconds(1);
        var moments = new ArrayList<Instant>();
        for (var at = Optional.of(NOON); at.isPresent(); at = rarely(until(deadline), at.get())) moments.add(at.get());

        assertThat(moments)
                .containsExactly(
                        NOON,
                        NOON.plusSeconds(60),
                        NOON.plusSeconds(300),
                        NOON.plusSeconds(900),
                        NOON.plusSeconds(3600),
                        deadline);
        assertThat(rarely(until(deadline).closedFrom(end.plusSeconds(60)), deadline))
                .as("right after the code's end, if the order lives longer")
                .contains(end);
        assertThat(rarely(until(deadline).closedFrom(end.plusSeconds(60)), end)).contains(end.plusSeconds(60));
    }

    @Test
    void queries_a_short_code_half_way_and_at_its_end() {
        var deadline = NOON.plusSeconds(300);
        var attempt = until(deadline).closedFrom(NOON.plusSeconds(1800));

        assertThat(rarely(attempt, NOON.plusSeconds(60))).contains(NOON.plusSeconds(150));
        assertThat(rarely(attempt, NOON.plusSeconds(150))).contains(NOON.plusSeconds(300));
        assertThat(rarely(attempt, NOON.plusSeconds(300))).contains(NOON.plusSeconds(311));
    }

    @Test
    void queries_often_while_it_is_being_closed_even_where_notifications_arrive() {
        assertThat(rarely(until(DEADLINE).closedFrom(NOON), NOON.plusSeconds(1)))
                .isEmpty();
    }

    @Test
    void watches_what_was_closed_here_alone_four_times_within_a_day() {
        var attempt = until(DEADLINE).shown();
        var end = DEADLINE.plus(Attempt.GRACE);
        var moments = new ArrayList<Duration>();
        for (var next = QuerySchedule.watch(attempt, end); next.isPresent(); ) {
            moments.add(Duration.between(end, next.get()));
            next = QuerySchedule.watch(attempt, next.get());
        }

        assertThat(moments)
                .containsExactly(
                        Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofHours(6), Duration.ofHours(24));
        attempt.closedAndWatched(end.plus(Duration.ofMinutes(15)));
        assertThat(attempt.watched()).isTrue();
        assertThat(attempt.nextStep()).contains(NextStep.QUERY);
        assertThat(new QuerySchedule().next(attempt, end.plus(Duration.ofMinutes(15))))
                .isEqualTo(end.plus(Duration.ofHours(1)));
        assertThat(new QuerySchedule().next(attempt, end.plus(Duration.ofHours(24))))
                .as("if the last one is not answered")
                .isEqualTo(end.plus(Duration.ofHours(48)));
        attempt.notWatchedAnyMore();
        assertThat(attempt.watched()).isFalse();
        attempt.paid(); // late money is taken all the same
    }

    @Test
    void watches_from_the_orders_deadline_if_that_is_later() {
        var attempt = until(DEADLINE).closedFrom(DEADLINE.plusSeconds(3600)).shown();
        var begin = DEADLINE.plusSeconds(3600);

        assertThat(QuerySchedule.watch(attempt, begin)).contains(begin.plus(Duration.ofMinutes(15)));
        assertThat(QuerySchedule.mayEndUnclear(attempt, begin.plusSeconds(899))).isFalse();
        assertThat(QuerySchedule.mayEndUnclear(attempt, begin.plusSeconds(900))).isTrue();
    }
}
