package io.cashdesk.refund;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "T1-1, true",
        "T1-20, true",
        "T1-0, false",
        "T1-01, false",
        "T1-, false",
        "T1-a, false",
        "T1-0123456789ab, false",
        "T11-1, false",
        "T1, false"
    })
    void differs_from_a_number_of_the_merchant(String number, boolean made) {
        assertThat(MadeNumber.isOf("T1", number)).isEqualTo(made);
    }
}
