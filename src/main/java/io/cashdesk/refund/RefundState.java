package io.cashdesk.refund;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where one refund stands. All arrows are here; docs/architecture.md draws them and a test compares. */
public enum RefundState {
    /** Its money is set aside; the provider is being asked under a claim with a lease. */
    ASKING,
    /** We asked and heard nothing: only a query tells. */
    UNKNOWN,
    /** The provider has accepted it. */
    PROCESSING,
    /** The payer has his money. */
    SUCCEEDED,
    /** The provider cannot finish it by itself; a person must, in the provider's console. */
    ABNORMAL,
    /** The provider has given it up; the money is still the merchant's. */
    CLOSED,
    /** The provider refused it; the same number may be tried again. */
    FAILED;

    public Set<RefundState> next() {
        return switch (this) {
            case ASKING, UNKNOWN -> EnumSet.of(ASKING, UNKNOWN, PROCESSING, SUCCEEDED, ABNORMAL, CLOSED, FAILED);
            case PROCESSING -> EnumSet.of(PROCESSING, SUCCEEDED, ABNORMAL, CLOSED);
            case ABNORMAL -> EnumSet.of(ABNORMAL, PROCESSING, SUCCEEDED, CLOSED);
            case FAILED -> EnumSet.of(ASKING, SUCCEEDED); // the provider's word about money always wins over ours
            case CLOSED -> EnumSet.of(SUCCEEDED);
            case SUCCEEDED -> EnumSet.noneOf(RefundState.class);
        };
    }

    /** Whether its money is set aside, so that no other refund can have it. */
    public boolean reserves() {
        return this != CLOSED && this != FAILED;
    }

    /** Whether nothing more is heard of it by itself. */
    public boolean ended() {
        return this == SUCCEEDED || this == CLOSED || this == FAILED;
    }

    /** As merchants read it: processing, success, abnormal or closed (D11). */
    public String word() {
        return switch (this) {
            case ASKING, UNKNOWN, PROCESSING -> "processing";
            case SUCCEEDED -> "success";
            case ABNORMAL, CLOSED, FAILED -> name().toLowerCase(Locale.ROOT);
        };
    }
}
