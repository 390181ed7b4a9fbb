package io.cashdesk.sweeper;

import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.job.RecurringJob;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.refund.RefundKey;
import io.cashdesk.refund.RefundPayment;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Queries providers about refunds until they have ended, and goes on with those whose call has no result. */
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
    PerAccountExecutor executor;

    @Inject
    Clock clock;

    @Override
    public String kind() {
        return "query-silent-refunds";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void run() {
        for (var due : refunds.dueForQuery(clock.instant(), PerAccountExecutor.WAITING_OF_EACH)) {
            if (calls.resting(due.accountId())) continue; // the circuit is open: it stays due
            executor.offer(due.accountId(), due.key().id(), () -> resume(due.key()));
        }
    }

    private void resume(RefundKey key) {
        try {
            refundPayment.resume(key);
        } catch (ProviderFailure | Problem notNow) {
            LOG.infof("Refund %s stays open: %s", key.id(), notNow.getMessage());
        } catch (RuntimeException e) { // must not stop the work on other refunds
            LOG.errorf(e, "Querying refund %s failed", key.id());
        }
    }
}
