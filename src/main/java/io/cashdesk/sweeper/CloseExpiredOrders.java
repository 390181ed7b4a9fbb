package io.cashdesk.sweeper;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.BackgroundShare;
import io.cashdesk.ground.job.BackgroundShare.Work;
import io.cashdesk.ground.job.NodeJob;
import io.cashdesk.order.ExpiredOrders;
import io.cashdesk.order.OrderKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Closes orders past their deadline of which no attempt may be paid any more, many in one transaction, because no
 * provider is called. {@link SweepAttempts} ends the attempts; an order whose last attempt ends after the deadline is
 * closed with it.
 */
@ApplicationScoped
class CloseExpiredOrders implements NodeJob {
    private static final Logger LOG = Logger.getLogger(CloseExpiredOrders.class);

    @Inject
    ExpiredOrders orders;

    @Inject
    BackgroundShare share;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    @Override
    public String name() {
        return "close-expired-orders";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    @Override
    public boolean run() {
        var more = new boolean[1];
        share.run(Work.ORDERS, () -> more[0] = closeSome());
        return more[0];
    }

    private boolean closeSome() {
        try {
            return transactions.inNew(() -> orders.closeSome(clock.instant()));
        } catch (RuntimeException e) { // one of them cannot be closed: the others must not wait for it
            LOG.warn("Orders could not be closed together, and are closed one by one", e);
            orders.due(clock.instant()).forEach(this::close);
            return false;
        }
    }

    private void close(OrderKey key) {
        try {
            transactions.runInNew(() -> orders.close(key, clock.instant()));
        } catch (RuntimeException e) {
            LOG.errorf(e, "Closing order %s failed", key.id());
            transactions.runInNew(() -> orders.lookAgain(key, clock.instant()));
        }
    }
}
