package io.cashdesk.sweeper;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.notification.ApplyReport;
import io.cashdesk.notification.QueryAttempt;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.QuerySchedule;
import io.cashdesk.provider.Closes;
import io.cashdesk.provider.ProviderReport;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;

/**
 * Makes an end of an attempt that nobody needs any more: its order is at its deadline, or paid or closed otherwise, or the payer
 * at the till had his time. The provider is asked, then told to close. Nothing is closed on a timer alone.
 */
@ApplicationScoped
class EndAttempt {
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(1);

    @Inject
    PayOrders orders;

    @Inject
    Accounts accounts;

    @Inject
    Attempts attempts;

    @Inject
    ProviderCalls calls;

    @Inject
    ApplyReport applyReport;

    @Inject
    QueryAttempt queryAttempt;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /** One step towards it; whoever finds it unfinished takes the next one. */
    void of(Attempt attempt) {
        if (!queryAttempt.claim(attempt, AT_MOST_EVERY)) return; // somebody else is at it
        queryAttempt.aboutClaimed(attempt);
        if (finished(attempt)) return;
        var there = accounts.atProvider(attempt);
        if (!(there.provider() instanceof Closes closes)) return;
        var report = calls.call(there.account(), () -> closes.close(there.account(), there.ref()));
        if (report instanceof ProviderReport.Absent) watch(attempt);
        if (!(report instanceof ProviderReport.Unpaid))
            applyReport.hear(attempt.key(), report, ApplyReport.Source.ASKED);
    }

    /** Whoever was closing it died: it is not there yet and may be paid all the same, but stands in nobody's way (D9). */
    private void watch(Attempt known) {
        transactions.runInNew(() -> {
            orders.locked(known.orderId());
            var attempt = attempts.locked(known.id());
            var now = clock.instant();
            if (attempt.state() == AttemptState.CLOSING && !attempt.beingCalled(now)) {
                attempt.payableUntilItsEnd(QuerySchedule.next(attempt, now));
            }
        });
    }

    private boolean finished(Attempt attempt) {
        return transactions.inNew(
                () -> !attempts.byId(attempt.id()).orElseThrow().state().mayBePaid());
    }
}
