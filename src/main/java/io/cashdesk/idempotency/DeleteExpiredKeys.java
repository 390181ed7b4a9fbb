package io.cashdesk.idempotency;

import io.cashdesk.ground.job.RecurringJob;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;

/** Deletes the keys that grew old. They count no more from their 24th hour on, whenever this runs. */
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
        int gone;
        do gone = keys.forget(AT_ONCE); // in small bites, so that no transaction is long
        while (gone == AT_ONCE);
    }
}
