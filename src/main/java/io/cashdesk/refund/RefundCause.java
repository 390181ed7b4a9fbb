package io.cashdesk.refund;

import io.cashdesk.order.Receipt;
import java.util.Locale;

/** Why a payment is refunded. */
public enum RefundCause {
    /** The merchant requested it. */
    MERCHANT,
    /** The payment came after the order was closed, and the merchant's policy is to refund such payments. */
    LATE,
    /** The payment came after the order was paid, and the merchant's policy is to refund such payments. */
    DUPLICATE,
    /** The payment was held, and an operator or a management token decided to return it. */
    HELD,
    /** The provider has returned it, or the payer has requested it there; no call of the merchant did. */
    EXTERNAL;

    /** The cause of an automatic refund. */
    static RefundCause of(Receipt stray) {
        return switch (stray.kind()) {
            case LATE -> LATE;
            case DUPLICATE -> DUPLICATE;
            default -> throw new IllegalArgumentException(stray.kind() + " is not refunded automatically");
        };
    }

    /**
     * Whether the merchant's policy or a decision about held money requested it, not the merchant: then it changes
     * neither the order's refund_fee nor its status (docs/api.md, "Late and double payments").
     */
    public boolean ofStrayPayment() {
        return this != MERCHANT && this != EXTERNAL;
    }

    /** As the API calls it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
