package io.cashdesk.payment;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.AttemptAtProvider;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.notification.ApplyReport;
import io.cashdesk.notification.QueryAttempt;
import io.cashdesk.openid.Sessions;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.QuerySchedule;
import io.cashdesk.provider.Codes;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.NeedsSession;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.SessionKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Calls the provider to collect an attempt and stores the result under the call's claim. Outside of any transaction.
 * Every method returns when the attempt has a result that may be looked at, and throws a {@link Problem} if the caller
 * can expect none.
 */
@ApplicationScoped
class CallProvider {
    /** When an attempt is queried whose call ended without a usable answer. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private static final String NOT_ITS_OWN = "a payment was reported that is not this attempt's own";

    /** Stored for payments by code, in which the payer is shown nothing. */
    private static final String NO_PROMPT = new PaymentPrompt.Nothing().stored().toString();

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Accounts accounts;

    @Inject
    Sessions sessions;

    @Inject
    SealedPrompts prompts;

    @Inject
    QuerySchedule schedule;

    @Inject
    FailureLog failures;

    @Inject
    ProviderCalls calls;

    @Inject
    ApplyReport applyReport;

    @Inject
    QueryAttempt queryAttempt;

    @Inject
    FinishCall finish;

    @Inject
    Clock clock;

    /**
     * Has the provider open a payment, for which it answers with a prompt. If it may have been sent before, after a
     * query.
     */
    void create(ClaimedCall call) {
        var attempt = call.attempt();
        if (call.queryFirst() && !mayBeSentAgain(call)) return; // the next decision follows from what is true now
        if (attempt.byPaymentCode()) { // a code is never sent again, whatever the first call's outcome was
            finish.of(call, a -> a.shown(NO_PROMPT, null, soon()));
            return;
        }
        var there = accounts.atProvider(attempt);
        var request = request(there, attempt);
        Creates.Created created;
        try {
            created = calls.call(there.account(), () -> ((Creates) there.provider()).create(there.account(), request));
        } catch (ProviderFailure failure) {
            failed(call, there.provider(), PaymentProvider.Call.CREATE, failure);
            return;
        } catch (Problem busy) { // nothing was sent
            finish.of(call, a -> a.notSent("busy", afterNothingSent(a)));
            throw busy;
        }
        var now = clock.instant();
        var until = created.prompt().life().map(now::plus).orElse(null);
        var stored = prompts.stored(attempt, created.prompt());
        finish.of(call, a -> {
            a.numberedByProvider(created.providerNo());
            a.shown(stored, until, schedule.next(a, now));
        });
    }

    /**
     * Takes money with a payment code, once. A payment that the provider reports is applied like any other report.
     * While the payer types a password, or if no answer came, the sweeper queries every few seconds and reverses the
     * payment at its end.
     */
    void collect(ClaimedCall call, PaymentCode code) {
        var attempt = call.attempt();
        var there = accounts.atProvider(attempt);
        var codes = (Codes) there.provider();
        var request = request(there, attempt);
        ProviderReport report;
        try {
            report = calls.call(there.account(), () -> codes.collect(there.account(), request, code));
        } catch (ProviderFailure failure) {
            if (!mayBeCollecting(there.provider(), failure)) {
                failed(call, there.provider(), PaymentProvider.Call.CODE_PAY, failure);
                return;
            }
            failures.log(
                    attempt.accountId(), "payment code of " + attempt.attemptNo() + ", which is queried now", failure);
            finish.of(call, a -> a.shown(NO_PROMPT, null, soon()));
            return;
        } catch (Problem busy) { // nothing was sent
            finish.of(call, a -> a.notSent("busy", soon()));
            throw busy;
        }
        if (report instanceof ProviderReport.Paid) {
            applyReport.apply(attempt.key(), report, ApplyReport.Source.QUERY);
            ifNotPaid(call, a -> a.shown(NO_PROMPT, null, soon()));
        } else if (report instanceof ProviderReport.Closed) {
            finish.of(call, Attempt::closed);
        } else {
            finish.of(call, a -> a.shown(NO_PROMPT, null, schedule.next(a, clock.instant())));
        }
    }

    /**
     * Whether the payer may have paid, or may still pay, although the call failed: no usable answer came, or a refusal
     * whose code the provider's dictionary does not know, or says to query first. No prompt limits who can pay here, so
     * that such an attempt is queried and at its end reversed, and does not fail.
     */
    private static boolean mayBeCollecting(PaymentProvider provider, ProviderFailure failure) {
        return switch (failure.kind()) {
            case UNREACHABLE -> false;
            case OUTCOME_UNKNOWN, NOT_AUTHENTIC -> true;
            case DECLINED ->
                provider.explain(PaymentProvider.Call.CODE_PAY, failure.providerCode(), "")
                                .retry()
                        == ProviderError.Retry.ASK_FIRST;
        };
    }

    private PaymentRequest request(AttemptAtProvider there, Attempt attempt) {
        var order = orders.byKey(attempt.orderKey()).orElseThrow();
        var stored = attempt.request();
        var payer = stored.payer();
        return new PaymentRequest(
                there.ref(),
                order.total(),
                order.subject(),
                stored.expiresAt(),
                stored.notifyUrl(),
                new Payer(payer.clientIp(), payer.openid(), Payer.Screen.valueOf(payer.screen()), payer.payMethod()),
                stored.returnUrl(),
                stored.other(),
                order.goods().map(CallProvider::json).orElse(JsonObject.EMPTY_JSON_OBJECT),
                session(there, order, payer.openid()));
    }

