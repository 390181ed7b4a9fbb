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
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import io.cashdesk.refund.RefundPayment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
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

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Merchants merchants;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    RefundPayment refundPayment;

    @Inject
    Transactions transactions;

    @Inject
    Signals signals;

    @Inject
    Event<PayOrderChanged> changes;

    @Inject
    Clock clock;

    /** Where a report comes from. */
    public enum Source {
        /** The provider sent a notification. */
        NOTIFICATION,
        /** The provider answered a call of ours. */
        QUERY
    }

    /** Applies a report about one of our attempts. A repetition changes nothing. */
    public void apply(AttemptKey key, ProviderReport report, Source source) {
        transactions.runInCurrentOrNew(() -> applyLocked(key, report, source));
    }

    private void applyLocked(AttemptKey key, ProviderReport report, Source source) {
        var order = orders.locked(key.order()); // the first statement of every money transaction
        var attempt = attempts.locked(key);
        if (report instanceof ProviderReport.Paid paid) {
            applyPaid(order, attempts.lockedForPayment(key), paid, source);
        } else if (report instanceof ProviderReport.Closed) {
            if (!attempt.beingCalled(clock.instant())) applyClosed(order, attempt);
        } else if (report instanceof ProviderReport.Absent) {
            if (!attempt.beingCalled(clock.instant()) && attempt.ended(clock.instant())) applyClosed(order, attempt);
        } else if (!(report instanceof ProviderReport.Unpaid)) {
            throw new IllegalStateException("a report of a kind that is not applied: " + report.getClass());
        }
    }

    private void applyClosed(PayOrder order, Attempt attempt) {
        if (attempt.state() == AttemptState.PAID && attempt.byPaymentCode()) {
            // reversed at the moment in which it was paid: the provider has refunded the payer
            order.requirePerson("payment " + attempt.attemptNo() + " was reversed at " + attempt.provider()
                    + " when it had just been paid; its money went back");
            record(order, attempt, "money.reversed", "{}");
            changed(order);
        }
        if (!attempt.state().mayBePaid()) return;
        attempt.closed();
        record(order, attempt, "attempt.closed", "{}");
        changed(order);
    }

    private void applyPaid(PayOrder order, Attempt attempt, ProviderReport.Paid paid, Source source) {
        var account = accounts.of(attempt.merchantId(), attempt.accountId()).orElseThrow();
        var us = providers.named(attempt.provider()).identity(account.settings());
        var objection = PaidReportCheck.objection(order, attempt, us, paid);
        if (objection.isPresent()) {
            requirePerson(order, attempt, objection.get(), paid);
            return;
        }
        if (receipts.byTransaction(order.merchantId(), attempt.provider(), attempt.merchantNo(), paid.transactionId())
                .isPresent()) return;

        var now = clock.instant();
        var merchant = merchants.byId(order.merchantId());
        var outcome = order.outcomeOf(paid.amount(), merchant.latePayment() == Merchant.LatePayment.ACCEPT);
        var receipt = store(attempt, paid, outcome, now);
        attempt.paid();
        record(order, attempt, "money." + receipt.kind().name().toLowerCase(Locale.ROOT), paid.evidence());
        switch (outcome) {
            case PAYS -> {
                order.paidBy(receipt, attempt, us.appId(), paid.payerId(), source == Source.NOTIFICATION, now);
                attempts.supersedeOthers(order.key(), attempt.id(), now);
                changes.fire(new PayOrderChanged(order, PayOrderChanged.Kind.PAID));
            }
            case AMOUNT_DIFFERS -> {
                LOG.warnf(
                        "Order %s: %s arrived where %s is owed; needs a person",
                        order.outTradeNo(), paid.amount(), order.total());
                order.requirePerson("received " + paid.amount() + " where " + order.total() + " is owed");
            }
            case LATE -> late(order, receipt, merchant);
            case DUPLICATE -> duplicate(order, receipt, merchant, paid.wentBack());
        }
        changed(order);
    }

    private Receipt store(Attempt attempt, ProviderReport.Paid paid, PayOrder.PaymentOutcome outcome, Instant now) {
        var receipt = new Receipt(
                attempt,
                new Receipt.Payment(
                        paid.transactionId(),
                        paid.amount(),
                        paid.paidAt() == null ? now : paid.paidAt(),
                        paid.evidence()),
                kind(outcome),
                now);
        receipts.add(receipt);
        return receipt;
    }

    /** Is refunded or held, as the merchant chose; accepted late payments pay the order and do not come here. */
    private void late(PayOrder order, Receipt receipt, Merchant merchant) {
        var refunds = merchant.latePayment() != Merchant.LatePayment.HOLD;
        if (!refunds || !refundPayment.ofStray(order, receipt)) {
            order.requirePerson("received " + receipt.amount() + " after the order was closed");
        }
        changes.fire(strayPayment(order, PayOrderChanged.Kind.LATE, receipt));
    }

    private void duplicate(PayOrder order, Receipt receipt, Merchant merchant, boolean wentBack) {
        var refunds = !wentBack && merchant.duplicatePayment() == Merchant.DuplicatePayment.REFUND;
        if (!refunds || !refundPayment.ofStray(order, receipt)) {
            order.requirePerson("received " + receipt.amount() + " a second time, as " + receipt.transactionId());
        }
        changes.fire(strayPayment(order, PayOrderChanged.Kind.DUPLICATE, receipt));
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

    private void requirePerson(PayOrder order, Attempt attempt, String reason, ProviderReport.Paid paid) {
        LOG.warnf("Order %s: %s; needs a person", order.outTradeNo(), reason);
        if (order.needsPerson().filter(reason::equals).isPresent()) return; // a repetition
        order.requirePerson(reason);
        record(order, attempt, "money.refused", paid.evidence());
        changed(order);
    }

    private void record(PayOrder order, Attempt attempt, String kind, String detail) {
        orders.record(new OrderEvent(order.key(), attempt.id(), clock.instant(), kind, detail));
    }

    private void changed(PayOrder order) {
        transactions.afterCommit(() -> signals.changed(order.id()));
    }
}
