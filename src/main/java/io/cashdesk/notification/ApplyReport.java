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
import io.cashdesk.order.OrderState;
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
import java.time.Duration;
import java.util.Locale;
import org.jboss.logging.Logger;

/**
 * The one door where news of money comes in. A notification, an answer to a query and a reply to a close all become a {@link
 * ProviderReport} and go through {@link #hear}: it locks the order, checks amount, currency, merchant and application,
 * decides whether this is news, writes the evidence and (through {@link PayOrderChanged}) the outbox, all in one transaction.
 */
@ApplicationScoped
public class ApplyReport {
    private static final Logger LOG = Logger.getLogger(ApplyReport.class);

    /** By how much a provider's clock and ours may differ. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

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
        /** The provider told us. */
        TOLD,
        /** We asked. */
        ASKED
    }

    /** Hears a report about one of our attempts. Hearing it again changes nothing. */
    public void hear(AttemptKey about, ProviderReport report, Source source) {
        transactions.runInCurrentOrNew(() -> listen(about, report, source));
    }

    private void listen(AttemptKey about, ProviderReport report, Source source) {
        var order = orders.locked(about.orderId()); // the first statement of every money transaction
        var attempt = attempts.locked(about.attemptId());
        if (report instanceof ProviderReport.Paid paid) {
            hearOfMoney(order, attempt, paid, source);
        } else if (report instanceof ProviderReport.Closed) {
            if (!attempt.beingCalled(clock.instant())) closed(order, attempt);
        } else if (report instanceof ProviderReport.Absent) {
            if (!attempt.beingCalled(clock.instant()) && attempt.ended(clock.instant())) closed(order, attempt);
        } else if (!(report instanceof ProviderReport.Unpaid)) {
            throw new IllegalStateException("a report of a kind that nobody handles: " + report.getClass());
        }
    }

    private void closed(PayOrder order, Attempt attempt) {
        if (attempt.state() == AttemptState.PAID && attempt.byPaymentCode()) {
            // reversed at the till in the moment in which it was paid: the provider gave the payer his money back
            order.needPerson("payment " + attempt.attemptNo() + " was reversed at " + attempt.provider()
                    + " when it had just been paid; its money went back");
            note(order, attempt, "money.reversed", "{}");
            changed(order);
        }
        if (!attempt.state().mayBePaid()) return;
        attempt.closed();
        note(order, attempt, "attempt.closed", "{}");
        changed(order);
    }

    private void hearOfMoney(PayOrder order, Attempt attempt, ProviderReport.Paid paid, Source source) {
        var now = clock.instant();
        var account = accounts.byId(attempt.accountId()).orElseThrow();
        var us = providers.named(attempt.provider()).identity(account.settings());
        var sub = attempt.request().sub().mchId();
        var toUs = us.merchantNo().equals(paid.merchantNo())
                && us.appId().equals(paid.appId())
                && (sub.equals(paid.subMerchantNo()) || paid.subMerchantNo().isEmpty());
        if (!toUs) {
            needPerson(order, attempt, "the payment is for another merchant or application", paid);
            return;
        }
        if (order.state() != OrderState.PAID && paid.wentBack()) {
            needPerson(order, attempt, "it was paid, and given back at the provider", paid);
            return;
        }
        if (attempt.byPaymentCode() && attempt.state() == AttemptState.CLOSED) {
            needPerson(order, attempt, "it was reversed, and is reported as paid all the same", paid);
            return;
        }
        if (paid.paidAt() != null && paid.paidAt().isBefore(attempt.createdAt().minus(CLOCKS_DIFFER))) {
            needPerson(order, attempt, "the payment is older than the attempt, so it is for something else", paid);
            return;
        }
        if (receipts.byTransaction(attempt.provider(), attempt.merchantNo(), paid.transactionId())
                .isPresent()) return;

        var merchant = merchants.byId(order.merchantId());
        var heard = order.judge(paid.amount(), merchant.latePayment() == Merchant.LatePayment.ACCEPT);
        var receipt = new Receipt(
                attempt,
                paid.transactionId(),
                paid.amount(),
                kind(heard),
                paid.paidAt() == null ? now : paid.paidAt(),
                now,
                paid.evidence());
        receipts.add(receipt);
        attempt.paid();
        note(order, attempt, "money." + receipt.kind().name().toLowerCase(Locale.ROOT), paid.evidence());
        switch (heard) {
            case NEWS -> {
                order.paidBy(receipt, attempt, us.appId(), paid.payerId(), source == Source.TOLD, now);
                attempts.supersedeOthers(order.id(), attempt.id(), now);
                changes.fire(new PayOrderChanged(order, PayOrderChanged.Kind.PAID));
            }
            case AMOUNT_DIFFERS -> {
                LOG.warnf(
                        "Order %s: %s arrived where %s is owed; held for a person",
                        order.outTradeNo(), paid.amount(), order.total());
                order.needPerson("received " + paid.amount() + " where " + order.total() + " is owed");
            }
            case LATE -> {
                if (merchant.latePayment() == Merchant.LatePayment.HOLD || !refundPayment.stray(order, receipt)) {
                    order.needPerson("received " + paid.amount() + " after the order was closed");
                }
                changes.fire(stray(order, PayOrderChanged.Kind.LATE, receipt));
            }
            case DUPLICATE -> {
                var goesBack = !paid.wentBack()
                        && merchant.duplicatePayment() == Merchant.DuplicatePayment.REFUND
                        && refundPayment.stray(order, receipt);
                if (!goesBack) {
                    order.needPerson("received " + paid.amount() + " a second time, as " + paid.transactionId());
                }
                changes.fire(stray(order, PayOrderChanged.Kind.DUPLICATE, receipt));
            }
        }
        changed(order);
    }

    private static PayOrderChanged stray(PayOrder order, PayOrderChanged.Kind kind, Receipt receipt) {
        var goesBack = receipt.disposition() == Receipt.Disposition.RETURNING;
        var payment = Json.createObjectBuilder()
                .add("provider", receipt.provider())
                .add("transaction_id", receipt.transactionId())
                .add("total_fee", receipt.amount().minor())
                .add("pay_date", receipt.paidAt().toEpochMilli())
                .add("handling", goesBack ? "refund" : "hold");
        var details = Json.createObjectBuilder().add("payment", payment).build();
        return new PayOrderChanged(order, kind, receipt.id(), details);
    }

    private static Receipt.Kind kind(PayOrder.Heard heard) {
        return switch (heard) {
            case NEWS -> Receipt.Kind.ORDER;
            case AMOUNT_DIFFERS -> Receipt.Kind.AMOUNT_DIFFERS;
            case LATE -> Receipt.Kind.LATE;
            case DUPLICATE -> Receipt.Kind.DUPLICATE;
        };
    }

    private void needPerson(PayOrder order, Attempt attempt, String reason, ProviderReport.Paid paid) {
        LOG.warnf("Order %s: %s; held for a person", order.outTradeNo(), reason);
        if (order.needsPerson().filter(reason::equals).isPresent()) return; // heard before
        order.needPerson(reason);
        note(order, attempt, "money.refused", paid.evidence());
        changed(order);
    }

    private void note(PayOrder order, Attempt attempt, String kind, String detail) {
        orders.note(new OrderEvent(order.id(), attempt.id(), clock.instant(), kind, detail));
    }

    private void changed(PayOrder order) {
        transactions.afterCommit(() -> signals.changed(order.id()));
    }
}
