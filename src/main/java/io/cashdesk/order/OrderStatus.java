package io.cashdesk.order;

/**
 * Where an order stands, as merchants read it: its state, and how much of it was refunded. Source: {@code status} of
 * vk-pay-orders.
 */
public enum OrderStatus {
    CLOSED(-1),
    UNPAID(0),
    PAID(1),
    PARTLY_REFUNDED(2),
    REFUNDED(3);

    private final int code;

    OrderStatus(int code) {
        this.code = code;
    }

    public static OrderStatus of(PayOrder order) {
        return switch (order.state()) {
            case CLOSED -> CLOSED;
            case UNPAID -> UNPAID;
            case PAID ->
                order.refundFee() == 0
                        ? PAID
                        : order.refundFee() < order.total().minor() ? PARTLY_REFUNDED : REFUNDED;
        };
    }

    /** As it stands in {@code status} of answers and webhooks: -1 to 3. */
    public int code() {
        return code;
    }
}
