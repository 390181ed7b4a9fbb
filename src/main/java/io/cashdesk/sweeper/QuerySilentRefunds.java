package io.cashdesk.sweeper;

import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.job.RecurringJob;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.refund.RefundPayment;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Asks about refunds until they have ended, and finishes those whose call nobody finished. */
@ApplicationScoped
class QuerySilentRefunds implements RecurringJob {
    private static final Logger LOG = Logger.getLogger(QuerySilentRefunds.class);

    @Inject
    Refunds refunds;

    @Inject
    RefundPayment refundPayment;

    @Inject
    ProviderCalls calls;

    @Inject
    PerAccountExecutor lanes;

    @Inject
    Clock clock;

    @Override
    public String kind() {
        return "ask-about-refunds";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void run() {
        for (var due : refunds.dueForQuery(clock.instant(), PerAccountExecutor.WAITING_OF_EACH)) {
            if (calls.resting(due.accountId())) continue; // its provider is down: it stays due
            lanes.offer(due.accountId(), due.refundId(), () -> about(due.refundId()));
        }
    }

    private void about(UUID id) {
        try {
            refundPayment.resume(id);
        } catch (ProviderFailure | Problem notNow) {
            LOG.infof("Refund %s stays open: %s", id, notNow.getMessage());
        } catch (RuntimeException e) { // one broken refund must not keep the others waiting
            LOG.errorf(e, "Asking about refund %s broke", id);
        }
    }
}
