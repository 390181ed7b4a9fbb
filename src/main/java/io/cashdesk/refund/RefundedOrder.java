package io.cashdesk.refund;

import io.cashdesk.ground.money.Money;
import io.cashdesk.order.OrderStatus;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.PayType;
import java.util.List;
import java.util.Optional;

/**
 * The part of an order that concerns its refunds, at one moment.
 *
 * @param refunded what has reached the payer so far
 * @param number how many refunds have succeeded
 * @param refunds those that the merchant requested, in every state, the newest first
 */
public record RefundedOrder(
        String outTradeNo,
        String type,
        OrderStatus status,
        Money total,
        Money refunded,
        int number,
        Optional<PayType> payType,
        Optional<String> transactionId,
        List<RefundView> refunds) {
    public RefundedOrder {
        refunds = List.copyOf(refunds);
    }

    static RefundedOrder of(PayOrder order, List<Refund> refunds) {
        return new RefundedOrder(
                order.outTradeNo(),
                order.type(),
                OrderStatus.of(order),
                order.total(),
                new Money(order.refundFee(), order.total().currency()),
                order.refundNum(),
                order.payType().map(PayType::of),
                order.transactionId(),
                refunds.stream().map(RefundView::of).toList());
    }
}
