package io.cashdesk.idempotency;

import io.cashdesk.ground.job.OldRows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;

/** Keys that are older than 24 hours. They have no effect from that age on, whenever they are deleted. */
@ApplicationScoped
class ExpiredKeys implements OldRows {
    private static final int AT_ONCE = 500;

    @Inject
    IdempotencyKeys keys;

    @Override
    public String name() {
        return "idempotency keys";
    }

    @Override
    public boolean deleteSome(Instant now) {
        return keys.deleteExpired(now, AT_ONCE) == AT_ONCE;
    }
}
