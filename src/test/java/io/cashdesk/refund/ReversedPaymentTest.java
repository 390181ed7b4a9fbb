package io.cashdesk.refund;

import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.lease.Lease;
import io.cashdesk.order.AnAttempt;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Of which payments a refund that was not made here is expected. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReversedPaymentTest {
    @Test
    void is_one_by_payment_code_that_is_closed_or_being_closed() {
        var closing = AnAttempt.ofAnyOrder().byPaymentCode("hash").calling();
        assertThat(ApplyRefundReport.wasReversed(closing)).as("being called").isFalse();
        closing.closing(Lease.take(NOON, Duration.ofSeconds(45)));
        assertThat(ApplyRefundReport.wasReversed(closing)).isTrue();
        closing.closed();
        assertThat(ApplyRefundReport.wasReversed(closing)).isTrue();
    }

    @Test
    void is_no_other_payment_also_if_its_attempt_is_closed() {
        var shown = AnAttempt.ofAnyOrder().shown();
        assertThat(ApplyRefundReport.wasReversed(shown)).isFalse();
        shown.closed();
        assertThat(ApplyRefundReport.wasReversed(shown)).isFalse();
    }
}
