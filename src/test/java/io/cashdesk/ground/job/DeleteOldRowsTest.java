package io.cashdesk.ground.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DeleteOldRowsTest {
    private static final Instant NOW = Instant.parse("2026-11-26T08:00:00Z");

    private final DeleteOldRows job = new DeleteOldRows();
    private final List<String> steps = new ArrayList<>();

    @BeforeEach
    void clock() {
        job.clock = Clock.fixed(NOW, ZoneOffset.UTC);
    }

    /** @param full how many steps have more rows after them */
    private OldRows rows(String name, int full) {
        return new OldRows() {
            private int left = full;

            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean deleteSome(Instant now) {
                assertThat(now).isEqualTo(NOW);
                steps.add(name);
                if (full < 0) throw new IllegalStateException("no");
                return left-- > 0;
            }
        };
    }

    @Test
    void deletes_each_kind_until_there_is_no_more() {
        job.deleteAll(List.of(rows("keys", 2), rows("trades", 0)));

        assertThat(steps).containsExactly("keys", "keys", "keys", "trades");
    }

    @Test
    void leaves_the_rest_of_very_many_for_the_next_run() {
        job.deleteAll(List.of(rows("keys", Integer.MAX_VALUE), rows("trades", 0)));

        assertThat(steps).hasSize(DeleteOldRows.MAX_STEPS + 1).endsWith("trades");
    }

    @Test
    void deletes_the_others_if_one_fails_and_fails_at_the_end() {
        assertThatThrownBy(() -> job.deleteAll(List.of(rows("keys", -1), rows("trades", 0))))
                .hasMessage("old keys stay");

        assertThat(steps).containsExactly("keys", "trades");
    }
}
