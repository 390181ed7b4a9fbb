package io.cashdesk.payment;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.ExpiredOrders;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Stores the result of a call to the provider, if its claim still holds: the second transaction of every call about an
 * attempt.
 */
@ApplicationScoped
class FinishCall {
    private static final Duration SHORT_CALL = Duration.ofSeconds(1);

    private static final String CAME_LATE = "attempt.answer-came-late";

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    ExpiredOrders expiredOrders;

    @Inject
    Signals signals;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /**
     * Only changes are recorded: a call that is repeated with the same result adds no event.
     *
     * @param result changes the attempt, which is locked after its order; not called if another node has taken the call
     *     over, then the row says what is true
     */
    void of(ClaimedCall call, Consumer<Attempt> result) {
        transactions.runInNew(() -> {
            var order = orders.locked(call.attempt().orderKey());
            var attempt = attempts.locked(call.attempt().key());
            if (!attempt.claimedBy(call.claim())) {
                var which = attempt.id().toString();
                if (!orders.recorded(order.key(), CAME_LATE, which)) record(attempt, CAME_LATE, which);
                return;
            }
            result.accept(attempt);
            if (mayBeOnPage(attempt, clock.instant())) order.pageChanged();
            if (!call.changedNothing(attempt)) {
                record(
                        attempt,
                        "attempt." + attempt.state().name().toLowerCase(Locale.ROOT),
                        attempt.failure().orElse(""));
            }
            expiredOrders.closeAfterAttempt(order, clock.instant());
            transactions.afterCommit(() -> signals.changed(order.id()));
        });
    }

    /**
     * Whether a page may have been loaded before the call ended. A first attempt replaces no code, and one of
     * {@code createPayment} whose call is short is on no page yet, so it is spared the statement.
     */
    static boolean mayBeOnPage(Attempt attempt, Instant now) {
        return attempt.n() > 1
                || attempt.request().returnUrl().isPresent() // as every attempt that was opened on the page
                || now.isAfter(attempt.createdAt().plus(SHORT_CALL));
    }

    private void record(Attempt attempt, String kind, String detail) {
        orders.record(new OrderEvent(attempt.orderKey(), attempt.id(), clock.instant(), kind, detail));
    }
}
