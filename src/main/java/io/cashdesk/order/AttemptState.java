package io.cashdesk.order;

import java.util.EnumSet;
import java.util.Set;

/** Where one try at one provider stands. All arrows are here; docs/architecture.md draws them and a test compares. */
public enum AttemptState {
    /** Written down; the provider is being called under a claim with a lease. */
    CALLING,
    /** The provider has it and the payer can pay. */
    SHOWN,
    /** We asked and heard nothing: the provider may have it or not. Only a query tells. */
    UNKNOWN,
    /** Being closed at the provider, so that another attempt may follow. */
    CLOSING,
    /** Given up here, but could not be closed there: it may still be paid until its end. */
    PAYABLE,
    /** The provider refused it; nobody can pay it. */
    FAILED,
    /** Nobody can pay it any more. */
    CLOSED,
    /** Its money has arrived. */
    PAID;

    /** Those through which money may still come. */
    static final Set<AttemptState> MAY_BE_PAID = EnumSet.of(CALLING, SHOWN, UNKNOWN, CLOSING, PAYABLE);

    public Set<AttemptState> next() {
        return switch (this) {
            case CALLING -> EnumSet.of(CALLING, SHOWN, UNKNOWN, CLOSING, FAILED, PAYABLE, CLOSED, PAID);
            case SHOWN -> EnumSet.of(CALLING, CLOSING, PAYABLE, CLOSED, PAID); // CALLING: what is shown grew old
            case UNKNOWN -> EnumSet.of(CALLING, CLOSING, PAYABLE, FAILED, CLOSED, PAID);
            case CLOSING -> EnumSet.of(CLOSING, SHOWN, PAYABLE, CLOSED, PAID);
            case PAYABLE -> EnumSet.of(CLOSED, PAID);
            case FAILED, CLOSED -> EnumSet.of(PAID); // the provider's word about money always wins over ours
            case PAID -> EnumSet.noneOf(AttemptState.class);
        };
    }

    /** Whether it stands in the way of another attempt. The partial unique index says the same. */
    public boolean live() {
        return this == CALLING || this == SHOWN || this == UNKNOWN || this == CLOSING;
    }

    /** Whether money may still come through it without anything new being done. */
    public boolean mayBePaid() {
        return MAY_BE_PAID.contains(this);
    }
}
