package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.ExpiredOrders;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.QuerySchedule;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.ReceiptChanged;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.OriginalData;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.SellsInStore;
import io.cashdesk.refund.RefundPayment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.io.StringReader;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Applies what a provider reports of an attempt. A notification, the answer to a query and the answer to a close all
 * become a {@link ProviderReport} and come here (docs/adr/0001): the order is locked, amount, currency, merchant and
 * application are checked, and the receipt, the evidence and (through {@link PayOrderChanged}) the outbox are written,
 * all in one transaction.
 */
@ApplicationScoped
public class ApplyReport {
    private static final Logger LOG = Logger.getLogger(ApplyReport.class);

    /** The kind of the evidence of a payment that is not ours; stored once. */
    private static final String REFUSED = "money.refused";

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    ExpiredOrders expiredOrders;

    @Inject
    Merchants merchants;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    RefundPayment refundPayment;

    @Inject
    CountReceipt countReceipt;

    @Inject
    Transactions transactions;

    @Inject
    Signals signals;

    @Inject
    Event<PayOrderChanged> changes;

    @Inject
    Event<ReceiptChanged> strays;

    @Inject
    Clock clock;

    /**
     * Where a report comes from.
     *
     * @param notification the authentic notification that it was read from, or that made us query; empty if the
     *     provider answered a call of ours without one
     */
    public record Source(Optional<OriginalData> notification) {
        /** The provider answered a call of ours. */
        public static final Source QUERY = new Source(Optional.empty());

        public static Source notification(OriginalData original) {
            return new Source(Optional.of(original));
        }
    }

    /** Applies a report about one of our attempts. A repetition changes nothing. */
    public void apply(AttemptKey key, ProviderReport report, Source source) {
        transactions.runInCurrentOrNew(() -> applyLocked(key, report, source));
    }

    /** The payment of this attempt, if it is stored, keeps this message, unless it was notified by another before. */
    void notified(AttemptKey key, Source source) {
        orders.locked(key.order());
        receipts.of(key.order()).stream()
                .filter(receipt -> receipt.attempt().equals(key))
                .forEach(receipt -> keepNotification(receipt, source));
    }

    private void applyLocked(AttemptKey key, ProviderReport report, Source source) {
        var order = orders.locked(key.order()); // the first statement of every money transaction
        var attempt = attempts.locked(key);
        if (report instanceof ProviderReport.Paid paid) {
            applyPaid(order, attempts.lockedForPayment(key), paid.orOf(order.total()), source);
        } else if (report instanceof ProviderReport.Closed) {
            if (!attempt.beingCalled(clock.instant())) applyClosed(order, attempt);
        } else if (report instanceof ProviderReport.Absent) {
            if (!attempt.beingCalled(clock.instant()) && attempt.ended(clock.instant())) applyEnded(order, attempt);
        } else if (report instanceof ProviderReport.Unpaid unpaid) {
            if (!unpaid.payerIsPaying() && endsHere(order, attempt)) applyEnded(order, attempt);
        } else if (report instanceof ProviderReport.Unclear) {
            if (QuerySchedule.mayEndUnclear(attempt, clock.instant()) && endsHere(order, attempt)) {
                applyEnded(order, attempt);
            }
        } else {
            throw new IllegalStateException("a report of a kind that is not applied: " + report.getClass());
        }
        if (attempt.watched() && QuerySchedule.watch(attempt, clock.instant()).isEmpty()) attempt.notWatchedAnyMore();
    }

    /**
     * Whether an unpaid attempt ends without the provider, which keeps no expiry: once its own end is over, and the
     * order's deadline too.
     */
    private boolean endsHere(PayOrder order, Attempt attempt) {
        var now = clock.instant();
        if (attempt.beingCalled(now) || !attempt.ended(now)) return false;
        if (order.takesAttempts() && now.isBefore(order.expiresAt())) return false;
        return !providerEnds(attempt);
    }

    /** Whether its provider was told until when it may be paid, so that no money can come after its end. */
    private boolean providerEnds(Attempt attempt) {
        var rules = providers.named(attempt.provider()).products().get(PayType.of(attempt.payType()));
        return rules == null || rules.keepsExpiry();
    }

    /** Whether the payer's client can still begin it after its end, so that the provider does not know it yet. */
    private boolean mayBeginLate(Attempt attempt) {
        return providers.named(attempt.provider()) instanceof Creates creates
                && creates.mayBeginLate(attempt.request().environment());
    }

