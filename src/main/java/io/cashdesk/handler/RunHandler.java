package io.cashdesk.handler;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.JobHandler;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
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
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Runs a handler for one paid order. Its work and our note that it succeeded are one transaction, in which the order is not
 * locked, because nobody knows how long it takes and what else it asks of us. What that means for the order is written down in
 * a second one; a server that dies between the two finds the note and writes only the second.
 */
@ApplicationScoped
class RunHandler implements JobHandler {
    static final String KIND = "handler-run";

    private static final Logger LOG = Logger.getLogger(RunHandler.class);

    /** How many handlers run on one node at a time, so that slow ones leave hands for other background work. */
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

    private final Semaphore hands = new Semaphore(AT_ONCE);

    /** A little more than the server gives a transaction, so that the server ends a handler that is too slow, and not the database. */
    private static final Duration IDLE_AT_MOST = Duration.ofMinutes(6);

    /** Rolls back what a handler wrote, and says why; it is called again when its pause is over, and not at once. */
    private static final class NotDone extends Transactions.DoNotRetry {
        private static final long serialVersionUID = 1L;

        NotDone(String why, Throwable cause) {
            super(why, cause);
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Optional<Instant> run(String job) {
        var slash = job.indexOf('/');
        var order = UUID.fromString(job.substring(0, slash));
        var round = Integer.parseInt(job.substring(slash + 1));
        if (!hands.tryAcquire()) return Optional.of(clock.instant().plus(WHEN_ALL_ARE_BUSY));
        Optional<Throwable> failure;
        try {
            failure = handle(order, round);
        } finally {
            hands.release();
        }
        return transactions.inNew(() -> writeDown(order, round, failure));
    }

    /** @return why it is not done, or empty if it is, or if there is nothing to do in this round */
    private Optional<Throwable> handle(UUID orderId, int round) {
        var start = clock.instant();
        try {
            transactions.runInNew(() -> {
                var run = runs.locked(orderId).orElseThrow();
                if (!run.isIn(round) || run.state() != HandlerRun.State.WAITING) return;
                transactions.idleTimeout(IDLE_AT_MOST); // it may work elsewhere for longer than the pool allows
                call(orders.byId(orderId).orElseThrow());
                run.succeeded(clock.instant());
            });
            return Optional.empty();
        } catch (Exception | Error e) { // code that we have not seen may throw anything, and all of it means no
            return Optional.of(e);
        } finally {
            var took = Duration.between(start, clock.instant());
            if (took.compareTo(SLOW) > 0) LOG.warnf("The handler of order %s took %d ms", orderId, took.toMillis());
        }
    }

    private void call(PayOrder order) {
        var handler = handlers.of(order.type())
                .orElseThrow(() -> new NotDone("there is no handler for type " + order.type() + " any more", null));
        var data = new PaidOrder(
                merchants.byId(order.merchantId()).pid(),
                order.outTradeNo(),
                order.type(),
                order.total().minor(),
                order.mode() == Mode.TEST,
                OrderPayload.withCustomBeside(views.of(order)));
        boolean yes;
        try {
            yes = handler.paid(data);
        } catch (Exception e) {
            throw new NotDone(e.toString(), e);
        }
        if (!yes) throw new NotDone("the handler answered false", null);
    }

    private Optional<Instant> writeDown(UUID orderId, int round, Optional<Throwable> failure) {
        var order = orders.locked(orderId);
        var run = runs.locked(orderId).orElseThrow();
        if (!run.isIn(round)) return Optional.empty(); // somebody asked for another round, which has a job of its own
        if (run.state() == HandlerRun.State.WAITING) {
            var why = failure.orElseGet(() -> new IllegalStateException("the handler's transaction left nothing"));
            run.failed(why.getMessage() == null ? why.toString() : why.getMessage(), clock.instant(), jitter());
            if (run.state() == HandlerRun.State.GIVEN_UP) {
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
        success.sum(order);
        return run.nextAt();
    }

    private static double jitter() {
        return ThreadLocalRandom.current().nextDouble();
    }
}
