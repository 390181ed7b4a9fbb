package io.cashdesk.notification;

import static io.cashdesk.ground.money.Money.fen;
import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptRequest;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.ProviderReport;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PaidReportCheckTest {
    private static final Identity US = new Identity("1600000000", "wx1");

    private final PayOrder order = AnOrder.of(fen(990)).unpaid();
    private final Attempt attempt = AnAttempt.of(order)
            .onBehalfOf(new AttemptRequest.SubMerchant("19", "", ""))
            .shown();

    private static ProviderReport.Paid paid(String merchantNo, String sub, Instant paidAt, boolean wentBack) {
        return new ProviderReport.Paid("T1", merchantNo, "wx1", "4200", fen(990), paidAt, "o1", sub, wentBack, "{}");
    }

    @Test
    void a_payment_to_us_is_accepted_with_or_without_its_sub_merchant_and_time() {
        assertThat(PaidReportCheck.objection(order, attempt, US, paid("1600000000", "19", NOON, false)))
                .isEmpty();
        assertThat(PaidReportCheck.objection(order, attempt, US, paid("1600000000", "", null, false)))
                .isEmpty();
    }

    @Test
    void a_payment_to_another_merchant_application_or_sub_merchant_is_not_ours() {
        var otherApplication = new Identity("1600000000", "wx2");

        assertThat(PaidReportCheck.objection(order, attempt, US, paid("1700000000", "19", NOON, false)))
                .isPresent();
        assertThat(PaidReportCheck.objection(order, attempt, US, paid("1600000000", "20", NOON, false)))
                .isPresent();
        assertThat(PaidReportCheck.objection(order, attempt, otherApplication, paid("1600000000", "19", NOON, false)))
                .isPresent();
    }

    @Test
    void a_payment_that_the_provider_has_refunded_already_does_not_pay() {
        assertThat(PaidReportCheck.objection(order, attempt, US, paid("1600000000", "19", NOON, true)))
                .hasValueSatisfying(why -> assertThat(why).contains("given back"));
    }

    @Test
    void a_payment_by_a_code_that_was_reversed_does_not_pay() {
        var reversed = AnAttempt.of(order).byPaymentCode("hash").shown();
        reversed.closed();

        assertThat(PaidReportCheck.objection(order, reversed, US, paid("1600000000", "", NOON, false)))
                .hasValueSatisfying(why -> assertThat(why).contains("reversed"));
    }

    @Test
    void a_payment_may_be_five_minutes_older_than_its_attempt_because_clocks_differ() {
        var fiveMinutes = NOON.minusSeconds(300);

        assertThat(PaidReportCheck.objection(order, attempt, US, paid("1600000000", "19", fiveMinutes, false)))
                .isEmpty();
        assertThat(PaidReportCheck.objection(
                        order, attempt, US, paid("1600000000", "19", fiveMinutes.minusSeconds(1), false)))
                .hasValueSatisfying(why -> assertThat(why).contains("older than the attempt"));
    }
}
