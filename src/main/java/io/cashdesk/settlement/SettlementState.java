package io.cashdesk.settlement;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The states of a settlement, with all allowed changes; docs/architecture.md draws them and a test compares. */
public enum SettlementState {
    /** The provider keeps the money. It was never requested, or certainly nothing of it has arrived there. */
    WAITING,
    /** It is being requested under a lease. */
    REQUESTING,
    /** It was requested and no usable answer came: only a query can tell what became of it. */
    UNKNOWN,
    /** The provider has accepted it. */
    PROCESSING,
    /** The merchant has the money. */
    SETTLED,
    /** The provider refused it, or could not do it; a person may try again, and the schedule does for a while. */
    FAILED,
    /** All of the payment was refunded, so that nothing is left. */
    NOT_NEEDED;

    public Set<SettlementState> next() {
        return switch (this) {
            case WAITING -> EnumSet.of(WAITING, REQUESTING, SETTLED, NOT_NEEDED);
            case REQUESTING -> EnumSet.of(WAITING, REQUESTING, UNKNOWN, PROCESSING, SETTLED, FAILED);
            case UNKNOWN -> EnumSet.of(REQUESTING, UNKNOWN, PROCESSING, SETTLED, FAILED, NOT_NEEDED);
            case PROCESSING -> EnumSet.of(PROCESSING, SETTLED, FAILED);
            case FAILED ->
                EnumSet.of(REQUESTING, SETTLED, NOT_NEEDED); // what the provider reports of money always wins
            case NOT_NEEDED -> EnumSet.of(SETTLED);
            case SETTLED -> EnumSet.noneOf(SettlementState.class);
        };
    }

    /** Whether nothing of it is to be done any more. */
    public boolean ended() {
        return this == SETTLED || this == NOT_NEEDED;
    }

    /** Whether the provider certainly has no request of it, so that its amount still follows from the refunds. */
    boolean unsent() {
        return this == WAITING || this == FAILED;
    }

    /** As the management API calls it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
