package io.cashdesk.refund;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OpenReason;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.MakesRefunds;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SellsInStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Refunds a payment. The refund is stored and committed before the provider is called ({@link StoreRefund}), no
 * transaction is open during the call, and the number stays the same through every retry.
 */
@ApplicationScoped
public class RefundPayment {
    /** When a refund is queried whose request ended without a usable answer. */
    private static final Duration SOON = Duration.ofSeconds(5);

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    @Inject
    StoreRefund store;

    @Inject
    ApplyRefundReport applyRefundReport;

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
    Event<PayOrderChanged> changes;

    @Inject
    Signals signals;

    @Inject
    Clock clock;

    /**
     * What a merchant wants refunded.
     *
     * @param outRefundNo the merchant's number, or empty: {@code <out_trade_no>-<n>}
     * @param amount in fen, or empty: everything that is left
     * @param callback the name of the endpoint that receives the result in CloudPay's shape, or null
     */
    public record Wish(Optional<String> outRefundNo, Optional<Long> amount, String reason, String callback) {}

    /** The refund, requested at the provider now or before; a problem if it cannot be. */
    public Refund of(PayOrder order, Wish wish) {
        var stored = transactions.inNew(() -> store.of(order.key(), wish));
        stored.call().ifPresent(this::request);
        return refunds.byKey(stored.refund()).orElseThrow();
    }

    /**
     * Stores a refund of a late or duplicate payment, all of it, in the transaction that is open, under the order's
     * lock. The sweeper makes the call.
     *
     * @return false if this provider cannot refund, or what was bought stays with the payer ({@link #besideRefund});
     *     then an operator must decide
     */
    public boolean ofStray(PayOrder order, Receipt receipt) {
        return store.ofStray(order, receipt);
    }

    /** What a merchant must do beside a refund at this provider, because it does not take back what was bought. */
    public Optional<LocalizedText> besideRefund(PayOrder order, String provider) {
        return store.besideRefund(order, provider);
    }

    /**
     * Stores a refund of all that is left of a held payment, as it was decided ({@link RefundCause#HELD}), as
     * {@link #ofStray} does.
     *
     * @return false if this provider cannot refund
     */
    public boolean ofHeld(PayOrder order, Receipt receipt) {
        return store.ofStray(order, receipt, RefundCause.HELD);
    }

    /**
     * A refund that the provider's store has made by itself, of the payment that pays the order: stored and ended, in
     * the transaction that is open, under the order's lock.
     *
     * @param all whether nothing of the payment is left
     * @param done what the store reports; its amount is what is refunded
     */
    public void byStore(PayOrder order, Receipt receipt, boolean all, RefundReport.Succeeded done) {
        var refund = store.external(order, receipt, done.refundNo(), done.amount(), "");
        if (all) refund.markAsAll();
        applyRefundReport.apply(refund.key(), done);
    }

    /** Whether {@link #abandon} can stop the refund of this payment at this moment. */
    public boolean canBeAbandoned(PayOrder order, Receipt receipt) {
        return store.canBeAbandoned(order, receipt);
    }

    /**
     * Stops the automatic refund of a payment that an operator has dealt with in another way, in the transaction that
     * is open, under the order's lock. The payment is held again, and the merchant is notified that the refund failed.
     *
     * @return false if the refund may have been sent or is being called, so that only the provider's report can end it
     */
    public boolean abandon(PayOrder order, Receipt receipt) {
        var abandoned = store.abandon(order, receipt);
        abandoned.ifPresent(refund -> fireFailed(order, refund));
        return abandoned.isPresent();
    }

    /** What an operator found in the provider's console about a refund whose outcome the provider does not report. */
    public enum Finding {
        /** The payer has the money. */
        REFUNDED,
        /** It did not happen, and will not: the money is still the merchant's. */
        NOT_REFUNDED
    }

    /**
     * Ends a refund that {@link Refund#needsDecision()}, as a report of the provider would, in the transaction that is
     * open, under the order's lock. What an operator had to find out about it is no longer open.
     *
     * @param held the order's payments about which an operator must decide
     * @param evidence who decided and why: JSON
     */
    public void decide(PayOrder order, Refund refund, Finding finding, List<Receipt> held, String evidence) {
        var settled = order.openReasons().stream()
                .filter(reason -> ApplyRefundReport.isAbout(reason.text(), refund))
                .map(OpenReason::id)
                .collect(Collectors.toSet());
        var others =
                held.stream().filter(r -> !r.id().equals(refund.receiptId())).toList();
        order.decided(settled, others);
        var refundId = refund.refundId().orElse("");
        applyRefundReport.apply(
                refund.key(),
                switch (finding) {
                    case REFUNDED ->
                        new RefundReport.Succeeded(refund.refundNo(), refundId, null, null, clock.instant(), evidence);
                    case NOT_REFUNDED -> new RefundReport.Closed(refund.refundNo(), refundId, evidence);
                });
    }

    private void fireFailed(PayOrder order, Refund refund) {
        changes.fire(new PayOrderChanged(
                order, PayOrderChanged.Kind.REFUND_FAILED, refund.id(), ApplyRefundReport.details(refund)));
    }

