package io.cashdesk.sweeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LaneTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    private final List<Runnable> begun = new ArrayList<>();
    private final Lane lane = new Lane(begun::add, 8);
    private final UUID account = UUID.randomUUID();

    /** Four tasks at once of 100 ms each: 40 in a second. */
    private void tasksTake100Milliseconds() {
        lane.offer(account, UUID.randomUUID(), () -> {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int i = 0; i < 5; i++) lane.offer(account, UUID.randomUUID(), () -> {});
        begun.get(0).run();
    }

    @Test
    void rows_of_a_busy_account_get_turns_one_after_the_other_up_to_a_limit() {
        tasksTake100Milliseconds();
        var turns = new ArrayList<Duration>();
        for (int look = 0; look < 130; look++) turns.add(Duration.between(NOON, lane.turn(account, 200, NOON)));

        assertThat(turns.get(0)).isEqualTo(Duration.ofSeconds(5));
        assertThat(turns.get(1)).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(20));
        assertThat(turns).isSorted();
        assertThat(turns.get(129)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void an_account_that_was_idle_begins_anew() {
        tasksTake100Milliseconds();
        lane.turn(account, 200, NOON);
        var later = NOON.plusSeconds(3600);

        assertThat(lane.turn(account, 200, later)).isEqualTo(later.plusSeconds(5));
    }
}
