package io.cashdesk.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.order.QueryResult;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QueryOrderTest {
    private static final Instant PRESS = Instant.parse("2026-11-21T04:00:00Z");

    /** The moments of the query and of the page, in seconds after the press. */
    private static boolean awaits(int second, QueryResult result, int now) {
        var last = new QueryOrder.Last(PRESS.plusSeconds(second), Optional.ofNullable(result));
        return QueryOrder.awaits(PRESS.minusSeconds(60), Optional.of(last), PRESS, PRESS.plusSeconds(now));
    }

    @Test
    void a_query_that_began_before_the_press_does_not_answer_it() {
        assertThat(awaits(-2, QueryResult.ANSWERED, 2)).isTrue();
        assertThat(awaits(-2, null, 2)).isTrue();
        assertThat(awaits(1, QueryResult.ANSWERED, 2)).isFalse();
        assertThat(awaits(1, null, 2)).as("the query of another caller").isFalse();
    }

    @Test
    void a_query_that_runs_is_awaited_until_it_has_ended_or_its_node_must_have_died() {
        assertThat(awaits(0, QueryResult.RUNNING, 29)).isTrue();
        assertThat(awaits(0, QueryResult.UNANSWERED, 15)).isFalse();
        assertThat(awaits(0, QueryResult.RUNNING, 30)).isFalse();
    }

    @Test
    void a_query_that_did_not_begin_soon_after_the_press_is_not_awaited() {
        assertThat(awaits(-2, QueryResult.ANSWERED, 10)).isFalse();
    }

    @Test
    void an_attempt_that_was_opened_after_the_press_is_not_awaited() {
        assertThat(QueryOrder.awaits(PRESS.plusSeconds(1), Optional.empty(), PRESS, PRESS.plusSeconds(2)))
                .isFalse();
        assertThat(QueryOrder.awaits(PRESS.minusSeconds(1), Optional.empty(), PRESS, PRESS.plusSeconds(2)))
                .isTrue();
    }
}