    /**
     * Goes on with a refund whose outcome is unknown, or whose node died: queries the provider, and sends the same
     * request again if the provider does not know it, and has a number by which it would recognise a repetition.
     */
    public void resume(RefundKey key) {
        var now = clock.instant();
        var lease = Lease.take(now, calls.lease());
        var before = transactions.inNew(() -> {
            orders.locked(key.order());
            var refund = refunds.locked(key);
            if (refund.beingCalled(now) || refund.state().ended()) return null;
            var state = refund.state();
            refund.queried(refund.nextQuery(now));
            if (state.sentAgain()) refund.requested(lease);
            return state;
        });
        if (before == null) return;
        if (before.sentAgain()) request(new ClaimedRefund(key, lease.claim(), before, true));
        else query(key);
    }

    /** Queries the provider about a refund and applies the answer. */
    public RefundReport query(RefundKey key) {
        var refund = refunds.byKey(key).orElseThrow();
        var request = request(refund);
        var account = account(refund);
        var provider = refunding(providers, account.provider().value());
        // what was not sent cannot be there, and what stands there in its place would be another refund
        var report = !provider.repeatable(account) && refund.state().sentAgain() && !refund.wasMaybeSent()
                ? new RefundReport.Absent(refund.refundNo(), "{}")
                : calls.call(account, () -> provider.queryRefund(account, request));
        applyRefundReport.apply(key, report);
        return report;
    }

    /**
     * Queries the provider about a refund that is not ours, of which a notification says that it returned this
     * attempt's payment; if there is one, it is that of a payer's request, or an operator must decide.
     *
     * @param number the refund's number there, the merchant's or the provider's own
     * @throws ProviderFailure if no verified answer came
     */
    public void queryOutside(Attempt attempt, String number) {
        var there = accounts.atProvider(attempt);
        var provider = refunding(providers, attempt.provider());
        var total = orders.byKey(attempt.orderKey()).orElseThrow().total();
        var request = new RefundRequest(
                there.ref(),
                "",
                number,
                number,
                total,
                total,
                "",
                attempt.request().notifyUrl());
        var report = calls.call(there.account(), () -> provider.queryRefund(there.account(), request));
        var nothing = report instanceof RefundReport.Absent
                || report instanceof RefundReport.Undecided
                || report instanceof RefundReport.ToBeDecided;
        if (nothing) return;
        applyRefundReport.applyUnknown(attempt.key(), report);
    }

    private void request(ClaimedRefund call) {
        var refund = refunds.byKey(call.refund()).orElseThrow();
        var account = account(refund);
        var provider = refunding(providers, account.provider().value());
        if (call.queryFirst() && !mayBeSent(call, provider.repeatable(account), refund.wasMaybeSent())) return;
        try {
            var report = calls.call(account, () -> provider.refund(account, request(refund)));
            applyRefundReport.apply(refund.key(), report);
            // requested and not known there: the provider has not stored it yet
            if (report instanceof RefundReport.Absent || report instanceof RefundReport.Undecided) {
                finish(call, CallOutcome.UNKNOWN, "not found right after it was asked for");
            }
        } catch (ProviderFailure failure) {
            failed(call, account, failure);
        } catch (Problem busy) {
            finish(call, CallOutcome.NOT_SENT, "busy");
            throw busy;
        }
    }

    /**
     * Whether it may be sent, after a query: the provider does not have it, and either recognises a repetition or has
     * certainly never received it.
     *
     * @param repeatable whether a second request of the same number is no second refund
     * @param maybeSent whether it may have been sent before
     */
    private boolean mayBeSent(ClaimedRefund call, boolean repeatable, boolean maybeSent) {
        try {
            var report = query(call.refund());
            if (report instanceof RefundReport.Absent) {
                if (repeatable || !maybeSent) return true;
                finish(call, CallOutcome.NOT_FOUND, "the provider does not have it; it is not sent a second time");
            } else if (report instanceof RefundReport.Undecided) {
                finish(call, CallOutcome.QUERY_UNANSWERED, "the provider does not show what became of it");
            }
            return false;
        } catch (ProviderFailure unanswered) {
            finish(call, CallOutcome.ofQuery(unanswered.kind()), why(unanswered));
            return false;
        } catch (Problem busy) {
            finish(call, CallOutcome.QUERY_UNANSWERED, "busy");
            throw busy;
        }
    }

    /** Stores the failure; a problem if the refund ended by it, so that the merchant learns why. */
    private void failed(ClaimedRefund call, AccountSettings account, ProviderFailure failure) {
        var provider = providers.named(account.provider().value());
        failures.log(account.id(), "refund " + call.refund().id() + " at " + account.provider(), failure);
        var error = provider.explain(
                PaymentProvider.Call.REFUND, failure.providerCode(), String.valueOf(failure.getMessage()));
        var state = finish(call, CallOutcome.of(failure.kind(), error), why(failure));
        if (state == RefundState.FAILED) {
            throw ProviderCalls.problem(provider, PaymentProvider.Call.REFUND, failure);
        }
    }