    /** The payer's session where the provider signs with it; it is not stored with the attempt. */
    private Optional<SessionKey> session(AttemptAtProvider there, PayOrder order, String openid) {
        if (!(there.provider() instanceof NeedsSession)) return Optional.empty();
        var appId = there.provider().identity(there.account()).appId();
        return sessions.of(new Sessions.Owner(order.merchantId(), order.mode(), appId, openid));
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    /**
     * Queries the provider about a call that may have reached it; false if it was paid or closed, so that nothing is
     * left to send.
     */
    private boolean mayBeSentAgain(ClaimedCall call) {
        ProviderReport report;
        try {
            report = queryAttempt.of(call.attempt()).orElse(null);
        } catch (ProviderFailure | Problem unanswered) {
            finish.of(call, a -> asBefore(a, unanswered.getMessage()));
            throw unanswered instanceof Problem busy ? busy : outcomeUnknown(call);
        }
        if (report instanceof ProviderReport.Paid) {
            ifNotPaid(call, a -> asBefore(a, NOT_ITS_OWN));
            return false;
        }
        if (report instanceof ProviderReport.Closed) {
            finish.of(call, Attempt::closed);
            return false;
        }
        return true;
    }

    /** Stores why the call failed, and throws the problem; returns if the next decision can do better. */
    private void failed(
            ClaimedCall call, PaymentProvider provider, PaymentProvider.Call kind, ProviderFailure failure) {
        failures.log(
                call.attempt().accountId(),
                "attempt " + call.attempt().attemptNo() + " at " + provider.name(),
                failure);
        switch (failure.kind()) {
            case UNREACHABLE -> finish.of(call, a -> a.notSent("unreachable", afterNothingSent(a)));
            case OUTCOME_UNKNOWN, NOT_AUTHENTIC -> finish.of(call, a -> a.unknown(failure.getMessage(), soon()));
            case DECLINED -> {
                if (numberIsSpent(provider, failure) && numberResolved(call)) return;
                var mayKnowNumber = mayKnowNumber(provider, kind, failure);
                finish.of(
                        call,
                        a -> a.refused(
                                failure.providerCode(), failure.getMessage(), mayKnowNumber, afterNothingSent(a)));
            }
        }
        if (sessionRefused(provider, failure)) throw ProblemType.SESSION_KEY.with();
        throw ProviderCalls.problem(provider, kind, failure);
    }

    /** The payer's session ended after it was checked. */
    private static boolean sessionRefused(PaymentProvider provider, ProviderFailure failure) {
        return failure.kind() == ProviderFailure.Kind.DECLINED
                && provider instanceof NeedsSession needing
                && needing.sessionRefused(failure.providerCode());
    }

    private static boolean numberIsSpent(PaymentProvider provider, ProviderFailure failure) {
        return provider instanceof Creates creates && creates.numberIsSpent(failure.providerCode());
    }

    /**
     * Whether the provider may know the number although it refused the call: it says so, or its dictionary advises
     * another number or a query, or does not know the code. Otherwise the next attempt carries the number again
     * (docs/adr/0008).
     */
    private static boolean mayKnowNumber(PaymentProvider provider, PaymentProvider.Call kind, ProviderFailure failure) {
        if (numberIsSpent(provider, failure)) return true;
        return switch (provider.explain(kind, failure.providerCode(), "").retry()) {
            case NO, SAME_LATER -> false;
            case NEW_NUMBER, NEW_CODE, ASK_FIRST -> true;
        };
    }

    /**
     * The provider refuses the number because it had it before. If this software may have sent it and it was paid, the
     * query applies the payment; otherwise the next round takes a generated number.
     *
     * @return false if it is a refusal like any other: of a generated number, or of one whose prompt is shown already
     */
    private boolean numberResolved(ClaimedCall call) {
        var attempt = call.attempt();
        var order = orders.byKey(attempt.orderKey()).orElseThrow();
        if (!attempt.attemptNo().equals(order.outTradeNo()) || attempt.byPaymentCode()) return false;
        if (attempt.prompt().isPresent()) return false;
        try {
            var perhapsOurs = call.queryFirst() || attempts.carriedBefore(attempt);
            if (perhapsOurs && queryAttempt.of(attempt).orElse(null) instanceof ProviderReport.Paid) {
                ifNotPaid(call, a -> a.unknown(NOT_ITS_OWN, soon()));
                return true;
            }
        } catch (ProviderFailure | Problem unanswered) {
            finish.of(call, a -> a.unknown(unanswered.getMessage(), soon()));
            throw unanswered instanceof Problem busy ? busy : outcomeUnknown(call);
        }
        finish.of(call, a -> a.numberWasUsed(QuerySchedule.often(a, clock.instant())));
        return true;
    }

    /** When an attempt is queried that still lives after a call that opened nothing. */
    private Instant afterNothingSent(Attempt attempt) {
        return attempt.outcomeUnknown() ? QuerySchedule.often(attempt, clock.instant()) : soon();
    }

    /** The query brought nothing new: the payer's prompt still works, and an unknown outcome stays unknown. */
    private void asBefore(Attempt attempt, String why) {
        var next = QuerySchedule.often(attempt, clock.instant());
        if (attempt.prompt().isPresent()) attempt.shownAsBefore(next);
        else attempt.unknown(why, next);
    }

    /**
     * A payment was applied that may not be the attempt's own: for another merchant or application, or older. Then the
     * order needs a person, and the attempt waits for its end.
     */
    private void ifNotPaid(ClaimedCall call, Consumer<Attempt> result) {
        var attempt = attempts.byKey(call.attempt().key()).orElseThrow();
        if (attempt.claimedBy(call.claim())) finish.of(call, result);
    }

    private static Problem outcomeUnknown(ClaimedCall call) {
        return ProviderCalls.outcomeUnknown(call.attempt().provider());
    }

    private Instant soon() {
        return clock.instant().plus(SOON);
    }
}
