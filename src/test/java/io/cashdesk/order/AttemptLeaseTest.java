package io.cashdesk.order;

import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.lease.LeaseContract;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

class AttemptLeaseTest extends LeaseContract {
    private final Attempt attempt = AnAttempt.ofAnyOrder().calling();
    private Instant now = AnOrder.NOON;

    AttemptLeaseTest() {
        attempt.unknown("its node was stopped", now);
    }

    @Override
    protected Optional<UUID> take() {
        if (attempt.beingCalled(now)) return Optional.empty();
        var lease = Lease.take(now, length());
        attempt.takeOver(lease);
        return Optional.of(lease.claim());
    }

    @Override
    protected boolean finish(UUID claim) {
        if (!attempt.claimedBy(claim)) return false;
        attempt.shown("{}", null, now);
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
