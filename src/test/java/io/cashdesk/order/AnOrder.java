package io.cashdesk.order;

import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Mode;
import java.time.Instant;
import java.util.UUID;

/** A pay order in any state. By default of any merchant, in test mode, made at {@link #NOON}. */
public final class AnOrder {
    /** Noon in China, the time of these tests by default. */
    public static final Instant NOON = Instant.parse("2026-11-21T04:00:00Z");

    private final NewOrder wanted;
    private UUID merchantId = UUID.randomUUID();
    private Mode mode = Mode.TEST;
    private Instant createdAt = NOON;

    private AnOrder(NewOrder wanted) {
        this.wanted = wanted;
    }

    public static AnOrder of(Money total) {
        return of(ANewOrder.of(total));
    }

    public static AnOrder of(ANewOrder wanted) {
        return new AnOrder(wanted.build());
    }

    public AnOrder by(UUID merchantId) {
        this.merchantId = merchantId;
        return this;
    }

    public AnOrder in(Mode mode) {
        this.mode = mode;
        return this;
    }

    public AnOrder at(Instant createdAt) {
        this.createdAt = createdAt;
        return this;
    }

    public PayOrder unpaid() {
        return new PayOrder(merchantId, mode, wanted, createdAt);
    }

    /** Paid in full through its first attempt, as a notification of the provider reported. */
    public PayOrder paid() {
        var order = unpaid();
        var attempt = AnAttempt.of(order).calling();
        order.paidBy(AReceipt.through(attempt).of(order.total()), attempt, "wx1", "openid", true, createdAt);
        return order;
    }

    public PayOrder closed() {
        var order = unpaid();
        order.close(createdAt);
        return order;
    }
}