    private void applyClosed(PayOrder order, Attempt attempt) {
        if (attempt.state() == AttemptState.PAID && attempt.byPaymentCode()) reversed(order, attempt);
        if (attempt.state().mayBePaid()) close(order, attempt);
    }

    /**
     * It has ended, and the provider has not closed it: where it keeps no expiry, or does not know the payment before
     * the payer begins it, money may still come.
     */
    private void applyEnded(PayOrder order, Attempt attempt) {
        if ((providerEnds(attempt) && !mayBeginLate(attempt))
                || !attempt.state().mayBePaid()) {
            applyClosed(order, attempt);
            return;
        }
        attempt.closedAndWatched(QuerySchedule.watch(attempt, clock.instant()).orElse(null));
        hasClosed(order, attempt);
    }

    private void close(PayOrder order, Attempt attempt) {
        attempt.closed();
        hasClosed(order, attempt);
    }

    private void hasClosed(PayOrder order, Attempt attempt) {
        record(order, attempt, "attempt.closed", "{}");
        expiredOrders.closeAfterAttempt(order, clock.instant());
        order.pageChanged();
        signalAfterCommit(order);
    }

    /**
     * A payment code was reversed at the moment in which it was paid: the provider has refunded the payer. Held money
     * of the attempt is not here any more. The payment that counts stays counted, because the merchant was notified of
     * it and may have delivered; the provider refuses a refund of it.
     */
    private void reversed(PayOrder order, Attempt attempt) {
        var known =
                orders.events(order.key(), OrderEvent.MONEY_REVERSED).stream().anyMatch(e -> e.isAbout(attempt.id()));
        if (known) return;
        receipts.of(order.key()).stream()
                .filter(r -> r.attempt().equals(attempt.key()))
                .filter(r -> r.disposition() == Receipt.Disposition.HELD)
                .forEach(Receipt::wentBack);
        var reason = "payment " + attempt.attemptNo() + " was reversed at " + attempt.provider()
                + " when it had just been paid; its money went back";
        LOG.warnf("Order %s: %s; needs a person", order.outTradeNo(), reason);
        order.requirePerson(reason);
        record(order, attempt, OrderEvent.MONEY_REVERSED, "{}");
        moneyChanged(order);
    }

    private void applyPaid(PayOrder order, Attempt attempt, ProviderReport.Paid paid, Source source) {
        var account = accounts.of(attempt.merchantId(), attempt.accountId()).orElseThrow();
        var us = providers.named(attempt.provider()).identity(account.settings());
        if (!PaidReportCheck.isToUs(attempt, us, paid)) {
            refuse(order, attempt, paid);
            return;
        }
        var known = known(order, attempt, paid);
        if (known.isPresent()) {
            if (known.get().attempt().equals(attempt.key())) keepNotification(known.get(), source);
            repeated(order, attempt);
            return;
        }

        var doubt = PaidReportCheck.doubt(order, attempt, paid).or(() -> ofEvent(order, attempt, paid));
        if (doubt.isPresent()) doubtful(order, attempt, paid, null, source, doubt.get());
        else arrived(order, attempt, paid, null, source);
        moneyChanged(order);
    }

    /**
     * A purchase in a provider's store that was never reported before; its order and the attempt are locked. Its amount
     * is the order's: what the store has charged is only information, and the amount of an order that has none.
     *
     * @param doubt why it cannot pay the order; empty if it can
     * @return how it is stored
     */
    Receipt bought(
            PayOrder order, Attempt attempt, Purchase purchase, Optional<PaidReportCheck.Doubt> doubt, Source source) {
        var price = Optional.ofNullable(purchase.paid().details().price())
                .filter(p -> p.currency().equals(order.total().currency()) && p.minor() > 0);
        if (doubt.isEmpty() && !order.paid()) price.ifPresent(order::costs);
        var amount = doubt.flatMap(why -> price).orElse(order.total());
        var paid = purchase.paid().ofAttempt(attempt.attemptNo()).of(amount);
        var sale = new Receipt.Sale(
                paid.details().goods().toString(),
                paid.details().price(),
                purchase.environment(),
                purchase.subscription() ? purchase.firstTransactionId() : null);
        var receipt = doubt.isPresent()
                ? doubtful(order, attempt, paid, sale, source, doubt.get())
                : arrived(order, attempt, paid, sale, source);
        moneyChanged(order);
        return receipt;
    }

