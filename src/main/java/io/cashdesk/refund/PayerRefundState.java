package io.cashdesk.refund;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The states of a payer's request for a refund, with all allowed changes. */
public enum PayerRefundState {
    /** The merchant must accept or refuse it. */
    OPEN,
    /** It was accepted, its money is reserved, and the provider does not have the decision for certain. */
    ACCEPTING,
    /** The provider has the decision; its refund says what becomes of the money. */
    ACCEPTED,
    /** It was refused, and the provider does not have the decision for certain. */
    REFUSING,
    /** The provider has the refusal. */
    REFUSED,
    /** The provider has decided, or decides, by itself. */
    EXPIRED;

    Set<PayerRefundState> next() {
        return switch (this) {
            case OPEN -> EnumSet.of(OPEN, ACCEPTING, REFUSING, EXPIRED);
            case ACCEPTING -> EnumSet.of(ACCEPTING, ACCEPTED, OPEN, EXPIRED);
            case REFUSING -> EnumSet.of(REFUSING, REFUSED, OPEN, EXPIRED);
            case ACCEPTED, REFUSED, EXPIRED -> EnumSet.of(EXPIRED);
        };
    }

    /** Whether the payer's wish can still be refused, so that the money must stay where it is. */
    boolean undecided() {
        return this == OPEN || this == REFUSING;
    }

    /** Whether the merchant was notified of its end. */
    boolean ended() {
        return this == ACCEPTED || this == REFUSED || this == EXPIRED;
    }

    /** As the management API calls it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
