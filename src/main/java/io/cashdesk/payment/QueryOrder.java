package io.cashdesk.payment;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.notification.QueryAttempt;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.QueryResult;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Queries the providers about an unpaid order: about all of its attempts that may be paid, and about each only if no
 * query about it, for any purpose and on any node, began in the last three seconds. Payers and {@code queryPayment}
 * share this limit. The sweeper and {@code closePayment} have schedules and limits of their own, so that they may query
 * sooner after these.
 */
@ApplicationScoped
public class QueryOrder {
    static final Duration QUERY_AT_MOST_EVERY = Duration.ofSeconds(3);

    /** A query that has not ended for so long was made by a node that died. */
    private static final Duration LONGEST_QUERY = Duration.ofSeconds(30);

    /** A query that has not begun so long after a press is not made because of it. */
    private static final Duration LONGEST_PLAN = Duration.ofSeconds(10);

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    QueryAttempt queryAttempt;

    @Inject
    Transactions transactions;

    /** Queries, unless that was done just now; returns the order as it is afterwards. */
    public PayOrder of(PayOrder order) {
        return queried(order, attempt -> queryAttempt.unlessRecent(attempt, QUERY_AT_MOST_EVERY));
    }

    /** The same, and records for the payer's page which queries run. */
    PayOrder forPayer(PayOrder order) {
        return queried(order, attempt -> queryAttempt.forPayer(attempt, QUERY_AT_MOST_EVERY));
    }

    private PayOrder queried(PayOrder order, Consumer<Attempt> query) {
        if (order.paid()) return order;
        var open = attempts.thatMayBePaid(order.key());
        open.forEach(query);
        return open.isEmpty()
                ? order
                : transactions.inNew(() -> orders.byKey(order.key()).orElseThrow());
    }

    /** Whether an answer that a payer waits for is still to come, as far as {@link #awaits} knows. */
    public boolean awaited(OrderKey order, Instant since, Instant now) {
        return attempts.thatMayBePaid(order).stream()
                .anyMatch(attempt -> awaits(attempt.createdAt(), lastOf(attempt), since, now));
    }

    /**
     * Whether a query about an attempt runs for a payer, or is to begin because of a press.
     *
     * @param createdAt when the attempt was opened: one that was opened later is not queried because of the press
     * @param last the newest query about it
     * @param since the moment of the press: a query that began earlier does not answer it
     */
    static boolean awaits(Instant createdAt, Optional<Last> last, Instant since, Instant now) {
        var runs = last.filter(query -> query.result().equals(Optional.of(QueryResult.RUNNING)))
                .filter(query -> now.isBefore(query.at().plus(LONGEST_QUERY)))
                .isPresent();
        if (runs) return true;
        return last.filter(query -> !query.at().isBefore(since)).isEmpty()
                && !createdAt.isAfter(since)
                && Duration.between(since, now).abs().compareTo(LONGEST_PLAN) < 0;
    }

    /**
     * The newest query about an order.
     *
     * @param at when it began
     * @param result what is known of it; empty if it was not made for a payer
     */
    public record Last(Instant at, Optional<QueryResult> result) {}

    /** The newest query about any attempt of the order; empty if there was none. */
    public Optional<Last> last(OrderKey order) {
        return attempts.allOf(order).stream()
                .flatMap(attempt -> lastOf(attempt).stream())
                .max(Comparator.comparing(Last::at));
    }

    private static Optional<Last> lastOf(Attempt attempt) {
        return attempt.queriedAt().map(at -> new Last(at, attempt.queryResult()));
    }

    /** When a provider was queried last about any attempt of the order; empty if none was. */
    public Optional<Instant> lastOf(OrderKey order) {
        return last(order).map(Last::at);
    }
}