    private Optional<PaidReportCheck.Doubt> ofEvent(PayOrder order, Attempt attempt, ProviderReport.Paid paid) {
        if (!CompareEvent.differed(orders, order, attempt)) return Optional.empty();
        return Optional.of(new PaidReportCheck.Doubt(
                "the payment " + paid.transactionId() + " of " + paid.amount()
                        + " was notified with other goods than were requested",
                false,
                true));
    }

    /**
     * The stored payment of this report. Where a number is taken once, the attempt's payment is found by the attempt:
     * WeChat may say its own numbers of one payment one after the other.
     */
    private Optional<Receipt> known(PayOrder order, Attempt attempt, ProviderReport.Paid paid) {
        var same = receipts.byTransaction(
                order.merchantId(), attempt.provider(), attempt.merchantNo(), paid.transactionId());
        if (same.isPresent() || !paidAtMostOnce(attempt)) return same;
        return receipts.of(order.key()).stream()
                .filter(receipt -> receipt.attempt().equals(attempt.key()))
                .findFirst();
    }

    private boolean paidAtMostOnce(Attempt attempt) {
        return providers.named(attempt.provider()) instanceof Creates creates && creates.onceOnly();
    }

    /**
     * The payment is stored already. If the attempt is still open, the payment was not made through it (it is older):
     * then the provider reports nothing else of this number, and the attempt ends when it cannot be paid any more.
     */
    private void repeated(PayOrder order, Attempt attempt) {
        var now = clock.instant();
        if (attempt.state().mayBePaid() && attempt.ended(now) && !attempt.beingCalled(now)) close(order, attempt);
    }

    private Receipt arrived(
            PayOrder order, Attempt attempt, ProviderReport.Paid paid, Receipt.Sale sale, Source source) {
        var merchant = merchants.byId(order.merchantId());
        var outcome = order.outcomeOf(paid.amount(), acceptsLate(merchant, attempt.provider()));
        var receipt = store(order, attempt, paid, sale, source, kind(outcome));
        attempt.paid();
        switch (outcome) {
            case PAYS -> countReceipt.of(order, attempt, receipt);
            case AMOUNT_DIFFERS -> {
                var reason = "received " + paid.amount() + " where " + order.total() + " is owed";
                LOG.warnf("Order %s: %s; needs a person", order.outTradeNo(), reason);
                order.requirePerson(reason, receipt);
            }
            case LATE -> late(order, receipt, merchant);
            case DUPLICATE -> duplicate(order, receipt, merchant);
        }
        if (outcome != PayOrder.PaymentOutcome.PAYS) strays.fire(new ReceiptChanged(order, receipt));
        return receipt;
    }

    /** Late money that the merchant wants refunded counts where the provider cannot refund it. */
    private boolean acceptsLate(Merchant merchant, String provider) {
        return switch (merchant.latePayment()) {
            case ACCEPT -> true;
            case HOLD -> false;
            case REFUND -> providers.named(provider) instanceof SellsInStore;
        };
    }

    /** Money that cannot pay the order is held, or recorded as returned; the attempt goes on if it was not its own. */
    private Receipt doubtful(
            PayOrder order,
            Attempt attempt,
            ProviderReport.Paid paid,
            Receipt.Sale sale,
            Source source,
            PaidReportCheck.Doubt doubt) {
        var receipt = store(order, attempt, paid, sale, source, Receipt.Kind.DOUBTFUL);
        if (doubt.wentBack()) receipt.wentBack();
        if (doubt.endsAttempt()) attempt.paid();
        LOG.warnf("Order %s: %s; needs a person", order.outTradeNo(), doubt.why());
        order.requirePerson(doubt.why(), receipt);
        strays.fire(new ReceiptChanged(order, receipt));
        return receipt;
    }

    /** @param sale of a purchase in a provider's store, otherwise null */
    private Receipt store(
            PayOrder order,
            Attempt attempt,
            ProviderReport.Paid paid,
            Receipt.Sale sale,
            Source source,
            Receipt.Kind kind) {
        var now = clock.instant();
        var receipt = new Receipt(
                attempt,
                new Receipt.Payment(
                        paid.transactionId(),
                        paid.amount(),
                        paid.paidAt() == null ? now : paid.paidAt(),
                        paid.payerId(),
                        source.notification().isPresent(),
                        paid.details().payMethod(),
                        sale,
                        paid.evidence()),
                kind,
                now);
        keepNotification(receipt, source);
        receipts.add(receipt);
        record(order, attempt, "money." + kind.name().toLowerCase(Locale.ROOT), paid.evidence());
        return receipt;
    }

