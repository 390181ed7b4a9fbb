package io.cashdesk.settlement;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OpenReason;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderError.Retry;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SettlementReport;
import io.cashdesk.provider.SettlementRequest;
import io.cashdesk.provider.Settles;
import io.cashdesk.refund.PayerRefundRequests;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Requests settlements and stores what came of them. The request is stored and committed before the provider is called,
 * no transaction is open during the call, and the number stays the same through every retry. What was sent without a
 * usable answer is queried before it is sent again. Nothing is settled while a refund of the payment is under way, or
 * the payer's request for one is open.
 */
@ApplicationScoped
public class SettlePayment {
    /** Why a payment that does not pay its order is not settled yet. */
    static final String UNDECIDED =
            "the payment does not pay its order: decide what becomes of it, or wait for its refund";

    /** The kinds of the evidence of a settlement. */
    private static final String EVIDENCE = "settlement.";

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Settlements settlements;

    @Inject
    PayerRefundRequests refundRequests;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    ProviderCalls calls;

    @Inject
    FailureLog failures;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * A call to be made under a claim.
     *
     * @param queryFirst whether it may have been sent before, so that the provider is queried first
     * @param queryOnly whether the provider has accepted it, so that nothing is sent
     */
    private record Claimed(SettlementKey key, UUID claim, boolean queryFirst, boolean queryOnly) {
        /** Whether it is requested for the first time, so that none of ours can be there. */
        boolean isNew() {
            return !queryFirst;
        }
    }

    /** What is left of a payment: not refunded. */
    static Money left(Receipt receipt) {
        return new Money(
                receipt.amount().minor() - receipt.refunded().minor(),
                receipt.amount().currency());
    }

    private static boolean isBeingRefunded(Receipt receipt) {
        return receipt.reserved().minor() > receipt.refunded().minor();
    }

    /** Whether it is still open if the money stays here: an operator must decide, or it is being refunded. */
    static boolean undecided(Receipt receipt) {
        return receipt.disposition() == Receipt.Disposition.HELD
                || receipt.disposition() == Receipt.Disposition.RETURNING;
    }

