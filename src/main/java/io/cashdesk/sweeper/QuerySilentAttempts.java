package io.cashdesk.sweeper;

import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.job.RecurringJob;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.notification.QueryAttempt;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderState;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.CloseAttempt;
import io.cashdesk.payment.ResumeCall;
import io.cashdesk.provider.ProviderFailure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Looks after attempts whose next query is due: queries their provider, makes calls again that have no result (a node
 * that died between storing the attempt and the provider's answer leaves such a call), and closes attempts that are not
 * needed any more.
 */
@ApplicationScoped
class QuerySilentAttempts implements RecurringJob {
    private static final Logger LOG = Logger.getLogger(QuerySilentAttempts.class);

    /** After so many queries a call without a result is not sent again, only queried. */
    private static final int RESENDS = 5;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    QueryAttempt queryAttempt;

    @Inject
    ResumeCall resumeCall;

    @Inject
    CloseAttempt closeAttempt;

    @Inject
    ProviderCalls calls;

    @Inject
    PerAccountExecutor executor;

    @Inject
    Clock clock;

    @Override
    public String kind() {
        return "query-silent-attempts";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void run() {
        for (var due : attempts.dueForQuery(clock.instant(), PerAccountExecutor.WAITING_OF_EACH)) {
            if (calls.resting(due.accountId())) continue; // the circuit is open: it stays due
            executor.offer(due.accountId(), due.key().id(), () -> lookAfter(due.key()));
        }
    }

    private void lookAfter(AttemptKey key) {
        var attempt = attempts.byKey(key).orElseThrow();
        var now = clock.instant();
        if (attempt.nextQueryAt().filter(at -> !at.isAfter(now)).isEmpty()) return; // done since it was offered
        if (calls.resting(attempt.accountId())) return; // since it was offered
        try {
            if (unfinished(attempt) && resumeCall.of(key)) return;
            if (over(attempt)) closeAttempt.queryThenClose(attempt);
            else queryAttempt.unlessRecent(attempt, Duration.ofSeconds(1));
        } catch (ProviderFailure | Problem notNow) {
            LOG.infof("Attempt %s stays open: %s", attempt.attemptNo(), notNow.getMessage());
        } catch (RuntimeException e) { // must not stop the work on other attempts
            LOG.errorf(e, "Querying or closing attempt %s failed", attempt.attemptNo());
        }
    }

    private static boolean unfinished(Attempt attempt) {
        return (attempt.state() == AttemptState.CALLING || attempt.state() == AttemptState.UNKNOWN)
                && attempt.queries() < RESENDS;
    }

    /** Whether it is not needed any more. While a call about it runs, its result decides. */
    private boolean over(Attempt attempt) {
        var now = clock.instant();
        if (attempt.beingCalled(now)) return false;
        var order = orders.byKey(attempt.orderKey()).orElseThrow();
        return order.state() != OrderState.UNPAID
                || attempt.state() == AttemptState.PAYABLE
                || attempt.state() == AttemptState.CLOSING
                || !now.isBefore(attempt.closeAt());
    }
}
