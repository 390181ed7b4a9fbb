package io.cashdesk.refund;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MadeNumberTest {
    @Test
    void is_the_next_one() {
        assertThat(MadeNumber.free("T1", 0, Set.of()::contains)).isEqualTo("T1-1");
        assertThat(MadeNumber.free("T1", 2, Set.of("T1-1", "T1-2")::contains)).isEqualTo("T1-3");
    }

    @Test
    void is_one_that_no_other_refund_has() {
        assertThat(MadeNumber.free("T1", 1, Set.of("T1-2")::contains)).isEqualTo("T1-3");
        assertThat(MadeNumber.free("T1", 0, Set.of("T1-1", "T1-2", "T1-3")::contains))
                .isEqualTo("T1-4");
    }
}
