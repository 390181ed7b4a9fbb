package io.cashdesk.sweeper;

import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.job.RecurringJob;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.notification.QueryAttempt;
import io.cashdesk.order.Attempt;
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
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Looks after attempts from which nobody has heard: asks about them, finishes calls that nobody finished (a server that died
 * between its row and the provider's answer leaves an attempt that this finds), and ends what is over.
 */
@ApplicationScoped
class QuerySilentAttempts implements RecurringJob {
    private static final Logger LOG = Logger.getLogger(QuerySilentAttempts.class);
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
    PerAccountExecutor lanes;

    @Inject
    Clock clock;

    @Override
    public String kind() {
        return "ask-about-silence";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void run() {
        for (var due : attempts.dueForQuery(clock.instant(), PerAccountExecutor.WAITING_OF_EACH)) {
            if (calls.resting(due.accountId())) continue; // its provider is down: it stays due
            lanes.offer(due.accountId(), due.attemptId(), () -> about(due.attemptId()));
        }
    }

    private void about(UUID id) {
        var attempt = attempts.byId(id).orElseThrow();
        var now = clock.instant();
        if (attempt.nextQueryAt().filter(at -> !at.isAfter(now)).isEmpty()) return; // done since it was offered
        if (calls.resting(attempt.accountId())) return; // since it was offered
        try {
            if (unfinished(attempt) && resumeCall.of(id)) return;
            if (over(attempt)) closeAttempt.queryThenClose(attempt);
            else queryAttempt.unlessRecent(attempt, Duration.ofSeconds(1));
        } catch (ProviderFailure | Problem notNow) {
            LOG.infof("Attempt %s stays open: %s", attempt.attemptNo(), notNow.getMessage());
        } catch (RuntimeException e) { // one broken attempt must not keep the others waiting
            LOG.errorf(e, "Looking after attempt %s broke", attempt.attemptNo());
        }
    }

    private static boolean unfinished(Attempt attempt) {
        return (attempt.state() == AttemptState.CALLING || attempt.state() == AttemptState.UNKNOWN)
                && attempt.queries() < RESENDS;
    }

    /** Whether nobody needs it any more, and nobody is calling about it: whoever calls writes down what came of it. */
    private boolean over(Attempt attempt) {
        var now = clock.instant();
        if (attempt.beingCalled(now)) return false;
        var order = orders.byId(attempt.orderId()).orElseThrow();
        if (order.reviewReason().isPresent()) return false; // nothing moves by itself
        return order.state() != OrderState.UNPAID
                || attempt.state() == AttemptState.PAYABLE
                || attempt.state() == AttemptState.CLOSING
                || !now.isBefore(attempt.closeAt());
    }
}
