package io.cashdesk.order;

import java.util.Set;

/** Where a pay order stands. All arrows are here; docs/architecture.md draws them and a test compares. */
public enum OrderState {
    UNPAID,
    PAID,
    CLOSED;

    public Set<OrderState> next() {
        return switch (this) {
            case UNPAID -> Set.of(PAID, CLOSED);
            case CLOSED -> Set.of(PAID); // late money that the merchant chose to accept
            case PAID -> Set.of();
        };
    }
}
