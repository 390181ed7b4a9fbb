package io.cashdesk.payment;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.notification.QueryAttempt;
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

/**
 * Queries the providers about an unpaid order: about all of its attempts that may be paid, and about each at most once
 * in three seconds, whoever wants to know.
 */
@ApplicationScoped
public class QueryOrder {
    static final Duration QUERY_AT_MOST_EVERY = Duration.ofSeconds(3);

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
        if (order.paid()) return order;
        var open = attempts.thatMayBePaid(order.key());
        open.forEach(attempt -> queryAttempt.unlessRecent(attempt, QUERY_AT_MOST_EVERY));
        return open.isEmpty()
                ? order
                : transactions.inNew(() -> orders.byKey(order.key()).orElseThrow());
    }

    /**
     * The newest query about an order.
     *
     * @param at when it began
     * @param result what became of it; empty while it runs, or if it was answered at once
     */
    public record Last(Instant at, Optional<QueryResult> result) {}

    /** The newest query about any attempt of the order; empty if there was none. */
    public Optional<Last> last(OrderKey order) {
        return attempts.allOf(order).stream()
                .flatMap(attempt -> attempt.queriedAt().map(at -> new Last(at, attempt.queryResult())).stream())
                .max(Comparator.comparing(Last::at));
    }

    /** When a provider was queried last about any attempt of the order; empty if none was. */
    public Optional<Instant> lastOf(OrderKey order) {
        return last(order).map(Last::at);
    }
}
