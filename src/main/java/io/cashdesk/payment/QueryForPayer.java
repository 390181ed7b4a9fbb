package io.cashdesk.payment;

import io.cashdesk.ground.signal.Signals;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Queries the providers because a payer says "I have paid" or comes back from the wallet. No request is held by a slow
 * provider, and however many windows want to know, an order has one query at a time on this node.
 */
@ApplicationScoped
public class QueryForPayer {
    private static final Logger LOG = Logger.getLogger(QueryForPayer.class);

    /** How long a payer's request waits for the answers. */
    private static final Duration AWAITED = Duration.ofSeconds(2);

    @Inject
    QueryOrder queryOrder;

    @Inject
    Attempts attempts;

    @Inject
    Signals signals;

    @Inject
    Clock clock;

    private final Map<OrderKey, CompletableFuture<Void>> running = new ConcurrentHashMap<>();
    private final Set<OrderKey> planned = ConcurrentHashMap.newKeySet();

    /**
     * Queries about all attempts of the order that may be paid, unless that was done in the last three seconds; then it
     * is done as soon as they are over. What the answers report is applied and wakes the pages that wait.
     *
     * @return completes on {@link Signals#executor}: with true if nothing is being queried any more, with false if the
     *     providers have not answered within two seconds
     */
    public CompletionStage<Boolean> of(PayOrder order) {
        if (order.paid() || attempts.thatMayBePaid(order.key()).isEmpty()) {
            return CompletableFuture.completedFuture(true);
        }
        var early = queryOrder
                .lastOf(order.key())
                .map(last -> Duration.between(clock.instant(), last.plus(QueryOrder.QUERY_AT_MOST_EVERY)))
                .filter(left -> !left.isNegative() && !left.isZero());
        if (early.isPresent() && !running.containsKey(order.key())) {
            plan(order, early.get());
            return CompletableFuture.completedFuture(true);
        }
        return start(order)
                .thenApply(ended -> true)
                .completeOnTimeout(false, AWAITED.toMillis(), TimeUnit.MILLISECONDS)
                .thenApplyAsync(ended -> ended, signals.executor());
    }

    private void plan(PayOrder order, Duration left) {
        if (!planned.add(order.key())) return;
        CompletableFuture.delayedExecutor(left.toMillis() + 1, TimeUnit.MILLISECONDS, signals.executor())
                .execute(() -> {
                    planned.remove(order.key());
                    var mine = new CompletableFuture<Void>();
                    if (running.putIfAbsent(order.key(), mine) == null) query(order, mine);
                });
    }

    /** The query that runs, or a new one. */
    private CompletableFuture<Void> start(PayOrder order) {
        var mine = new CompletableFuture<Void>();
        var other = running.putIfAbsent(order.key(), mine);
        if (other != null) return other;
        try {
            signals.executor().execute(() -> query(order, mine));
        } catch (RejectedExecutionException stopping) {
            running.remove(order.key());
            throw stopping;
        }
        return mine;
    }

    private void query(PayOrder order, CompletableFuture<Void> mine) {
        try {
            queryOrder.of(order);
            mine.complete(null);
        } catch (RuntimeException failure) {
            LOG.warnf("Order %s was not queried for its payer: %s", order.outTradeNo(), failure);
            mine.completeExceptionally(failure);
        } finally {
            running.remove(order.key());
        }
    }
}
