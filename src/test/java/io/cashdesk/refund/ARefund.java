package io.cashdesk.refund;

import io.cashdesk.ground.money.Money;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
import java.util.UUID;

/** A refund of an order's money. By default its first, requested by the merchant, at {@link AnOrder#NOON}. */
public final class ARefund {
    private final PayOrder order;
    private final Receipt receipt;
    private int n = 1;
    private String number;
    private RefundCause cause = RefundCause.MERCHANT;

    private ARefund(PayOrder order, Receipt receipt) {
        this.order = order;
        this.receipt = receipt;
    }

    public static ARefund from(PayOrder order, Receipt receipt) {
        return new ARefund(order, receipt);
    }

    /** @param n which refund of the order it is: 1, 2, … */
    ARefund nth(int n) {
        this.n = n;
        return this;
    }

    /** @param number the merchant's; the order's with its ordinal by default */
    public ARefund numbered(String number) {
        this.number = number;
        return this;
    }

    ARefund because(RefundCause cause) {
        this.cause = cause;
        return this;
    }

    /** The refund before its provider is called. */
    Refund of(Money amount) {
        if (number == null) number = order.outTradeNo() + "-" + n;
        return new Refund(
                order,
                new Refund.Source(receipt, UUID.randomUUID()),
                new Refund.Numbered(n, number, true, number),
                amount,
                new Refund.Because(cause, "", null),
                AnOrder.NOON);
    }

    public Refund accepted(Money amount) {
        var refund = of(amount);
        refund.processing("", null, "{}", AnOrder.NOON);
        return refund;
    }

    /** Refused by the provider. */
    public Refund failed(Money amount, String why) {
        var refund = of(amount);
        refund.failed(why, AnOrder.NOON);
        return refund;
    }

    /** Accepted and given up by the provider. */
    public Refund closed(Money amount) {
        var refund = accepted(amount);
        refund.closed("", "{}", AnOrder.NOON);
        return refund;
    }
}
