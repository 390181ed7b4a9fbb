package io.cashdesk.payment;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.notification.ApplyReport;
import io.cashdesk.notification.QueryAttempt;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptRequest;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.QuerySchedule;
import io.cashdesk.provider.Closes;
import io.cashdesk.provider.Codes;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Opens an attempt to collect an order, or finds the one that is open. The attempt is written down and committed before the
 * provider is called, and no transaction is open during the call; a crash at any instant leaves a row from which the truth is
 * found. Two callers at once: one calls, the other waits for its answer (docs/architecture.md, "Opening an attempt").
 */
@ApplicationScoped
public class OpenAttempt {
    private static final Logger LOG = Logger.getLogger(OpenAttempt.class);

    /** How long a second caller waits for the first one's answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A code that lives shorter than this, or than a fifth of its whole life, is not handed out again. */
    private static final Duration WORTH_SHOWING = Duration.ofSeconds(60);

    /** What is shown is renewed when the provider would honour it for less than this. */
    private static final Duration NEARLY_OLD = Duration.ofSeconds(30);

    /** Each round closes or resolves one attempt; more than a few means that somebody else keeps opening them. */
    private static final int ROUNDS = 6;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    OpenOrder openOrder;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    ProviderCalls calls;

    @Inject
    ApplyReport applyReport;

    @Inject
    QueryAttempt queryAttempt;

    @Inject
    Signals signals;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** What to do next, decided under the order's lock. */
    private sealed interface Step {
        /** It is there: hand it out. */
        record Answer(Attempt attempt) implements Step {}

        /** Somebody else's call is running. */
        record Wait() implements Step {}

        /** Ours to make. */
        record Call(Attempt attempt, UUID claim, boolean askFirst) implements Step {}

        /** Another attempt stands in the way, and is ours to close. */
        record CloseFirst(Attempt attempt, UUID claim) implements Step {}
    }

    /** An attempt with something to show; completes with a {@link Problem} that says why there is none. */
    CompletionStage<Attempt> of(UUID order, CollectRequest wanted) {
        return of(order, wanted, clock.instant().plus(PATIENCE));
    }

