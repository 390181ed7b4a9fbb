package io.cashdesk.order;

import java.time.Instant;

/** What the sweeper does next with an attempt that may still be paid, or that is watched after its end. */
public enum NextStep {
    /** A call has no result, or a payer waits at the point of sale: before everything else. */
    URGENT,
    /** It is closed at its provider, because the order does not need it any more. */
    CLOSE,
    /** Its provider is queried, in case a notification was lost. */
    QUERY,
    /** Nothing until its account is called again: its provider refuses or does not answer. */
    RESTING;

    /** The step that is due at this moment; it must not have ended for good. */
    static NextStep of(Attempt attempt, Instant at) {
        return switch (attempt.state()) {
            case CALLING, UNKNOWN -> URGENT;
            case CLOSING, PAYABLE -> attempt.byPaymentCode() ? URGENT : CLOSE;
            case SHOWN -> {
                if (attempt.byPaymentCode()) yield URGENT;
                yield at.isBefore(attempt.closeAt()) ? QUERY : CLOSE;
            }
            case CLOSED -> QUERY; // watched
            case FAILED, PAID ->
                throw new IllegalArgumentException(attempt.attemptNo() + " has ended: " + attempt.state());
        };
    }
}
