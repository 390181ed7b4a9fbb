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
import io.cashdesk.provider.ProviderReport.WentBack;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PaidReportCheckTest {
    private static final Identity US = new Identity("1600000000", "wx1");

    private final PayOrder order = AnOrder.of(fen(990)).unpaid();
    private final Attempt attempt = AnAttempt.of(order)
            .onBehalfOf(new AttemptRequest.SubMerchant("19", "", "", ""))
            .shown();

    private static ProviderReport.Paid paid(String merchantNo, String sub, Instant paidAt, WentBack wentBack) {
        return new ProviderReport.Paid("T1", merchantNo, "wx1", "4200", fen(990), paidAt, "o1", sub, wentBack, "{}");
    }

    @Test
    void a_payment_to_us_is_accepted_with_or_without_its_sub_merchant_and_time() {
        for (var good : List.of(
                paid("1600000000", "19", NOON, WentBack.NOTHING), paid("1600000000", "", null, WentBack.NOTHING))) {
            assertThat(PaidReportCheck.isToUs(attempt, US, good)).isTrue();
            assertThat(PaidReportCheck.doubt(order, attempt, good)).isEmpty();
        }
    }

    @Test
    void a_payment_to_another_merchant_application_or_sub_merchant_is_not_ours() {
        var otherApplication = new Identity("1600000000", "wx2");

        assertThat(PaidReportCheck.isToUs(attempt, US, paid("1700000000", "19", NOON, WentBack.NOTHING)))
                .isFalse();
        assertThat(PaidReportCheck.isToUs(attempt, US, paid("1600000000", "20", NOON, WentBack.NOTHING)))
                .isFalse();
        assertThat(PaidReportCheck.isToUs(attempt, otherApplication, paid("1600000000", "19", NOON, WentBack.NOTHING)))
                .isFalse();
    }

    @Test
    void a_payment_that_the_provider_has_returned_already_does_not_pay_and_ends_the_attempt() {
        var doubt = PaidReportCheck.doubt(order, attempt, paid("1600000000", "19", NOON, WentBack.ALL))
                .orElseThrow();

        assertThat(doubt.why()).contains("payment 4200 of", "was returned at the provider");
        assertThat(doubt.wentBack()).isTrue();
        assertThat(doubt.endsAttempt()).isTrue();
    }

    @Test
    void a_payment_of_which_a_part_may_be_left_is_held_and_ends_the_attempt() {
        var doubt = PaidReportCheck.doubt(order, attempt, paid("1600000000", "19", NOON, WentBack.AT_LEAST_A_PART))
                .orElseThrow();

        assertThat(doubt.why()).contains("was returned at the provider, all or a part of it");
        assertThat(doubt.wentBack()).isFalse();
        assertThat(doubt.endsAttempt()).isTrue();
    }

    @Test
    void the_second_payment_of_a_paid_order_is_doubtful_if_it_went_back() {
        var doubt = PaidReportCheck.doubt(
                AnOrder.of(fen(990)).paid(), attempt, paid("1600000000", "19", NOON, WentBack.ALL));

        assertThat(doubt).get().extracting(PaidReportCheck.Doubt::wentBack).isEqualTo(true);
    }

    @Test
    void a_payment_by_a_code_that_was_reversed_does_not_pay() {
        var reversed = AnAttempt.of(order).byPaymentCode("hash").shown();
        reversed.closed();

        var doubt = PaidReportCheck.doubt(order, reversed, paid("1600000000", "", NOON, WentBack.NOTHING))
                .orElseThrow();

        assertThat(doubt.why()).contains("was reversed");
        assertThat(doubt.wentBack()).isFalse();
        assertThat(doubt.endsAttempt()).as("it is closed, and stays so").isFalse();
    }

    @Test
    void a_payment_may_be_five_minutes_older_than_its_attempt_because_clocks_differ() {
        var fiveMinutes = NOON.minusSeconds(300);

        assertThat(PaidReportCheck.doubt(order, attempt, paid("1600000000", "19", fiveMinutes, WentBack.NOTHING)))
                .isEmpty();
        var older = PaidReportCheck.doubt(
                        order, attempt, paid("1600000000", "19", fiveMinutes.minusSeconds(1), WentBack.NOTHING))
                .orElseThrow();
        assertThat(older.why()).contains("older than the attempt");
        assertThat(older.wentBack()).isFalse();
        assertThat(older.endsAttempt()).as("it was not paid through it").isFalse();
    }

    @Test
    void all_that_is_doubtful_is_named() {
        var larger = AnOrder.of(fen(991)).unpaid();

        var doubt = PaidReportCheck.doubt(
                        larger, attempt, paid("1600000000", "19", NOON.minusSeconds(301), WentBack.ALL))
                .orElseThrow();

        assertThat(doubt.why()).contains("older than the attempt", "was returned", "is not the");
        assertThat(doubt.wentBack()).isTrue();
        assertThat(doubt.endsAttempt()).isFalse();
    }
}
