package io.cashdesk.refund;

import io.cashdesk.account.FailureLog;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.ProviderFailure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Queries the provider about one refund of an order and answers with all of them. */
@ApplicationScoped
public class QueryRefund {
    @Inject
    PayOrders orders;

    @Inject
    Refunds refunds;

    @Inject
    RefundPayment refundPayment;

    @Inject
    FailureLog failures;

    /** The refund that was queried, and its order with all refunds; both as stored after the query. */
    public record Answer(RefundView queried, RefundedOrder order) {}

    /**
     * A refund that has ended is not queried. If the provider does not answer, the stored state is the answer.
     *
     * @param outRefundNo the merchant's number of a refund, or empty: the newest
     * @throws Problem NOT_REFUNDED if the order has no such refund
     */
    public Answer of(PayOrder order, Optional<String> outRefundNo) {
        var refund = refunds.of(order.key()).stream()
                .filter(r -> outRefundNo.isEmpty() || r.outRefundNo().equals(outRefundNo.get()))
                .findFirst()
                .orElseThrow(() -> ProblemType.NOT_REFUNDED.with(
                        order.outTradeNo(), outRefundNo.map(no -> " " + no).orElse("")));
        if (!refund.state().ended()) query(refund);
        return new Answer(
                RefundView.of(refunds.byKey(refund.key()).orElseThrow()),
                RefundedOrder.of(orders.byKey(order.key()).orElseThrow(), refunds.of(order.key())));
    }

    /**
     * A refund as it is stored after the provider was queried. One that has ended is not queried. If the provider does
     * not answer, the stored state is the answer.
     */
    public Refund refreshed(Refund refund) {
        if (refund.state().ended()) return refund;
        try {
            refundPayment.resume(refund.key());
        } catch (ProviderFailure | Problem unanswered) {
            failures.log(refund.accountId(), "query of refund " + refund.outRefundNo(), unanswered);
        }
        return refunds.byKey(refund.key()).orElseThrow();
    }

    /**
     * As {@link #refreshed}, but one that has ended is queried too: for what the report that ended it does not say. The
     * answer is stored with the others ({@link Refund#reports}).
     */
    public Refund completed(Refund refund) {
        query(refund);
        return refunds.byKey(refund.key()).orElseThrow();
    }

    private void query(Refund refund) {
        try {
            refundPayment.query(refund.key());
        } catch (ProviderFailure | Problem unanswered) {
            failures.log(refund.accountId(), "query of refund " + refund.outRefundNo(), unanswered);
        }
    }
}
