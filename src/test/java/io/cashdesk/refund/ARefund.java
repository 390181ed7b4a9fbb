package io.cashdesk.refund;

import io.cashdesk.ground.money.Money;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
import java.util.UUID;

/** A refund of an order's money. By default its first, requested by the merchant, at {@link AnOrder#NOON}. */
final class ARefund {
    private final PayOrder order;
    private final Receipt receipt;
    private int n = 1;
    private RefundCause cause = RefundCause.MERCHANT;

    private ARefund(PayOrder order, Receipt receipt) {
        this.order = order;
        this.receipt = receipt;
    }

    static ARefund from(PayOrder order, Receipt receipt) {
        return new ARefund(order, receipt);
    }

    /** @param n which refund of the order it is: 1, 2, … */
    ARefund nth(int n) {
        this.n = n;
        return this;
    }

    ARefund because(RefundCause cause) {
        this.cause = cause;
        return this;
    }

    /** The refund before its provider is called. */
    Refund of(Money amount) {
        var number = order.outTradeNo() + "-" + n;
        return new Refund(
                order,
                new Refund.Source(receipt, UUID.randomUUID()),
                new Refund.Numbered(n, number, true, number),
                amount,
                new Refund.Because(cause, "", null),
                AnOrder.NOON);
    }
}
