package io.cashdesk.order;

/**
 * Where an order stands, as merchants read it: its state, and whether a part or all of it was refunded (an order whose
 * amount only a provider's store knows has refunds of 0). Source: {@code status} of vk-pay-orders.
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
            case PAID -> order.refundNum() == 0 ? PAID : order.whollyRefunded() ? REFUNDED : PARTLY_REFUNDED;
        };
    }

    /** As it stands in {@code status} of answers and webhooks: -1 to 3. */
    public int code() {
        return code;
    }
}
