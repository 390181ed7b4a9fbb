package io.cashdesk.notification;

import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.OrderState;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.ProviderReport;
import java.time.Duration;
import java.util.Optional;

/** Whether a reported payment can be the attempt's. What cannot is never counted; an operator must look at it. */
final class PaidReportCheck {
    /** By how much a provider's clock and ours may differ. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

    private PaidReportCheck() {}

    /**
     * Why it cannot be; empty if it can.
     *
     * @param us the merchant and application of the attempt's account at the provider
     */
    static Optional<String> objection(PayOrder order, Attempt attempt, Identity us, ProviderReport.Paid paid) {
        if (!isToUs(attempt, us, paid)) {
            return Optional.of("the payment is for another merchant or application");
        }
        if (order.state() != OrderState.PAID && paid.wentBack()) {
            return Optional.of("it was paid, and given back at the provider");
        }
        if (attempt.byPaymentCode() && attempt.state() == AttemptState.CLOSED) {
            return Optional.of("it was reversed, and is reported as paid all the same");
        }
        if (paid.paidAt() != null && paid.paidAt().isBefore(attempt.createdAt().minus(CLOCK_DIFFERENCE))) {
            return Optional.of("the payment is older than the attempt, so it is for something else");
        }
        return Optional.empty();
    }

    private static boolean isToUs(Attempt attempt, Identity us, ProviderReport.Paid paid) {
        return us.merchantNo().equals(paid.merchantNo())
                && us.appId().equals(paid.appId())
                && (paid.subMerchantNo().isEmpty()
                        || paid.subMerchantNo().equals(attempt.request().sub().mchId()));
    }
}