    /**
     * Settles the order's payment now, or tries again what has failed; outside of any transaction. A repetition while
     * it is tried, or after it has succeeded, makes no second request.
     *
     * @param by who wants it
     * @return the settlement, after the provider's answer or without one
     * @throws Problem there is no such order, it is not paid, its provider does not keep the money, it was settled
     *     without a person, nothing is left of it, or a refund is under way
     */
    public Settlement now(UUID merchant, Mode mode, String outTradeNo, String by) {
        var order = orders.keyByNumber(merchant, mode, outTradeNo)
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(outTradeNo));
        var known = new SettlementKey[1];
        var claimed = transactions.inNew(() -> {
            var locked = orders.locked(order);
            known[0] = key(locked);
            return begin(locked, known[0], by);
        });
        claimed.ifPresent(this::call);
        return settlements.byKey(known[0]).orElseThrow();
    }

    private SettlementKey key(PayOrder order) {
        var number = order.outTradeNo();
        var known = settlements.of(order.key());
        if (!order.paid() && known.isEmpty()) throw ProblemType.ORDER_UNPAID.with(number);
        return chosen(order, known).orElseThrow(() -> {
            var provider = receipts.byId(order.key(), order.paidReceipt().orElseThrow())
                    .orElseThrow()
                    .provider();
            return ProblemType.notSupported(
                    new LocalizedText("结算订单 " + number, "settling order " + number),
                    new LocalizedText(
                            provider + " 收款后即入账，无需结算",
                            provider + " does not keep the money, so nothing is to be settled"));
        });
    }

    /** That of the payment that pays the order, unless it has ended and another payment of the order is unsettled. */
    private Optional<SettlementKey> chosen(PayOrder order, List<SettlementKey> known) {
        var all = known.stream().map(settlements::locked).toList();
        var counted = all.stream()
                .filter(s -> order.paidReceipt().filter(s.receiptId()::equals).isPresent())
                .findFirst();
        return counted.filter(s -> !s.state().ended())
                .or(() -> all.stream().filter(s -> !s.state().ended()).findFirst())
                .or(() -> counted)
                .or(() -> all.stream().findFirst())
                .map(Settlement::key);
    }

    private Optional<Claimed> begin(PayOrder order, SettlementKey key, String by) {
        var receipt = receipts.locked(order.key(), settlements.receiptOf(key));
        var settlement = settlements.locked(key);
        var number = order.outTradeNo();
        switch (settlement.state()) {
            case SETTLED -> {
                var cause = settlement.settledBy().orElseThrow();
                if (cause == Settlement.By.PERSON) return Optional.empty(); // a repetition
                throw ProblemType.SETTLED_BEFORE.with(
                        number,
                        settlement.finishedAt().orElseThrow(),
                        cause == Settlement.By.PROVIDER
                                ? new LocalizedText("由渠道完成", "by the provider")
                                : new LocalizedText("按 settleAfterDays 自动完成", "by the account's settleAfterDays"));
            }
            case NOT_NEEDED -> throw nothingLeft(number);
            case REQUESTING, UNKNOWN, PROCESSING -> {
                settlement.asked(by);
                return Optional.empty(); // the job goes on with it
            }
            case WAITING, FAILED -> {}
        }
        if (settlement.rest(left(receipt)).minor() == 0) throw nothingLeft(number);
        if (isHeldBack(order, receipt)) throw ProblemType.SETTLEMENT_REFUNDING.with(number);
        settlement.asked(by);
        record(order, settlement, "asked", by);
        return Optional.of(claim(settlement, receipt, false));
    }

    private static Problem nothingLeft(String number) {
        return ProblemType.SETTLEMENT_OF_NOTHING.with(number);
    }

    private boolean isHeldBack(PayOrder order, Receipt receipt) {
        return isBeingRefunded(receipt) || undecided(receipt) || refundRequests.undecided(order.key());
    }

    private Claimed claim(Settlement settlement, Receipt receipt, boolean queryFirst) {
        var now = clock.instant();
        var lease = Lease.take(now, calls.lease());
        settlement.requested(lease, left(receipt), now);
        return new Claimed(settlement.key(), lease.claim(), queryFirst, false);
    }

    /** Does what is due about a settlement, if its account still wants it; for the job. */
    public void resume(SettlementKey key) {
        transactions.inNew(() -> next(key)).ifPresent(this::call);
    }

    private Optional<Claimed> next(SettlementKey key) {
        var order = orders.locked(key.order()); // the first lock of every money transaction
        var receipt = receipts.locked(key.order(), settlements.receiptOf(key));
        var settlement = settlements.locked(key);
        var now = clock.instant();
        if (settlement.beingCalled(now)) return Optional.empty();
        return switch (settlement.state()) {
            case WAITING -> firstTry(order, receipt, settlement);
            case REQUESTING, UNKNOWN -> Optional.of(claim(settlement, receipt, true));
            case PROCESSING -> {
                settlement.queried(now);
                yield Optional.of(new Claimed(key, null, true, true));
            }
            case FAILED -> tryAgain(order, receipt, settlement);
            case SETTLED, NOT_NEEDED -> Optional.empty();
        };
    }

    /** What has failed by schedule, or is wanted again by a person. */
    private Optional<Claimed> tryAgain(PayOrder order, Receipt receipt, Settlement settlement) {
        if (settlement.askedBy().isEmpty() && settlement.dueAt().isEmpty()) {
            settlement.dueAgain(null);
            return Optional.empty();
        }
        return firstTry(order, receipt, settlement);
    }

    private Optional<Claimed> firstTry(PayOrder order, Receipt receipt, Settlement settlement) {
        var now = clock.instant();
        if (undecided(receipt)) {
            settlement.undecided(UNDECIDED); // the decision, or the end of the refund, makes it due
            return Optional.empty();
        }
        if (settlement.askedBy().isEmpty()) {
            var account = account(settlement);
            var due = HeldMoney.due(settling(settlement.provider()).settleAfterDays(account), settlement.paidAt());
            if (due == null || now.isBefore(due)) {
                settlement.due(due);
                return Optional.empty();
            }
        }
        if (settlement.rest(left(receipt)).minor() == 0) {
            settlement.notNeeded(now);
            return Optional.empty();
        }
        if (isHeldBack(order, receipt)) {
            settlement.waitsForRefund(now);
            return Optional.empty();
        }
        return Optional.of(claim(settlement, receipt, false));
    }

    private void call(Claimed call) {
        var settlement = settlements.byKey(call.key()).orElseThrow();
        var account = account(settlement);
        var settles = settling(settlement.provider());
        if (call.isNew() && !isLeft(call, account, settles, request(settlement))) return;
        if (call.queryFirst() && !mayBeSent(call, account, settles, request(settlement))) return;
        var sent = request(settlements.byKey(call.key()).orElseThrow());
        try {
            var report = calls.call(account, () -> settles.settle(account, sent));
            if (report instanceof SettlementReport.Absent) {
                finish(call, s -> {
                    s.maybeSent(clock.instant());
                    s.unknown("not found right after it was requested", clock.instant());
                });
            } else {
                apply(call.key(), report);
            }
        } catch (ProviderFailure failure) {
            failures.log(account.id(), "settlement " + settlement.settlementNo(), failure);
            refused(call, providers.named(settlement.provider()), failure);
        } catch (Problem busy) {
            finish(call, s -> s.notSent("busy", clock.instant()));
        }
    }

    /**
     * Whether something is left to settle, after a query about settlements that the provider has made without us. A
     * provider that refuses this query is not queried further: the request itself says what is left.
     */
    private boolean isLeft(Claimed call, AccountSettings account, Settles settles, SettlementRequest request) {
        List<SettlementReport.Succeeded> made;
        try {
            made = calls.call(account, () -> settles.settledWithoutUs(account, request));
        } catch (ProviderFailure | Problem unanswered) {
            failures.log(account.id(), "query before settlement " + request.settlementNo(), unanswered);
            if (unanswered instanceof ProviderFailure failure && failure.kind() == ProviderFailure.Kind.DECLINED) {
                return true;
            }
            finish(call, s -> s.notSent("the query before it was not answered", clock.instant()));
            return false;
        }
        made.forEach(report -> apply(call.key(), report));
        return made.isEmpty() || transactions.inNew(() -> restIsSent(call));
    }

    private boolean restIsSent(Claimed call) {
        orders.locked(call.key().order());
        var receipt = receipts.locked(call.key().order(), settlements.receiptOf(call.key()));
        var settlement = settlements.locked(call.key());
        return settlement.claimedBy(call.claim()) && settlement.restRequested(left(receipt));
    }

    /** Whether it may be sent, after a query: the provider does not have it, and nothing holds it back. */
    private boolean mayBeSent(Claimed call, AccountSettings account, Settles settles, SettlementRequest request) {
        SettlementReport report;
        try {
            report = calls.call(account, () -> settles.querySettlement(account, request));
        } catch (ProviderFailure | Problem unanswered) {
            failures.log(account.id(), "query of settlement " + request.settlementNo(), unanswered);
            if (call.queryOnly()) requirePersonIfStuck(call.key());
            else finish(call, s -> s.unknown("the query was not answered", clock.instant()));
            return false;
        }
        if (!(report instanceof SettlementReport.Absent)) {
            apply(call.key(), report);
            return false;
        }
        if (call.queryOnly()) {
            requirePersonIfStuck(call.key());
            return false;
        }
        return transactions.inNew(() -> sentAgain(call));
    }

    private boolean sentAgain(Claimed call) {
        var order = orders.locked(call.key().order());
        var receipt = receipts.locked(call.key().order(), settlements.receiptOf(call.key()));
        var settlement = settlements.locked(call.key());
        if (!settlement.claimedBy(call.claim())) return false;
        var now = clock.instant();
        var heldBack = isHeldBack(order, receipt);
        var rest = settlement.rest(left(receipt)).minor();
        if (!heldBack && rest > 0 && settlement.sentAgain(left(receipt), now)) return true;
        settlement.unknown(
                heldBack ? "a refund of the payment is under way" : "not found, and money was refunded since", now);
        if (!heldBack && rest == 0 && settlement.missing(now)) settlement.notNeeded(now);
        return false;
    }

    private void refused(Claimed call, PaymentProvider provider, ProviderFailure failure) {
        var now = clock.instant();
        var why = (failure.providerCode() + " " + failure.getMessage()).strip();
        var retry = failure.kind() == ProviderFailure.Kind.DECLINED
                ? provider.explain(
                                PaymentProvider.Call.SETTLE,
                                failure.providerCode(),
                                String.valueOf(failure.getMessage()))
                        .retry()
                : Retry.ASK_FIRST;
        finish(call, s -> {
            if (failure.kind() == ProviderFailure.Kind.UNREACHABLE || retry == Retry.SAME_LATER) {
                s.notSent(failure.kind() == ProviderFailure.Kind.UNREACHABLE ? "unreachable" : why, now);
            } else if (isFinal(failure, retry, s)) {
                s.failed(why, false, now);
            } else {
                s.maybeSent(now);
                s.unknown(why, now);
            }
        });
    }

    /**
     * Whether a refusal ends it. The refusal of a repetition does not say what became of the first call; once that
     * would be shown, the query before this call has proved that it did not arrive.
     */
    private boolean isFinal(ProviderFailure failure, Retry retry, Settlement settlement) {
        if (failure.kind() != ProviderFailure.Kind.DECLINED) return false;
        return settlement.wasMaybeSent() ? settlement.missing(clock.instant()) : retry != Retry.ASK_FIRST;
    }

    /** Stores the end of a call that brought no report, if its claim still holds. */
    private void finish(Claimed call, Consumer<Settlement> end) {
        transactions.runInNew(() -> {
            var order = orders.locked(call.key().order());
            var settlement = settlements.locked(call.key());
            if (!settlement.claimedBy(call.claim())) return;
            end.accept(settlement);
            if (settlement.state() == SettlementState.FAILED) hasFailed(order, settlement);
            else stuck(order, settlement);
        });
    }

    private void requirePersonIfStuck(SettlementKey key) {
        transactions.runInNew(() -> stuck(orders.locked(key.order()), settlements.locked(key)));
    }

    private void stuck(PayOrder order, Settlement settlement) {
        if (!settlement.requiresPerson(clock.instant())) return;
        order.requirePerson(about(settlement) + " has been tried in vain for long, and is still tried: "
                + settlement.failure().orElse("the provider has not ended it") + "; look in the console of "
                + settlement.provider());
        record(order, settlement, "stuck", settlement.failure().orElse(""));
    }

    private void hasFailed(PayOrder order, Settlement settlement) {
        var why = settlement.failure().orElse("");
        var reason = about(settlement) + " of " + settlement.amount() + " was refused by " + settlement.provider()
                + ": " + why
                + "; put right what it names, then settle the order again, or settle it in the provider's console";
        if (order.openReasons().stream().noneMatch(r -> r.text().equals(reason))) { // it may fail every day
            close(order, about(settlement) + " of ");
            order.requirePerson(reason);
        }
        record(order, settlement, "failed", why);
    }

    /** How reasons name the settlement of one payment. */
    private String about(Settlement settlement) {
        var receipt =
                receipts.byId(settlement.key().order(), settlement.receiptId()).orElseThrow();
        return "the settlement at " + settlement.provider() + " of payment " + receipt.transactionId();
    }

    /** Applies what the provider reports in a notification; within a transaction that has locked the order. */
    void reported(SettlementKey key, SettlementReport report) {
        applyLocked(key, report);
    }

    private void apply(SettlementKey key, SettlementReport report) {
        transactions.runInNew(() -> applyLocked(key, report));
    }

    private void applyLocked(SettlementKey key, SettlementReport report) {
        var order = orders.locked(key.order());
        var receipt = receipts.locked(key.order(), settlements.receiptOf(key));
        var settlement = settlements.locked(key);
        var before = settlement.state();
        var ours = report.settlementNo().equals(settlement.settlementNo());
        var now = clock.instant();
        if (report instanceof SettlementReport.Succeeded done) {
            if (before == SettlementState.SETTLED) return; // a repetition
            if (!settlesAll(settlement, receipt, done, ours)) {
                paidInPart(order, settlement, receipt, done, ours);
                return;
            }
            settlement.settled(
                    ours && before != SettlementState.WAITING ? settlement.cause() : Settlement.By.PROVIDER,
                    done.settlementId(),
                    done.amount(),
                    done.at() == null ? now : done.at(),
                    done.evidence());
            close(order, about(settlement));
        } else if (ours && isOpen(before)) {
            if (report instanceof SettlementReport.Processing going) {
                settlement.processing(going.settlementId(), going.evidence(), now);
                stuck(order, settlement);
            } else if (report instanceof SettlementReport.Failed failed) {
                settlement.failed(failed.why(), true, now);
                hasFailed(order, settlement);
            }
        }
        if (settlement.state() != before && settlement.state() != SettlementState.FAILED) {
            record(order, settlement, settlement.state().name().toLowerCase(Locale.ROOT), report.evidence());
        }
    }

    /**
     * Whether nothing is kept any more: it is of what was requested or is left, with the provider's fees or without
     * them; or of more than is left and not more than the payment, because it was made before a refund. A settlement of
     * ours that has no amount is of all that was requested.
     */
    private static boolean settlesAll(
            Settlement settlement, Receipt receipt, SettlementReport.Succeeded done, boolean ours) {
        if (done.amount() == null) return ours;
        if (!done.amount().currency().equals(settlement.amount().currency())) return false;
        var rest = settlement.rest(left(receipt)).minor();
        var net = done.amount().minor();
        var gross = net + done.fees();
        if (ours
                && (net == settlement.amount().minor()
                        || gross == settlement.amount().minor())) return true;
        return net == rest
                || gross == rest
                || (net > rest && net <= receipt.amount().minor());
    }

    /** The rest stays unsettled, and a person must look: a part was paid out, or it is not known how much. */
    private void paidInPart(
            PayOrder order, Settlement settlement, Receipt receipt, SettlementReport.Succeeded done, boolean ours) {
        var now = clock.instant();
        var number = Stream.of(done.settlementId(), done.settlementNo(), "unnamed")
                .map(text -> text.replaceAll("\\s", ""))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseThrow();
        if (settlement.hasPart(number)) return; // a repetition
        var rest = settlement.rest(left(receipt));
        var isPart = done.amount() != null
                && done.amount().currency().equals(rest.currency())
                && done.amount().minor() < rest.minor();
        var part = isPart ? done.amount() : new Money(0, rest.currency());
        settlement.partPaidOut(number, part, left(receipt));
        var what = about(settlement) + ": " + settlement.provider() + " reports a settlement " + number + " of "
                + (done.amount() == null ? "an amount that it does not say" : done.amount()) + " where " + rest
                + " is kept; look in the console of " + settlement.provider() + " what is settled";
        if (ours && isOpen(settlement.state())) settlement.restStays(left(receipt), what, now);
        order.requirePerson(what);
        record(order, settlement, "part", done.evidence());
    }

    private static boolean isOpen(SettlementState state) {
        return state == SettlementState.REQUESTING
                || state == SettlementState.UNKNOWN
                || state == SettlementState.PROCESSING;
    }

    /** What a person had to do about it is done. */
    private void close(PayOrder order, String beginning) {
        var reasons = order.openReasons().stream()
                .filter(reason -> reason.text().startsWith(beginning))
                .map(OpenReason::id)
                .collect(Collectors.toSet());
        if (!reasons.isEmpty()) order.decided(reasons, List.of());
    }

    private void record(PayOrder order, Settlement settlement, String what, String detail) {
        orders.record(new OrderEvent(order.key(), settlement.attempt().id(), clock.instant(), EVIDENCE + what, detail));
    }

    private SettlementRequest request(Settlement settlement) {
        var attempt = attempts.byKey(settlement.attempt()).orElseThrow();
        var receipt =
                receipts.byId(settlement.key().order(), settlement.receiptId()).orElseThrow();
        return new SettlementRequest(
                accounts.atProvider(attempt).ref(),
                receipt.transactionId(),
                settlement.settlementNo(),
                settlement.amount(),
                URI.create(settings.baseUrl() + "/notify/" + attempt.provider() + "/" + attempt.accountId()));
    }

    private AccountSettings account(Settlement settlement) {
        return accounts.of(settlement.key().order().merchantId(), settlement.accountId())
                .orElseThrow()
                .settings();
    }

    private Settles settling(String provider) {
        if (providers.named(provider) instanceof Settles settles) return settles;
        throw new IllegalStateException(provider + " keeps no money");
    }
}
