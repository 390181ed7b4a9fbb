package io.cashdesk.sweeper;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.BackgroundShare;
import io.cashdesk.ground.job.BackgroundShare.Work;
import io.cashdesk.ground.job.NodeJob;
import io.cashdesk.order.ExpiredOrders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;

/**
 * Closes orders past their deadline of which no attempt may be paid any more, many in one transaction, because no
 * provider is called. {@link SweepAttempts} ends the attempts; an order whose last attempt ends after the deadline is
 * closed with it.
 */
@ApplicationScoped
class CloseExpiredOrders implements NodeJob {
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
        share.run(Work.CLOSES, () -> more[0] = transactions.inNew(() -> orders.closeSome(clock.instant())));
        return more[0];
    }
}
