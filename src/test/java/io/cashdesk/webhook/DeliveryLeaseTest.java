package io.cashdesk.webhook;

import io.cashdesk.ground.lease.LeaseContract;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

class DeliveryLeaseTest extends LeaseContract {
    private Instant now = DeliveryTest.NOON;
    private final Delivery delivery = DeliveryTest.delivery();

    @Override
    protected Optional<UUID> take() {
        return delivery.isUnderWay(now) ? Optional.empty() : Optional.of(delivery.claim(now, DeliveryTest.NOON));
    }

    @Override
    protected boolean finish(UUID claim) {
        if (!delivery.isClaimedBy(claim)) return false;
        delivery.acknowledged(now);
        return true;
    }

    @Override
    protected void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    protected Duration length() {
        return Delivery.LEASE;
    }
}
