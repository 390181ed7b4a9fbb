package io.cashdesk.refund;

import static io.cashdesk.ground.money.Money.fen;

import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.lease.LeaseContract;
import io.cashdesk.order.AReceipt;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

class RefundLeaseTest extends LeaseContract {
    private Instant now = AnOrder.NOON;
    private final Refund refund = refund();

    private static Refund refund() {
        var order = AnOrder.of(fen(990)).unpaid();
        var receipt = AReceipt.through(AnAttempt.of(order).calling()).of(fen(990));
        return ARefund.from(order, receipt).of(fen(990));
    }

    @Override
    protected Optional<UUID> take() {
        if (refund.beingCalled(now)) return Optional.empty();
        var lease = Lease.take(now, length());
        refund.requested(lease);
        return Optional.of(lease.claim());
    }

    @Override
    protected boolean finish(UUID claim) {
        if (!refund.claimedBy(claim)) return false;
        refund.processing("503", null, "{}", now);
        return true;
    }

    @Override
    protected void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    protected Duration length() {
        return Duration.ofSeconds(45);
    }
}
