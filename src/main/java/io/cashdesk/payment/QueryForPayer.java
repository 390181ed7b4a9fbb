package io.cashdesk.payment;

import io.cashdesk.ground.http.CallersAtWork;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Queries the providers because a payer says "I have paid" or comes back from the wallet. No request is held by a slow
 * provider, and however many windows want to know, an order has one query at a time on this node. The queries have
 * threads of their own: silent providers hold none that other payers' pages need.
 */
@ApplicationScoped
public class QueryForPayer {
    private static final Logger LOG = Logger.getLogger(QueryForPayer.class);

    /** How long a payer's request waits for the answers. */
    private static final Duration AWAITED = Duration.ofSeconds(2);

    /** Queries at one time on this node; each holds a thread while its provider is silent. */
    static final int THREADS = 16;

    /** Queries that wait for a thread. */
    static final int WAITING = 16;

    @Inject
    QueryOrder queryOrder;

    @Inject
    Attempts attempts;

    @Inject
    Signals signals;

    @Inject
    Clock clock;

    @Inject
    CallersAtWork callers;

    @Resource
    ManagedThreadFactory threads;

    private final Map<OrderKey, Running> running = new ConcurrentHashMap<>();
    private final Set<OrderKey> planned = ConcurrentHashMap.newKeySet();
    private ExecutorService executor;

    /** @param since when it was wanted first; it may begin a little later */
    private record Running(Instant since, CompletableFuture<Void> ended) {}

    @PostConstruct
    void start() {
        start(threads);
    }

    void start(ThreadFactory factory) {
        var bounded = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), factory);
        bounded.allowCoreThreadTimeOut(true);
        executor = bounded;
    }

    @PreDestroy
    void stop() {
        executor.shutdown();
    }

    /**
     * Queries about all attempts of the order that may be paid, unless that was done in the last three seconds; then it
     * is done as soon as they are over. What the answers report is applied and wakes the pages that wait. If this node
     * has no thread for it, it is left to the sweeper.
     *
     * @return completes with an empty value if nothing is being queried any more; with a moment if the query is still
     *     to begin, or the providers have not answered within two seconds: the answer is that of a query which began at
     *     this moment or later
     */
    public CompletionStage<Optional<Instant>> of(PayOrder order) {
        if (order.paid() || attempts.thatMayBePaid(order.key()).isEmpty()) return nothingAwaited();
        var now = clock.instant();
        var early = queryOrder
                .lastOf(order.key())
                .map(last -> Duration.between(now, last.plus(QueryOrder.QUERY_AT_MOST_EVERY)))
                .filter(left -> !left.isNegative() && !left.isZero());
        if (early.isPresent() && !running.containsKey(order.key())) {
            plan(order, early.get());
            return CompletableFuture.completedFuture(Optional.of(now));
        }
        return start(order, now)
                .map(query -> (CompletionStage<Optional<Instant>>) query.ended()
                        .thenApply(ended -> Optional.<Instant>empty())
                        .completeOnTimeout(Optional.of(query.since()), AWAITED.toMillis(), TimeUnit.MILLISECONDS)
                        .thenApplyAsync(since -> since, signals.executor()))
                .orElseGet(QueryForPayer::nothingAwaited);
    }

    private static CompletionStage<Optional<Instant>> nothingAwaited() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    private void plan(PayOrder order, Duration left) {
        if (!planned.add(order.key())) return;
        CompletableFuture.delayedExecutor(left.toMillis() + 1, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> {
                    planned.remove(order.key());
                    start(order, clock.instant());
                });
    }

    /** The query that runs, or a new one; empty if there is no thread for it. */
    private Optional<Running> start(PayOrder order, Instant now) {
        var mine = new Running(now, new CompletableFuture<>());
        var other = running.putIfAbsent(order.key(), mine);
        if (other != null) return Optional.of(other);
        try {
            executor.execute(() -> callers.run(() -> query(order, mine.ended())));
            return Optional.of(mine);
        } catch (RejectedExecutionException full) {
            LOG.debugf("Order %s is not queried for its payer: %s", order.outTradeNo(), full.getMessage());
            running.remove(order.key());
            mine.ended().complete(null); // for a press that found it meanwhile
            return Optional.empty();
        }
    }

    private void query(PayOrder order, CompletableFuture<Void> ended) {
        try {
            queryOrder.forPayer(order);
            running.remove(order.key());
            ended.complete(null);
        } catch (RuntimeException failure) {
            LOG.warnf("Order %s was not queried for its payer: %s", order.outTradeNo(), failure);
            running.remove(order.key());
            ended.completeExceptionally(failure);
        }
    }
}
