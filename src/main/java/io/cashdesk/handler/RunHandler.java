package io.cashdesk.handler;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.JobHandler;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.UserOrderSuccess;
import io.cashdesk.payload.OrderPayload;
import io.cashdesk.view.OrderViews;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Runs a handler for one paid order. Its work and the record that it succeeded are one transaction, in which the order
 * is not locked, because the handler may take long and may call this server. What follows for the order is a second
 * transaction; after a crash between the two the record is found and only the second one is carried out.
 */
@ApplicationScoped
class RunHandler implements JobHandler {
    static final String KIND = "handler-run";

    private static final Logger LOG = Logger.getLogger(RunHandler.class);

    /** How many handlers run on one node at a time, so that slow ones leave threads for other background work. */
    private static final int AT_ONCE = 4;

    private static final Duration WHEN_ALL_ARE_BUSY = Duration.ofSeconds(1);
    private static final Duration SLOW = Duration.ofSeconds(5);

    @Inject
    Handlers handlers;

    @Inject
    HandlerRuns runs;

    @Inject
    PayOrders orders;

    @Inject
    Merchants merchants;

    @Inject
    OrderViews views;

    @Inject
    UserOrderSuccess success;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    private final Semaphore free = new Semaphore(AT_ONCE);

    /**
     * A little more than the server's transaction timeout, so that the server ends a handler that is too slow, and not
     * the database.
     */
    private static final Duration IDLE_AT_MOST = Duration.ofMinutes(6);

    /** Rolls back what the handler wrote. It is not repeated at once, but by the retry schedule. */
    private static final class Failed extends Transactions.DoNotRetry {
        private static final long serialVersionUID = 1L;

        Failed(String why, Throwable cause) {
            super(why, cause);
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Optional<Instant> run(String job) {
        var due = HandlerJob.of(job);
        if (!free.tryAcquire()) return Optional.of(clock.instant().plus(WHEN_ALL_ARE_BUSY));
        Optional<Throwable> failure;
        try {
            failure = handle(due.order(), due.round());
        } finally {
            free.release();
        }
        return transactions.inNew(() -> store(due.order(), due.round(), failure));
    }

    /** @return why it failed; empty if it succeeded, or if there is nothing to do in this round */
    private Optional<Throwable> handle(OrderKey key, int round) {
        var start = clock.instant();
        try {
            transactions.runInNew(() -> {
                var run = runs.locked(key).orElseThrow();
                if (!run.isIn(round) || run.state() != HandlerRunState.WAITING) return;
                transactions.idleTimeout(IDLE_AT_MOST); // it may work elsewhere for longer than the pool allows
                call(orders.byKey(key).orElseThrow());
                run.succeeded(clock.instant());
            });
            return Optional.empty();
        } catch (Exception | Error e) { // a handler may throw anything, and all of it counts as a failure
            return Optional.of(e);
        } finally {
            var took = Duration.between(start, clock.instant());
            if (took.compareTo(SLOW) > 0) LOG.warnf("The handler of order %s took %d ms", key.id(), took.toMillis());
        }
    }

    private void call(PayOrder order) {
        var handler = handlers.of(order.type())
                .orElseThrow(() -> new Failed("there is no handler for type " + order.type() + " any more", null));
        var data = new PaidOrder(
                merchants.byId(order.merchantId()).pid(),
                order.outTradeNo(),
                order.type(),
                order.total().minor(),
                order.mode() == Mode.TEST,
                OrderPayload.withCustomBeside(views.of(order)));
        boolean done;
        try {
            done = handler.paid(data);
        } catch (Exception e) {
            throw new Failed(e.toString(), e);
        }
        if (!done) throw new Failed("the handler answered false", null);
    }

    private Optional<Instant> store(OrderKey key, int round, Optional<Throwable> failure) {
        if (!runs.exist(key)) return Optional.empty(); // an old test order, which was deleted
        var order = orders.locked(key);
        var run = runs.locked(key).orElseThrow();
        if (!run.isIn(round)) return Optional.empty(); // it was restarted, and the new round has a job of its own
        if (run.state() == HandlerRunState.WAITING) {
            var why = failure.orElseGet(() -> new IllegalStateException("the handler's transaction left nothing"));
            run.failed(why.getMessage() == null ? why.toString() : why.getMessage(), clock.instant(), jitter());
            if (run.state() == HandlerRunState.GIVEN_UP) {
                LOG.errorf(why, "Gave up handling order %s of type %s", order.outTradeNo(), order.type());
            } else {
                LOG.warnf(
                        why.getCause(),
                        "Order %s of type %s is not handled (%s) and is tried again at %s",
                        order.outTradeNo(),
                        order.type(),
                        why.getMessage(),
                        run.nextAt().orElseThrow());
            }
        }
        success.update(order);
        return run.nextAt();
    }

    private static double jitter() {
        return ThreadLocalRandom.current().nextDouble();
    }
}