    static void keepNotification(Receipt receipt, Source source) {
        source.notification().ifPresent(n -> receipt.notified(n.message().toString(), n.authAppId(), n.sellerId()));
    }

    /** Is refunded or held, as the merchant chose; accepted late payments pay the order and do not come here. */
    private void late(PayOrder order, Receipt receipt, Merchant merchant) {
        var refunds = merchant.latePayment() != Merchant.LatePayment.HOLD;
        if (!refunds || !refundPayment.ofStray(order, receipt)) {
            order.requirePerson(
                    "received " + receipt.amount() + " after the order was closed" + staying(order, receipt), receipt);
        }
        changes.fire(strayPayment(order, PayOrderChanged.Kind.LATE, receipt));
    }

    private void duplicate(PayOrder order, Receipt receipt, Merchant merchant) {
        var refunds = merchant.duplicatePayment() == Merchant.DuplicatePayment.REFUND;
        if (!refunds || !refundPayment.ofStray(order, receipt)) {
            order.requirePerson(
                    "received " + receipt.amount() + " a second time, as " + receipt.transactionId()
                            + staying(order, receipt),
                    receipt);
        }
        changes.fire(strayPayment(order, PayOrderChanged.Kind.DUPLICATE, receipt));
    }

    /** What an operator must do before the money is refunded, if the provider does not take back what was bought. */
    private String staying(PayOrder order, Receipt receipt) {
        if (receipt.sale().isPresent()) return PaidReportCheck.ONLY_THE_STORE;
        return refundPayment
                .besideRefund(order, receipt.provider())
                .map(what -> "; before it is refunded: " + what.en())
                .orElse("");
    }

    private static PayOrderChanged strayPayment(PayOrder order, PayOrderChanged.Kind kind, Receipt receipt) {
        var isRefunded = receipt.disposition() == Receipt.Disposition.RETURNING;
        var payment = Json.createObjectBuilder()
                .add("provider", receipt.provider())
                .add("transaction_id", receipt.transactionId())
                .add("total_fee", receipt.amount().minor())
                .add("pay_date", receipt.paidAt().toEpochMilli())
                .add("handling", isRefunded ? "refund" : "hold");
        var details = Json.createObjectBuilder().add("payment", payment).build();
        return new PayOrderChanged(order, kind, receipt.id(), details);
    }

    private static Receipt.Kind kind(PayOrder.PaymentOutcome outcome) {
        return switch (outcome) {
            case PAYS -> Receipt.Kind.ORDER;
            case AMOUNT_DIFFERS -> Receipt.Kind.AMOUNT_DIFFERS;
            case LATE -> Receipt.Kind.LATE;
            case DUPLICATE -> Receipt.Kind.DUPLICATE;
        };
    }

    /** A payment for another merchant or application is not our money: there is evidence of it and no receipt. */
    void refuse(PayOrder order, Attempt attempt, ProviderReport.Paid paid) {
        var known = orders.events(order.key(), REFUSED).stream()
                .anyMatch(e -> transactionId(e).equals(paid.transactionId()));
        if (known) return; // a repetition
        var reason = "the payment " + paid.transactionId() + " is for another merchant or application";
        LOG.warnf("Order %s: %s; needs a person", order.outTradeNo(), reason);
        order.requirePerson(reason);
        var detail = Json.createObjectBuilder()
                .add("transaction_id", paid.transactionId())
                .add("report", paid.evidence());
        record(order, attempt, REFUSED, detail.build().toString());
        moneyChanged(order);
    }

    private static String transactionId(OrderEvent refused) {
        try (var reader = Json.createReader(new StringReader(refused.detail()))) {
            return reader.readObject().getString("transaction_id");
        }
    }

    private void record(PayOrder order, Attempt attempt, String kind, String detail) {
        orders.record(new OrderEvent(order.key(), attempt.id(), clock.instant(), kind, detail));
    }

    private void moneyChanged(PayOrder order) {
        order.moneyChanged();
        signalAfterCommit(order);
    }

    private void signalAfterCommit(PayOrder order) {
        transactions.afterCommit(() -> signals.changed(order.id()));
    }
}
