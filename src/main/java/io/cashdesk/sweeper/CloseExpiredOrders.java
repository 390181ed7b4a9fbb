package io.cashdesk.sweeper;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.RecurringJob;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Closes orders past their deadline of which no attempt may be paid any more; {@link QuerySilentAttempts} ends the
 * attempts.
 */
@ApplicationScoped
class CloseExpiredOrders implements RecurringJob {
    private static final Logger LOG = Logger.getLogger(CloseExpiredOrders.class);
    private static final int AT_ONCE = 100;
    private static final int PAGES = 10;

    /** Where the last run stopped, so that orders that cannot be closed do not hide the others. */
    private PayOrders.Overdue stoppedAt = PayOrders.Overdue.FIRST;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Signals signals;

    @Inject
    Transactions transactions;

    @Inject
    Event<PayOrderChanged> changes;

    @Inject
    Clock clock;

    @Override
    public String kind() {
        return "close-expired";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void run() {
        for (int page = 0; page < PAGES; page++) {
            var line = orders.pastDeadline(clock.instant(), stoppedAt, AT_ONCE);
            for (var overdue : line) expire(overdue.key());
            var more = line.size() == AT_ONCE;
            stoppedAt = more ? line.get(line.size() - 1) : PayOrders.Overdue.FIRST;
            if (!more) return;
        }
    }

    private void expire(OrderKey key) {
        try {
            transactions.runInNew(() -> {
                var order = orders.locked(key);
                var nothingOpen = attempts.thatMayBePaid(key).isEmpty();
                if (order.takesAttempts() && nothingOpen && clock.instant().isAfter(order.expiresAt())) close(order);
            });
        } catch (RuntimeException e) { // must not stop the work on other orders
            LOG.errorf(e, "Closing order %s failed", key.id());
        }
    }

    private void close(PayOrder order) {
        order.close(clock.instant());
        orders.record(new OrderEvent(order.key(), null, clock.instant(), "closed", "deadline"));
        changes.fire(new PayOrderChanged(order, PayOrderChanged.Kind.CLOSED));
        transactions.afterCommit(() -> signals.changed(order.id()));
    }
}
