package io.cashdesk.order;

import java.util.Set;

/** The states of a pay order, with all allowed changes; docs/architecture.md draws them and a test compares. */
public enum OrderState {
    UNPAID,
    PAID,
    CLOSED;

    public Set<OrderState> next() {
        return switch (this) {
            case UNPAID -> Set.of(PAID, CLOSED);
            case CLOSED -> Set.of(PAID); // a late payment that the merchant accepts
            case PAID -> Set.of();
        };
    }
}
