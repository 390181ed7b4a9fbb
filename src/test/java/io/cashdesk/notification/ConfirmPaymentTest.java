package io.cashdesk.notification;

import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfirmPaymentTest {
    /** Seconds since the report of the payment, and until the next try. */
    @ParameterizedTest
    @CsvSource({"15, 30", "45, 45", "90, 90", "3600, 3600", "86400, 3600"})
    void a_confirmation_that_failed_is_repeated_after_growing_pauses(long since, long pause) {
        var now = NOON.plusSeconds(since);

        assertThat(ConfirmPayment.next(NOON, now)).contains(now.plusSeconds(pause));
    }

    @ParameterizedTest
    @CsvSource({"255600, true", "255601, false"})
    void for_three_days(long since, boolean repeated) {
        assertThat(ConfirmPayment.next(NOON, NOON.plusSeconds(since)).isPresent())
                .isEqualTo(repeated);
    }
}