    private static String why(ProviderFailure failure) {
        return failure.kind() == ProviderFailure.Kind.UNREACHABLE
                ? "unreachable"
                : (failure.providerCode() + " " + failure.getMessage()).strip();
    }

    /**
     * Stores the end of a call that brought no report, if its claim still holds; order, receipt and refund are locked
     * in this order. Only what has changed since the call before becomes an event of the order.
     *
     * @return the refund's state now
     */
    private RefundState finish(ClaimedRefund call, CallOutcome outcome, String why) {
        var known = refunds.byKey(call.refund()).orElseThrow();
        return transactions.inNew(() -> {
            var order = orders.locked(known.orderKey());
            var receipt = receipts.locked(known.orderKey(), known.receiptId());
            var refund = refunds.locked(call.refund());
            if (!refund.claimedBy(call.claim())) return refund.state();
            var now = clock.instant();
            if (outcome == CallOutcome.UNKNOWN) refund.maybeSent(now);
            var state = outcome.next(refund.wasMaybeSent(), refund.cause().ofStrayPayment(), !call.queryFirst());
            var changed = state != call.before() || !refund.failure().equals(Optional.of(why));
            switch (state) {
                case FAILED -> refused(call, order, receipt, refund, why);
                case WAITING -> refund.waiting(why, nextQuery(call, refund, now));
                default -> refund.unknown(why, now, nextQuery(call, refund, now));
            }
            if (state != RefundState.FAILED) requirePersonIfStuck(order, receipt, refund, now);
            if (outcome == CallOutcome.NOT_FOUND && refund.missing(now)) {
                ApplyRefundReport.requireDecision(order, receipt, refund);
            }
            if (changed) {
                order.moneyChanged();
                transactions.afterCommit(() -> signals.changed(order.id()));
                var kind = "refund." + state.name().toLowerCase(Locale.ROOT);
                orders.record(new OrderEvent(known.orderKey(), null, now, kind, why));
            }
            return state;
        });
    }

    private static Instant nextQuery(ClaimedRefund call, Refund refund, Instant now) {
        var next = refund.nextQuery(now);
        var soon = now.plus(SOON);
        return call.queryFirst() && next.isAfter(soon) ? next : soon;
    }

    private void refused(ClaimedRefund call, PayOrder order, Receipt receipt, Refund refund, String why) {
        refund.failed(why, clock.instant());
        receipt.release(refund.amount());
        if (refund.cause().ofStrayPayment()) {
            order.requirePerson(ApplyRefundReport.strayRefundFailed(refund) + ": " + why, receipt);
        }
        // the first call's caller gets the refusal as the answer; of a repetition the sweeper may be the caller, so the
        // merchant is notified as well
        if (call.queryFirst()) fireFailed(order, refund);
    }

    private void requirePersonIfStuck(PayOrder order, Receipt receipt, Refund refund, Instant now) {
        if (!refund.stuck(now) || !refund.requirePerson(Refund.Concern.STUCK)) return;
        String reason;
        if (refund.cause().ofStrayPayment()) {
            reason = "the " + refund.cause().word() + " payment of " + refund.amount()
                    + " could not be sent back for 24 hours; it is still tried ("
                    + ApplyRefundReport.about(refund) + ")";
            order.requirePerson(reason, receipt);
        } else {
            reason = ApplyRefundReport.about(refund)
                    + " may have been sent, but for 24 hours the provider has neither found nor accepted it; look in its console";
            order.requirePerson(reason);
        }
        orders.record(new OrderEvent(order.key(), null, now, "refund.stuck", reason));
    }

    private RefundRequest request(Refund refund) {
        var receipt = receipts.byId(refund.orderKey(), refund.receiptId()).orElseThrow();
        var attempt = attempts.byKey(receipt.attempt()).orElseThrow();
        return new RefundRequest(
                accounts.atProvider(attempt).ref(),
                receipt.transactionId(),
                refund.refundNo(),
                refund.refundId().orElse(""),
                refund.amount(),
                receipt.amount(),
                refund.reason(),
                URI.create(settings.baseUrl() + "/notify/" + attempt.provider() + "/" + attempt.accountId()));
    }

    private AccountSettings account(Refund refund) {
        return accounts.of(refund.merchantId(), refund.accountId())
                .orElseThrow()
                .settings();
    }

    static MakesRefunds refunding(Providers providers, String name) {
        var named = providers.named(name);
        if (named instanceof MakesRefunds provider) return provider;
        if (named instanceof SellsInStore) {
            throw ProblemType.notSupported(
                    new LocalizedText("在 " + name + " 退款", "refund at " + name),
                    new LocalizedText(
                            "在应用商店中的购买只能由商店退款，请付款人向商店申请；商店退款后订单状态会自动更新",
                            "only the store itself refunds its purchases: have the payer request it there; the order"
                                    + " shows the refund as soon as the store reports it"));
        }
        throw ProblemType.notSupported(
                new LocalizedText("在 " + name + " 退款", "refund at " + name),
                new LocalizedText("请通过其他方式退还款项", "pay the money back by other means"));
    }
}
