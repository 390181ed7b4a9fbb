package io.cashdesk.payment;

import io.cashdesk.account.AccountRests;
import io.cashdesk.account.Accounts;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.notification.ApplyReport;
import io.cashdesk.notification.QueryAttempt;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.QuerySchedule;
import io.cashdesk.provider.Closes;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SellsInStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Closes attempts at their provider. Nothing is closed here on a timer alone: what the provider cannot close (it does
 * not know an Alipay code that was not scanned) may be paid until its end, and is queried until then (docs/adr/0009).
 */
@ApplicationScoped
public class CloseAttempt {
    /** How old the last query must be before the sweeper takes the next step. */
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(1);

    /** When an attempt that could not be closed now is queried. */
    private static final Duration SOON = Duration.ofSeconds(2);

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    AccountRests rests;

    @Inject
    QuerySchedule schedule;

    @Inject
    ProviderCalls calls;

    @Inject
    ApplyReport applyReport;

    @Inject
    QueryAttempt queryAttempt;

    @Inject
    FinishCall finish;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /**
     * Closes the order's live attempt, if there is one, because the merchant closes the order. Problems: the attempt
     * can still be paid, or the provider does not answer.
     */
    void liveOf(OrderKey order) {
        var call = transactions.inNew(() -> {
            orders.locked(order);
            var live = attempts.liveOf(order).filter(a -> !a.beingCalled(clock.instant()));
            if (live.isEmpty()) return null;
            var lease = Lease.take(clock.instant(), calls.lease());
            var before = live.get().state();
            live.get().closing(lease);
            return new ClaimedCall(live.get(), lease.claim(), Optional.of(before), false);
        });
        if (call != null) close(call, true);
    }

    /**
     * Closes an attempt so that another can be opened. Problems: the payer is paying it right now, or its prompt is
     * shown and the provider does not answer.
     */
    void toMakeRoom(ClaimedCall call) {
        close(call, false);
    }

    /**
     * One step towards the end of an attempt that is not needed any more: its order is at its deadline, paid or closed,
     * or the payer at the point of sale took too long. The provider is queried, then called to close it. If the end is
     * not reached, the sweeper takes the next step when the attempt is due again.
     */
    public void queryThenClose(Attempt attempt) {
        if (isPaidInStore(attempt)) {
            applyReport.apply(
                    attempt.key(), new ProviderReport.Closed(attempt.attemptNo(), "{}"), ApplyReport.Source.QUERY);
            return;
        }
        if (!queryAttempt.claim(attempt, AT_MOST_EVERY)) return; // another caller has just queried
        queryAttempt.ofClaimed(attempt);
        if (finished(attempt)) return;
        var there = accounts.atProvider(attempt);
        if (!(there.provider() instanceof Closes closes) || !closes.canClose(there.account())) return;
        var report = calls.call(there.account(), () -> closes.close(there.account(), there.ref()));
        if (report instanceof ProviderReport.Absent) abandonClosing(attempt);
        if (!(report instanceof ProviderReport.Unpaid)) {
            applyReport.apply(attempt.key(), report, ApplyReport.Source.QUERY);
        }
    }

    /**
     * @param mustClose whether the caller needs it closed; otherwise only a payer who may be paying prevents a new
     *     attempt
     */
    private void close(ClaimedCall call, boolean mustClose) {
        var there = accounts.atProvider(call.attempt());
        if (!(there.provider() instanceof Closes closes) || !closes.canClose(there.account())) {
            finish.of(call, this::leavePayable);
            return;
        }
        ProviderReport report;
        try {
            report = calls.call(there.account(), () -> closes.close(there.account(), there.ref()));
        } catch (ProviderFailure | Problem unanswered) {
            var payable = call.attempt().prompt().isPresent()
                    && clock.instant().isBefore(call.attempt().expiresAt());
            // nothing can be learned of an account that refuses everything: the payer takes another wallet meanwhile
            var standsInTheWay =
                    mustClose || (payable && !rests.failing(there.account().id()));
            finish.of(call, standsInTheWay ? a -> a.stillOpen(soon()) : this::leavePayable);
            if (!standsInTheWay) return;
            throw unanswered instanceof ProviderFailure failure
                    ? ProviderCalls.problem(there.provider(), PaymentProvider.Call.CLOSE, failure)
                    : (Problem) unanswered;
        }
        apply(call, report, mustClose);
    }

    private void apply(ClaimedCall call, ProviderReport report, boolean mustClose) {
        var attempt = call.attempt();
        if (report instanceof ProviderReport.Paid) {
            applyReport.apply(attempt.key(), report, ApplyReport.Source.QUERY);
            var now = transactions.inNew(() -> attempts.byKey(attempt.key()).orElseThrow());
            if (now.claimedBy(call.claim())) finish.of(call, this::leavePayable); // the payment is not its own
        } else if (report instanceof ProviderReport.Closed) {
            finish.of(call, Attempt::closed);
            // applied too: if a payment code was paid in the meantime, the provider has refunded it
            applyReport.apply(attempt.key(), report, ApplyReport.Source.QUERY);
        } else if (report instanceof ProviderReport.Unpaid unpaid && (mustClose || unpaid.payerIsPaying())) {
            finish.of(call, a -> a.stillOpen(soon()));
            var no = orders.byKey(attempt.orderKey()).orElseThrow().outTradeNo();
            throw ProblemType.EARLIER_ATTEMPT_OPEN.with(no, attempt.provider()).retryAfter(Duration.ofSeconds(5));
        } else { // unknown there, or too young to be closed there
            finish.of(call, this::leavePayable);
        }
    }

    /**
     * A store knows nothing of our attempts: it is closed here alone, and a purchase that the store reports later
     * counts.
     */
    private boolean isPaidInStore(Attempt attempt) {
        return providers.named(attempt.provider()) instanceof SellsInStore;
    }

    private void leavePayable(Attempt attempt) {
        attempt.payableUntilItsEnd(schedule.next(attempt, clock.instant()));
    }

    /**
     * Its closing was abandoned and the provider does not know it: it may still be paid, but no longer blocks another
     * attempt.
     */
    private void abandonClosing(Attempt known) {
        transactions.runInNew(() -> {
            orders.locked(known.orderKey());
            var attempt = attempts.locked(known.key());
            if (attempt.state() == AttemptState.CLOSING && !attempt.beingCalled(clock.instant())) leavePayable(attempt);
        });
    }

    private boolean finished(Attempt attempt) {
        return transactions.inNew(
                () -> !attempts.byKey(attempt.key()).orElseThrow().state().mayBePaid());
    }

    private Instant soon() {
        return clock.instant().plus(SOON);
    }
}
