package io.cashdesk.idempotency;

import io.cashdesk.ground.job.RecurringJob;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;

/** Deletes keys that are older than 24 hours. They have no effect from that age on, whenever this runs. */
@ApplicationScoped
class DeleteExpiredKeys implements RecurringJob {
    private static final int AT_ONCE = 1_000;

    @Inject
    IdempotencyKeys keys;

    @Override
    public String kind() {
        return "forget-idempotency-keys";
    }

    @Override
    public Duration every() {
        return Duration.ofMinutes(10);
    }

    @Override
    public void run() {
        int deleted;
        do deleted = keys.deleteExpired(AT_ONCE); // few at a time, so that no transaction is long
        while (deleted == AT_ONCE);
    }
}
