package io.cashdesk.order;

import io.cashdesk.ground.money.Money;

/** Money that arrived through an attempt. By default the order's own, as transaction 4200, at {@link AnOrder#NOON}. */
public final class AReceipt {
    private final Attempt attempt;
    private String transactionId = "4200";
    private Receipt.Kind kind = Receipt.Kind.ORDER;

    private AReceipt(Attempt attempt) {
        this.attempt = attempt;
    }

    public static AReceipt through(Attempt attempt) {
        return new AReceipt(attempt);
    }

    /** @param transactionId the provider's number of the payment */
    public AReceipt numbered(String transactionId) {
        this.transactionId = transactionId;
        return this;
    }

    public AReceipt as(Receipt.Kind kind) {
        this.kind = kind;
        return this;
    }

    public Receipt of(Money amount) {
        return new Receipt(
                attempt,
                new Receipt.Payment(transactionId, amount, AnOrder.NOON, null, true, "", null, "{}"),
                kind,
                AnOrder.NOON);
    }
}
