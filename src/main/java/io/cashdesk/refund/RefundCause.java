package io.cashdesk.refund;

import io.cashdesk.order.Receipt;
import java.util.Locale;

/** Why money goes back. */
public enum RefundCause {
    /** The merchant asked. */
    MERCHANT,
    /** It came for an order that was closed, and the merchant's policy is to send that back. */
    LATE,
    /** It came for an order that was paid already, and the merchant's policy is to send that back. */
    DUPLICATE;

    /** What kind of stray payment it is. */
    static RefundCause of(Receipt stray) {
        return switch (stray.kind()) {
            case LATE -> LATE;
            case DUPLICATE -> DUPLICATE;
            default -> throw new IllegalArgumentException(stray.kind() + " does not go back by itself");
        };
    }

    /** Whether no merchant asked for it: then it touches neither the order's refund_fee nor its status (D10). */
    public boolean stray() {
        return this != MERCHANT;
    }

    /** As the API calls it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
