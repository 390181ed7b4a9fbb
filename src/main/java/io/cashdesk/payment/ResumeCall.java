package io.cashdesk.payment;

import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.QuerySchedule;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;

/**
 * Finishes a call without a result: its node died, or the provider did not answer. The provider is queried first; then
 * the same number and body are sent again, so that a payer who waits gets a prompt.
 */
@ApplicationScoped
public class ResumeCall {
    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    CallProvider callProvider;

    @Inject
    QuerySchedule schedule;

    @Inject
    ProviderCalls calls;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /**
     * @return false if there is nothing to finish: another call about the attempt runs, or the order takes no payment
     *     any more
     */
    public boolean of(AttemptKey key) {
        var now = clock.instant();
        var lease = Lease.take(now, calls.lease());
        var taken = transactions.inNew(() -> {
            var order = orders.locked(key.order());
            var attempt = attempts.locked(key);
            var resumable = withoutResult(attempt)
                    && !attempt.beingCalled(now)
                    && order.takesAttempts()
                    && now.isBefore(attempt.expiresAt());
            if (!resumable) return null;
            var before = attempt.state();
            attempt.queried(now, schedule.next(attempt, now));
            attempt.takeOver(lease);
            return new ClaimedCall(attempt, lease.claim(), Optional.of(before), true);
        });
        if (taken == null) return false;
        callProvider.create(taken);
        return true;
    }

    private static boolean withoutResult(Attempt attempt) {
        return attempt.state() == AttemptState.UNKNOWN || attempt.state() == AttemptState.CALLING;
    }
}
