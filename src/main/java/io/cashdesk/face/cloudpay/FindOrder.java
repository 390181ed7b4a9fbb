package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Authority;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
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
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    /** By {@code transactionId} or {@code outTradeNo}. */
    PayOrder order(Authority authority, Fields fields) {
        var sub = fields.required("subMchId", 32);
        fields.text("nonceStr", 32);
        var merchant = authority.merchant(null);
        var byId = fields.text("transactionId", 32);
        var found = byId.isPresent()
                ? orders.byTransaction(merchant, authority.mode(), byId.get())
                : orders.byNumber(merchant, authority.mode(), fields.required("outTradeNo", 32));
        return found.filter(o -> belongsTo(o, sub))
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(
                        byId.orElseGet(() -> fields.text("outTradeNo", 32).orElse(""))));
    }

    /** By {@code refundId} or {@code outRefundNo} before anything else, as in API v2. */
    PayOrder orderOfRefund(Authority authority, Fields fields) {
        var sub = fields.required("subMchId", 32);
        var merchant = authority.merchant(null);
        Optional<OrderKey> byRefund = fields.text("refundId", 32)
                .map(id -> refunds.orderByRefundId(merchant, authority.mode(), id))
                .orElseGet(() -> fields.text("outRefundNo", 64)
                        .flatMap(no -> refunds.orderByNumber(merchant, authority.mode(), no)));
        if (byRefund.isPresent()) {
            return orders.byKey(byRefund.get())
                    .filter(o -> belongsTo(o, sub))
                    .orElseThrow(() -> Refusal.business("REFUNDNOTEXIST", "there is no such refund"));
        }
        if (fields.text("refundId", 32).isPresent()
                || fields.text("outRefundNo", 64).isPresent()) {
            throw Refusal.business("REFUNDNOTEXIST", "there is no such refund");
        }
        return order(authority, fields);
    }

    /** False too for an order that was paid through API v2: its evidence lacks what CloudPay's answers need. */
    private boolean belongsTo(PayOrder order, String subMchId) {
        return subMerchant(order).equals(subMchId)
                && receipts.of(order.key()).stream()
                        .map(Receipt::evidence)
                        .map(Evidence::object)
                        .noneMatch(e -> e.containsKey("mch_id"));
    }

    /** The sub-merchant for whom the latest attempt collects, or an empty text. */
    String subMerchant(PayOrder order) {
        return attempts.currentOf(order.key())
                .map(a -> a.request().sub().mchId())
                .orElse("");
    }
}