    private CompletionStage<Attempt> of(UUID order, CollectRequest wanted, Instant giveUpAt) {
        for (int round = 0; round < ROUNDS; round++) {
            var waiter = signals.park(order); // first park, then read
            Step step;
            try {
                step = transactions.inNew(() -> decide(order, wanted)); // again, if a constraint speaks
            } catch (RuntimeException e) {
                waiter.leave();
                return CompletableFuture.failedFuture(e);
            }
            if (step instanceof Step.Wait) {
                var left = Duration.between(clock.instant(), giveUpAt);
                if (left.isNegative() || left.isZero() || signals.suspended()) {
                    waiter.leave();
                    return CompletableFuture.failedFuture(callRunning(order));
                }
                return waiter.await(left).thenCompose(news -> of(order, wanted, giveUpAt));
            }
            waiter.leave();
            if (step instanceof Step.Answer answer) return CompletableFuture.completedFuture(answer.attempt());
            try {
                if (step instanceof Step.Call call && wanted.code().isPresent()) {
                    collect(call, wanted.code().get());
                } else if (step instanceof Step.Call call) makeCall(call);
                else if (step instanceof Step.CloseFirst close) closeFirst(close);
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
        return CompletableFuture.failedFuture(callRunning(order));
    }

    private Problem callRunning(UUID order) {
        var no = orders.byId(order).map(PayOrder::outTradeNo).orElseThrow();
        return ProblemType.CALL_RUNNING.with(no).retryAfter(Duration.ofSeconds(5));
    }

    private Step decide(UUID orderId, CollectRequest wanted) {
        var now = clock.instant();
        var order = orders.locked(orderId);
        if (wanted.code().isPresent()) {
            var used = attempts.byCode(wanted.codeHash());
            if (used.isPresent()) return usedCode(order, used.get(), now);
        }
        openOrder.stillPayable(order);
        if (wanted.code().isPresent() && order.tried()) throw ProblemType.NUMBER_SPENT.with(order.outTradeNo());
        var live = attempts.liveOf(orderId);
        if (live.isEmpty()) return begin(order, wanted, now);
        var attempt = live.get();
        if (attempt.beingCalled(now)) return new Step.Wait();
        var same = attempt.sameRequest(wanted.same());
        var lease = Lease.take(now, calls.lease());
        if (attempt.state() == AttemptState.SHOWN && same && worthShowing(attempt, order, wanted, now)) {
            if (!attempt.promptEndsWithin(NEARLY_OLD, now)) return new Step.Answer(attempt);
            attempt.takeOver(lease);
            return new Step.Call(attempt, lease.claim(), true);
        }
        var resend = attempt.state() == AttemptState.UNKNOWN || attempt.state() == AttemptState.CALLING;
        if (resend && same && now.isBefore(attempt.expiresAt())) {
            attempt.takeOver(lease);
            return new Step.Call(attempt, lease.claim(), true);
        }
        attempt.closing(lease);
        return new Step.CloseFirst(attempt, lease.claim());
    }

    /** A payment code was seen before: by this order, then what came of it is the answer; or by another, then it is spent. */
    private static Step usedCode(PayOrder order, Attempt attempt, Instant now) {
        if (!attempt.orderId().equals(order.id())) throw ProblemType.AUTH_CODE_USED.with();
        if (attempt.beingCalled(now)) return new Step.Wait();
        if (attempt.state() == AttemptState.FAILED || attempt.state() == AttemptState.CLOSED) {
            throw ProblemType.NUMBER_SPENT.with(order.outTradeNo());
        }
        return new Step.Answer(attempt);
    }

    /** Whether it lives long enough, or as long as any new one could. */
    private static boolean worthShowing(Attempt attempt, PayOrder order, CollectRequest wanted, Instant now) {
        var fifth = wanted.codeLife().dividedBy(5);
        return attempt.shownFor(fifth.compareTo(WORTH_SHOWING) < 0 ? fifth : WORTH_SHOWING, now)
                || (attempt.shownFor(Duration.ZERO, now) && !attempt.expiresAt().isBefore(order.expiresAt()));
    }

    private Step begin(PayOrder order, CollectRequest wanted, Instant now) {
        var provider = wanted.provider();
        var identity = provider.identity(wanted.account());
        var n = order.nextAttempt();
        var number = number(order, provider, identity.merchantNo());
        if (wanted.code().isPresent() && !number.equals(order.outTradeNo())) { // it never gets a second number
            throw ProblemType.NUMBER_DOES_NOT_FIT.with(order.outTradeNo(), provider.name());
        }
        var expiresAt = expiry(order, wanted, now);
        var payer = wanted.payer();
        var sub = wanted.sub();
        var request = new AttemptRequest(
                expiresAt,
                URI.create(settings.baseUrl() + "/notify/" + provider.name() + "/"
                        + wanted.account().id()),
                new AttemptRequest.Payer(
                        payer.clientIp(), payer.openid(), payer.screen().name()),
                new AttemptRequest.SubMerchant(sub.mchId(), sub.appId(), sub.token()),
                wanted.returnUrl(),
                wanted.other());
        var lease = Lease.take(now, calls.lease());
        var attempt = new Attempt(
                order.id(),
                new Attempt.Numbered(n, number),
                new Attempt.Target(
                        wanted.account().id(),
                        provider.name().value(),
                        identity.merchantNo(),
                        wanted.payType().toString()),
                new Attempt.Requested(
                        request,
                        wanted.same(),
                        expiresAt,
                        wanted.code().isPresent() ? expiresAt : order.expiresAt(),
                        wanted.codeHash()),
                lease,
                now);
        attempts.add(attempt);
        order.triedWith(attempt);
        note(attempt, "attempt.opened", wanted.payType().toString());
        return new Step.Call(attempt, lease.claim(), false);
    }

    /** The merchant's own number wherever the provider takes it and has not had it; otherwise a generated one (D7). */
    private String number(PayOrder order, PaymentProvider provider, String merchantNo) {
        var own = order.outTradeNo();
        var free = provider.fits(own)
                && attempts.byNumber(provider.name().value(), merchantNo, own).isEmpty();
        return free ? own : Ids.next().toString().replace("-", "");
    }

    /** As long as the code should live, never beyond the order's deadline, never shorter than the provider keeps. */
    private static Instant expiry(PayOrder order, CollectRequest wanted, Instant now) {
        var wish = now.plus(wanted.codeLife());
        var cut = wish.isBefore(order.expiresAt()) ? wish : order.expiresAt();
        var least = now.plus(wanted.provider().products().get(wanted.payType()).shortestLife());
        var expiry = cut.isBefore(least) ? least.plusMillis(999) : cut;
        return Instant.ofEpochSecond(expiry.getEpochSecond());
    }

    /**
     * Finishes a call that nobody finished: its server died, or the provider did not answer. Asks first, then sends the same
     * number and body again, so that a payer who waits gets his code.
     *
     * @return false if there is nothing to finish: somebody else is at it, or the order takes no payment any more
     */
    public boolean resume(UUID attemptId) {
        var now = clock.instant();
        var lease = Lease.take(now, calls.lease());
        var known = attempts.byId(attemptId).orElseThrow();
        var taken = transactions.inNew(() -> {
            var order = orders.locked(known.orderId());
            var attempt = attempts.locked(attemptId);
            var abandoned = attempt.state() == AttemptState.UNKNOWN || attempt.state() == AttemptState.CALLING;
            var ours = abandoned
                    && !attempt.beingCalled(now)
                    && order.takesAttempts()
                    && now.isBefore(attempt.expiresAt());
            if (!ours) return null;
            attempt.queried(now, QuerySchedule.next(attempt, now));
            attempt.takeOver(lease);
            return attempt;
        });
        if (taken == null) return false;
        makeCall(new Step.Call(taken, lease.claim(), true));
        return true;
    }

    private void makeCall(Step.Call call) {
        var attempt = call.attempt();
        if (call.askFirst() && !mayBeSent(attempt, call.claim())) return; // decided again, by what is true now
        if (attempt.byPaymentCode()) { // whatever became of that call, the code is never sent again
            finish(call, a -> a.shown(new PaymentPrompt.Nothing().stored().toString(), null, soon()));
            return;
        }
        var order = orders.byId(attempt.orderId()).orElseThrow();
        var account = accounts.byId(attempt.accountId()).orElseThrow().settings();
        var provider = providers.named(attempt.provider());
        PaymentPrompt prompt;
        try {
            prompt = calls.call(account, () -> ((Creates) provider).create(account, request(order, attempt)));
        } catch (ProviderFailure failure) {
            refused(call, provider, failure);
            return;
        } catch (Problem busy) { // nothing was sent
            finish(call, a -> gaveUp(a, "busy"));
            throw busy;
        }
        var now = clock.instant();
        var until = prompt.life().map(now::plus).orElse(null);
        finish(call, a -> a.shown(prompt.stored().toString(), until, QuerySchedule.next(a, now)));
    }

    /**
     * Takes money with a payment code, once. What the provider answers comes in through the one door; while the payer types his
     * password, or if no answer came, the sweeper asks every few seconds and reverses it at its end.
     */
    private void collect(Step.Call call, PaymentCode code) {
        var attempt = call.attempt();
        var order = orders.byId(attempt.orderId()).orElseThrow();
        var account = accounts.byId(attempt.accountId()).orElseThrow().settings();
        var provider = providers.named(attempt.provider());
        var codes = (Codes) provider;
        var waiting = new PaymentPrompt.Nothing().stored().toString();
        ProviderReport report;
        try {
            report = calls.call(account, () -> codes.collect(account, request(order, attempt), code));
        } catch (ProviderFailure failure) {
            if (failure.kind() == Kind.DECLINED || failure.kind() == Kind.UNREACHABLE) refused(call, provider, failure);
            else finish(call, a -> a.shown(waiting, null, soon()));
            return;
        } catch (Problem busy) { // nothing was sent
            finish(call, a -> a.failed("busy"));
            throw busy;
        }
        if (report instanceof ProviderReport.Paid) {
            applyReport.hear(attempt.key(), report, ApplyReport.Source.ASKED);
        } else if (report instanceof ProviderReport.Closed) {
            finish(call, Attempt::closed);
        } else {
            finish(call, a -> a.shown(waiting, null, QuerySchedule.next(a, clock.instant())));
        }
    }

    private PaymentRequest request(PayOrder order, Attempt attempt) {
        var asked = attempt.request();
        return new PaymentRequest(
                accounts.atProvider(attempt).ref(),
                order.total(),
                order.subject(),
                asked.expiresAt(),
                asked.notifyUrl(),
                new Payer(
                        asked.payer().clientIp(),
                        asked.payer().openid(),
                        Payer.Screen.valueOf(asked.payer().screen())),
                asked.returnUrl(),
                asked.other());
    }

    /** Before an abandoned call is repeated the provider is asked; false if there is nothing to repeat any more. */
    private boolean mayBeSent(Attempt attempt, UUID claim) {
        ProviderReport report;
        try {
            report = queryAttempt.about(attempt).orElse(null);
        } catch (ProviderFailure | Problem unanswered) {
            finish(new Step.Call(attempt, claim, true), a -> asBefore(a, unanswered.getMessage()));
            throw unanswered instanceof Problem busy ? busy : unknown(attempt);
        }
        if (report instanceof ProviderReport.Paid) return false;
        if (report instanceof ProviderReport.Closed) {
            finish(new Step.Call(attempt, claim, true), Attempt::closed);
            return false;
        }
        return true;
    }

    private void refused(Step.Call call, PaymentProvider provider, ProviderFailure failure) {
        var name = provider.name();
        LOG.infof(
                "Attempt %s at %s: %s %s %s",
                call.attempt().attemptNo(), name, failure.kind(), failure.providerCode(), failure.getMessage());
        switch (failure.kind()) {
            case UNREACHABLE -> {
                finish(call, a -> gaveUp(a, "unreachable"));
                throw ProblemType.PROVIDER_UNREACHABLE.with(name).retryAfter(Duration.ofSeconds(3));
            }
            case OUTCOME_UNKNOWN, NOT_AUTHENTIC -> {
                finish(call, a -> a.unknown(failure.getMessage(), soon()));
                throw unknown(call.attempt(), provider, failure);
            }
            case DECLINED -> {
                if (provider instanceof Creates creates
                        && creates.numberIsSpent(failure.providerCode())
                        && numberWasOurs(call)) return;
                finish(call, a -> refusedBy(a, failure));
                throw ProviderError.problem(provider, asked(call.attempt()), failure);
            }
        }
    }

    private static PaymentProvider.Call asked(Attempt attempt) {
        return attempt.byPaymentCode() ? PaymentProvider.Call.CODE_PAY : PaymentProvider.Call.CREATE;
    }

    /** A try that came to nothing has failed; the renewal of one that is shown leaves what the payer holds, which still works. */
    private void gaveUp(Attempt attempt, String why) {
        if (attempt.prompt().isPresent()) attempt.shownAsBefore(soon());
        else attempt.failed(why);
    }

    /** Asking came to nothing: what the payer holds still works, and what was unknown stays so. */
    private void asBefore(Attempt attempt, String why) {
        var next = QuerySchedule.next(attempt, clock.instant());
        if (attempt.prompt().isPresent()) attempt.shownAsBefore(next);
        else attempt.unknown(why, next);
    }

    private void refusedBy(Attempt attempt, ProviderFailure failure) {
        if (attempt.prompt().isPresent()) attempt.shownAsBefore(soon());
        else attempt.refused(failure.providerCode(), failure.getMessage());
    }

    /**
     * The provider has had this number before. If we may have sent it ourselves and it was paid, that is heard; otherwise what is
     * there is somebody else's, and the next round takes a generated number. False if this was a generated number already: then
     * it is a refusal like any other.
     */
    private boolean numberWasOurs(Step.Call call) {
        var attempt = call.attempt();
        var order = orders.byId(attempt.orderId()).orElseThrow();
        if (!attempt.attemptNo().equals(order.outTradeNo()) || attempt.byPaymentCode()) return false;
        if (attempt.prompt().isPresent()) return false; // it is ours, from before
        try {
            if (call.askFirst() && queryAttempt.about(attempt).orElse(null) instanceof ProviderReport.Paid) return true;
        } catch (ProviderFailure unanswered) {
            finish(call, a -> a.unknown(unanswered.getMessage(), soon()));
            throw unknown(attempt);
        }
        finish(call, a -> a.failed("the number was used there before"));
        return true;
    }

    private Problem unknown(Attempt attempt, PaymentProvider provider, ProviderFailure failure) {
        var code = failure.providerCode();
        if (code.isEmpty()) return unknown(attempt); // nothing was said
        return unknown(attempt)
                .withRefusal(provider.explain(asked(attempt), code, String.valueOf(failure.getMessage()))
                        .refusal(failure));
    }

    private Problem unknown(Attempt attempt) {
        return ProblemType.OUTCOME_UNKNOWN.with(attempt.provider()).retryAfter(Duration.ofSeconds(5));
    }

    private Instant soon() {
        return clock.instant().plusSeconds(2);
    }

    /**
     * Closes the attempt that is open, if one is, at its provider too. What a provider cannot close (nobody has scanned it yet) may
     * be paid until its end, and is watched. Problems: it is being paid right now, or the provider does not answer.
     */
    void closeLive(UUID order) {
        var step = transactions.inNew(() -> {
            orders.locked(order);
            var live = attempts.liveOf(order).filter(a -> !a.beingCalled(clock.instant()));
            if (live.isEmpty()) return null;
            var lease = Lease.take(clock.instant(), calls.lease());
            live.get().closing(lease);
            return new Step.CloseFirst(live.get(), lease.claim());
        });
        if (step != null) close(step, true);
    }

    private void closeFirst(Step.CloseFirst step) {
        close(step, false);
    }

    /**
     * @param surely whether what the provider does not close is a problem even if nothing was shown, or nobody is paying it; otherwise
     *     only a payer who is paying right now is one, and no answer about what was shown
     */
    private void close(Step.CloseFirst close, boolean surely) {
        var attempt = close.attempt();
        var account = accounts.byId(attempt.accountId()).orElseThrow().settings();
        var provider = providers.named(attempt.provider());
        var call = new Step.Call(attempt, close.claim(), false);
        if (!(provider instanceof Closes closes)) {
            finish(call, this::watched);
            return;
        }
        ProviderReport report;
        try {
            report = calls.call(
                    account,
                    () -> closes.close(account, accounts.atProvider(attempt).ref()));
        } catch (ProviderFailure | Problem unanswered) {
            var payable = attempt.prompt().isPresent() && clock.instant().isBefore(attempt.expiresAt());
            finish(call, surely || payable ? a -> a.stillOpen(soon()) : this::watched);
            if (!surely && !payable) return;
            throw unanswered instanceof Problem problem
                    ? problem
                    : ProblemType.PROVIDER_UNREACHABLE.with(provider.name()).retryAfter(Duration.ofSeconds(5));
        }
        if (report instanceof ProviderReport.Paid) {
            applyReport.hear(attempt.key(), report, ApplyReport.Source.ASKED);
        } else if (report instanceof ProviderReport.Closed) {
            finish(call, Attempt::closed);
            // heard by the door too: of a payment code that was paid meanwhile this means that its money went back
            applyReport.hear(attempt.key(), report, ApplyReport.Source.ASKED);
        } else if (report instanceof ProviderReport.Unpaid unpaid && (surely || unpaid.payerIsPaying())) {
            finish(call, a -> a.stillOpen(soon()));
            var no = orders.byId(attempt.orderId()).orElseThrow().outTradeNo();
            throw ProblemType.EARLIER_ATTEMPT_OPEN.with(no, provider.name()).retryAfter(Duration.ofSeconds(5));
        } else {
            finish(
                    call,
                    this::watched); // not there yet, or too young to be closed there: it may be paid all the same (D9)
        }
    }

    private void watched(Attempt attempt) {
        attempt.payableUntilItsEnd(QuerySchedule.next(attempt, clock.instant()));
    }

    /** Transaction B: the order first, then the attempt; only the holder of the claim writes down what came of the call. */
    private void finish(Step.Call call, Consumer<Attempt> outcome) {
        transactions.runInNew(() -> {
            var order = orders.locked(call.attempt().orderId());
            var attempt = attempts.locked(call.attempt().id());
            if (!attempt.claimedBy(call.claim())) { // taken over meanwhile: what we heard stays as evidence only
                note(attempt, "attempt.answer-came-late", "{}");
                return;
            }
            outcome.accept(attempt);
            note(
                    attempt,
                    "attempt." + attempt.state().name().toLowerCase(Locale.ROOT),
                    attempt.failure().orElse(""));
            transactions.afterCommit(() -> signals.changed(order.id()));
        });
    }

    private void note(Attempt attempt, String kind, String detail) {
        orders.note(new OrderEvent(attempt.orderId(), attempt.id(), clock.instant(), kind, detail));
    }
}
