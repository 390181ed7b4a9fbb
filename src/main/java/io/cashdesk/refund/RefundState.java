package io.cashdesk.refund;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The states of a refund, with all allowed changes; docs/architecture.md draws them and a test compares. */
public enum RefundState {
    /** Its money is set aside; the provider is being called under a lease. */
    REQUESTING,
    /** It was requested and no usable answer came: only a query can tell what became of it. */
    UNKNOWN,
    /**
     * An automatic refund that the provider does not have: it was not sent yet, or refused for a passing reason. It is
     * sent (again) later.
     */
    WAITING,
    /** The provider has accepted it. */
    PROCESSING,
    /** The payer has the money. */
    SUCCEEDED,
    /** The provider cannot finish it by itself; an operator must, in the provider's console. */
    ABNORMAL,
    /** The provider has given it up; the merchant still has the money. */
    CLOSED,
    /** The provider refused it, or an operator stopped it before it was sent; the same number may be tried again. */
    FAILED;

    public Set<RefundState> next() {
        return switch (this) {
            case REQUESTING ->
                EnumSet.of(REQUESTING, UNKNOWN, WAITING, PROCESSING, SUCCEEDED, ABNORMAL, CLOSED, FAILED);
            case UNKNOWN -> EnumSet.of(REQUESTING, UNKNOWN, PROCESSING, SUCCEEDED, ABNORMAL, CLOSED, FAILED);
            case WAITING -> EnumSet.of(REQUESTING, PROCESSING, SUCCEEDED, ABNORMAL, CLOSED, FAILED);
            case PROCESSING -> EnumSet.of(PROCESSING, SUCCEEDED, ABNORMAL, CLOSED);
            case ABNORMAL -> EnumSet.of(ABNORMAL, PROCESSING, SUCCEEDED, CLOSED);
            case FAILED -> EnumSet.of(REQUESTING, SUCCEEDED); // what the provider reports of money always wins
            case CLOSED -> EnumSet.of(SUCCEEDED);
            case SUCCEEDED -> EnumSet.noneOf(RefundState.class);
        };
    }

    /** Whether its money is set aside, so that no other refund can have it. */
    public boolean reserves() {
        return this != CLOSED && this != FAILED;
    }

    /** Whether no further report is expected. */
    public boolean ended() {
        return this == SUCCEEDED || this == CLOSED || this == FAILED;
    }

    /** Whether the provider may not have it, so that it is sent again if a query does not find it. */
    boolean sentAgain() {
        return this == REQUESTING || this == UNKNOWN || this == WAITING;
    }

    /** As merchants read it: docs/api.md, "refund". */
    public String word() {
        return switch (this) {
            case REQUESTING, UNKNOWN, WAITING, PROCESSING -> "processing";
            case SUCCEEDED -> "success";
            case ABNORMAL, CLOSED, FAILED -> name().toLowerCase(Locale.ROOT);
        };
    }
}
