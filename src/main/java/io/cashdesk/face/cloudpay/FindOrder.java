package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Authority;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.Collecting;
import io.cashdesk.payment.CollectingAccounts;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Finds the order that a call names; only an order of the sub-merchant that the call names too. */
@ApplicationScoped
class FindOrder {
    @Inject
    PayOrders orders;

    @Inject
    CollectingAccounts accounts;

    @Inject
    Refunds refunds;

    /** An order, and whose it is. */
    record Found(PayOrder order, Collecting parties) {}

    /**
     * By {@code transactionId} or {@code outTradeNo}; the former is preferred.
     *
     * @param parties becomes those of the order
     */
    Found order(Authority authority, Fields fields, Parties parties) {
        var sub = fields.required("subMchId", 32);
        fields.text("nonceStr", 32);
        var merchant = authority.merchant(null);
        var byId = fields.text("transactionId", 32);
        var number = fields.text("outTradeNo", 32);
        if (byId.isEmpty() && number.isEmpty()) throw fields.missing("transactionId / outTradeNo");
        var found = byId.isPresent()
                ? orders.byTransaction(merchant, authority.mode(), byId.get())
                : orders.byNumber(merchant, authority.mode(), number.get());
        return found.flatMap(order -> of(order, sub, parties))
                .orElseThrow(() ->
                        ProblemType.ORDER_NOT_FOUND.with(byId.or(() -> number).get()));
    }

    /** By {@code refundId} or {@code outRefundNo} before anything else, as in API v2. */
    Found orderOfRefund(Authority authority, Fields fields, Parties parties) {
        var sub = fields.required("subMchId", 32);
        var merchant = authority.merchant(null);
        var refundId = fields.text("refundId", 32);
        var outRefundNo = fields.text("outRefundNo", 64);
        if (refundId.isEmpty() && outRefundNo.isEmpty()) {
            if (!fields.has("transactionId") && !fields.has("outTradeNo")) {
                throw fields.missing("refundId / outRefundNo / transactionId / outTradeNo");
            }
            return order(authority, fields, parties);
        }
        fields.text("nonceStr", 32);
        Optional<OrderKey> byRefund = refundId.isPresent()
                ? refunds.orderByRefundId(merchant, authority.mode(), refundId.get())
                : refunds.orderByNumber(merchant, authority.mode(), outRefundNo.get());
        return byRefund.flatMap(orders::byKey)
                .flatMap(order -> of(order, sub, parties))
                .orElseThrow(Refusal::noSuchRefund);
    }

    private Optional<Found> of(PayOrder order, String subMchId, Parties parties) {
        var found = accounts.of(order.key()).filter(p -> p.subMchId().equals(subMchId));
        found.ifPresent(parties::are);
        return found.map(p -> new Found(order, p));
    }
}
