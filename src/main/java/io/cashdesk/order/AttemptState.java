package io.cashdesk.order;

import java.util.EnumSet;
import java.util.Set;

/** The states of an attempt, with all allowed changes; docs/architecture.md draws them and a test compares. */
public enum AttemptState {
    /** Stored; the provider is being called under a lease. */
    CALLING,
    /** The provider has it and the payer can pay. */
    SHOWN,
    /** It was sent and no usable answer came: only a query can tell whether the provider has it. */
    UNKNOWN,
    /** Being closed at the provider, so that another attempt may follow. */
    CLOSING,
    /** Not used any more, but not closed at the provider either: it may be paid until its end. */
    PAYABLE,
    /** The provider refused it or never received it; it cannot be paid. */
    FAILED,
    /** It cannot be paid any more. */
    CLOSED,
    /** Its money has arrived. */
    PAID;

    /** Those that may still be paid. */
    static final Set<AttemptState> MAY_BE_PAID = EnumSet.of(CALLING, SHOWN, UNKNOWN, CLOSING, PAYABLE);

    public Set<AttemptState> next() {
        return switch (this) {
            case CALLING -> EnumSet.of(CALLING, SHOWN, UNKNOWN, CLOSING, FAILED, PAYABLE, CLOSED, PAID);
            case SHOWN -> EnumSet.of(CALLING, CLOSING, PAYABLE, CLOSED, PAID); // CALLING: the prompt is renewed
            case UNKNOWN -> EnumSet.of(CALLING, CLOSING, PAYABLE, CLOSED, PAID);
            case CLOSING -> EnumSet.of(CLOSING, SHOWN, PAYABLE, CLOSED, PAID);
            case PAYABLE -> EnumSet.of(SHOWN, CLOSED, PAID); // SHOWN: its prompt still works and is wanted again
            case FAILED, CLOSED -> EnumSet.of(PAID); // what the provider reports of money always wins
            case PAID -> EnumSet.noneOf(AttemptState.class);
        };
    }

    /** Whether it must be closed before another attempt is opened, as the index attempt_only_one_is_live enforces. */
    public boolean live() {
        return this == CALLING || this == SHOWN || this == UNKNOWN || this == CLOSING;
    }

    /** Whether it may still be paid. */
    public boolean mayBePaid() {
        return MAY_BE_PAID.contains(this);
    }
}
