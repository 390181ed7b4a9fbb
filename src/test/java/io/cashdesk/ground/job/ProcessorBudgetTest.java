package io.cashdesk.ground.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProcessorBudgetTest {
    private static final int PERCENT = 10;

    private final ProcessorBudget budget = new ProcessorBudget(PERCENT, 0);

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    /** Tasks of 10 ms, one after the other whenever the budget allows it, looked at every millisecond. */
    private int tasksIn(int seconds) {
        var tasks = 0;
        for (long now = 0; now < seconds * 1_000L; now++) {
            if (!budget.left(millis(now))) continue;
            budget.use(millis(10), millis(now));
            tasks++;
        }
        return tasks;
    }

    @Test
    void allows_its_part_of_a_core_and_no_more() {
        assertThat(tasksIn(60)).as("a tenth of 60 s is 600 tasks of 10 ms").isBetween(595, 610);
    }

    @Test
    void does_not_save_more_than_a_burst() {
        var later = millis(3_600_000);
        var tasks = 0;
        while (budget.left(later)) {
            budget.use(millis(10), later);
            tasks++;
        }

        assertThat(tasks).as("half a second's part, 50 ms").isEqualTo(5);
    }

    @Test
    void forgets_what_was_used_without_a_limit() {
        budget.use(millis(60_000), 0);

        assertThat(budget.left(millis(1_900))).isFalse();
        assertThat(budget.left(millis(2_100))).isTrue();
    }
}
