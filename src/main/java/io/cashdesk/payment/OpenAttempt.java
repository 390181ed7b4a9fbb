package io.cashdesk.payment;

import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.NewOrder;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.QuerySchedule;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Opens an attempt to collect an order, or finds the one that is open. The attempt is stored and committed before the
 * provider is called, and no transaction is open during the call; a crash at any moment leaves a row from which the
 * sweeper goes on. Of two callers at once one calls and the other waits for its answer (docs/architecture.md, "Opening
 * an attempt").
 */
@ApplicationScoped
class OpenAttempt {
    /** How long a second caller waits for the first one's answer. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** Each round closes or resolves one attempt; more than a few mean that other callers keep opening them. */
    private static final int ROUNDS = 6;

    @Inject
    OpenOrder openOrder;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    AttemptLimit attemptLimit;

    @Inject
    NewAttempt newAttempt;

    @Inject
    CallProvider callProvider;

    @Inject
    CloseAttempt closeAttempt;

    @Inject
    QuerySchedule schedule;

    @Inject
    ProviderCalls calls;

    @Inject
    Signals signals;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /**
     * A decision, and the call that it needs: made after the commit, under a claim that was taken in the same
     * transaction.
     *
     * @param version the order's as it was read, to wait for another; else 0
     */
    private record Step(Decision decision, Optional<ClaimedCall> call, long version) {}

    /** An attempt with something to show; completes with a {@link Problem} that says why there is none. */
    CompletionStage<Attempt> of(OrderKey order, CollectRequest request) {
        return of(order, request, Optional.empty());
    }

    /**
     * The same.
     *
     * @param change what the call changes about the order, unless it is refused
     */
    CompletionStage<Attempt> of(OrderKey order, CollectRequest request, Optional<NewOrder> change) {
        return of(order, request, change, clock.instant().plus(LONGEST_WAIT));
    }

    private CompletionStage<Attempt> of(
            OrderKey order, CollectRequest request, Optional<NewOrder> change, Instant giveUpAt) {
        var notApplied = change;
        for (int round = 0; round < ROUNDS; round++) {
            var waiter = signals.park(order.merchantId(), order.id()); // before reading, so that no change is missed
            var pending = notApplied;
            Step step;
            try {
                step = transactions.inNew(() -> next(order, request, pending)); // run again, if a constraint refuses it
            } catch (RuntimeException e) {
                waiter.leave();
                return CompletableFuture.failedFuture(e);
            }
            if (step.decision() instanceof Decision.Wait wait) {
                var left = Duration.between(clock.instant(), giveUpAt);
                if (left.isNegative() || left.isZero() || signals.suspended()) {
                    waiter.leave();
                    return CompletableFuture.failedFuture(callRunning(order));
                }
                var running = wait.attempt();
                return waiter.await(step.version(), running.id(), running.version(), left)
                        .thenCompose(changed -> of(order, request.afterWaitingFor(running.id()), pending, giveUpAt));
            }
            waiter.leave();
            if (changes(step.decision())) notApplied = Optional.empty(); // another call may change it from now on
            if (step.decision() instanceof Decision.Answer answer) {
                return CompletableFuture.completedFuture(answer.attempt());
            }
            try {
                carryOut(step, request);
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
        return CompletableFuture.failedFuture(callRunning(order));
    }

    /** Whether the call is not refused: to close another attempt may yet be. */
    private static boolean changes(Decision decision) {
        return !(decision instanceof Decision.Wait || decision instanceof Decision.CloseFirst);
    }

    private Step next(OrderKey key, CollectRequest request, Optional<NewOrder> change) {
        var order = orders.locked(key);
        var now = clock.instant(); // after the lock: it may be past the deadline then
        var usedCode = request.code().flatMap(code -> attempts.byCode(request.codeHash()));
        var all = order.tried() ? attempts.allOf(key) : List.<Attempt>of();
        var until = change.map(NewOrder::deadline)
                .filter(NewOrder.Deadline::named)
                .map(NewOrder.Deadline::at)
                .orElse(order.expiresAt());
        var decision = Decision.of(order, until, usedCode, all, wait(request, all, now), request, now);
        if (changes(decision)) change.ifPresent(wanted -> openOrder.change(order, wanted));
        var lease = Lease.take(now, calls.lease());
        if (decision instanceof Decision.Wait) return new Step(decision, Optional.empty(), order.version());
        if (decision instanceof Decision.OpenNew) {
            var opened = newAttempt.of(order, request, lease, now);
            return step(decision, new ClaimedCall(opened, lease.claim(), Optional.empty(), false));
        }
        if (decision instanceof Decision.CallAgain again) {
            var before = again.attempt().state();
            again.attempt().takeOver(lease);
            return step(decision, new ClaimedCall(again.attempt(), lease.claim(), Optional.of(before), true));
        }
        if (decision instanceof Decision.CloseFirst close) {
            var before = close.attempt().state();
            close.attempt().closing(lease);
            return step(decision, new ClaimedCall(close.attempt(), lease.claim(), Optional.of(before), false));
        }
        if (decision instanceof Decision.ShowAgain again) {
            showAgain(order, again.attempt(), request, now);
            return step(new Decision.Answer(again.attempt()), null);
        }
        return step(decision, null);
    }

    private Duration wait(CollectRequest request, List<Attempt> all, Instant now) {
        return request.began().isEmpty() ? attemptLimit.wait(all, now) : attemptLimit.waitOnceOnly(all, now);
    }

    private static Step step(Decision decision, ClaimedCall call) {
        return new Step(decision, Optional.ofNullable(call), 0);
    }

    private void showAgain(PayOrder order, Attempt attempt, CollectRequest request, Instant now) {
        attempt.shownAsBefore(schedule.next(attempt, now));
        order.triedWith(attempt, request.provider().identity(request.account()).appId());
        orders.record(new OrderEvent(order.key(), attempt.id(), now, "attempt.shown", "again"));
        transactions.afterCommit(() -> signals.changed(order.id()));
    }

    private void carryOut(Step step, CollectRequest request) {
        var call = step.call().orElseThrow();
        if (step.decision() instanceof Decision.CloseFirst) closeAttempt.toMakeRoom(call);
        else if (request.code().isPresent())
            callProvider.collect(call, request.code().get());
        else callProvider.create(call);
    }

    private Problem callRunning(OrderKey order) {
        var no = orders.byKey(order).map(PayOrder::outTradeNo).orElseThrow();
        return ProblemType.CALL_RUNNING.with(no).retryAfter(Duration.ofSeconds(5));
    }
}
