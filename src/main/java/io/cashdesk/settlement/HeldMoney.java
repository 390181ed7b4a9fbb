package io.cashdesk.settlement;

import io.cashdesk.account.AccountChanged;
import io.cashdesk.account.Accounts;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.notification.SettlementReported;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.ReceiptChanged;
import io.cashdesk.order.Receipts;
import io.cashdesk.order.TestOrdersExpired;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.Settles;
import io.cashdesk.refund.RefundBegins;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Follows what happens to payments whose provider keeps the money, in the transactions in which it happens: a payment
 * is stored, begins to count, or is decided about, money of it is refunded, the provider reports a settlement, the
 * account's settings change.
 */
@ApplicationScoped
class HeldMoney {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Settlements settlements;

    @Inject
    SettlePayment settlePayment;

    @Inject
    PayOrders orders;

    @Inject
    Receipts receipts;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    Clock clock;

    void on(@Observes PayOrderChanged change) {
        switch (change.kind()) {
            case PAID -> opened(change.order());
            case REFUNDED -> refunded(change.order());
            default -> {} // concerns no money that is kept
        }
    }

    private void opened(PayOrder order) {
        var receipt =
                receipts.byId(order.key(), order.paidReceipt().orElseThrow()).orElseThrow();
        follow(order, receipt);
    }

    /** Money that does not pay the order is kept by the provider as well. */
    void on(@Observes ReceiptChanged change) {
        follow(change.order(), change.receipt());
    }

    /** Its settlement waits while nobody has decided what the payment is for, and is due once that is decided. */
    private void follow(PayOrder order, Receipt receipt) {
        if (!(providers.named(receipt.provider()) instanceof Settles settles)) return;
        var known = of(order.key(), receipt.id());
        if (known.isEmpty() && receipt.disposition() == Receipt.Disposition.RETURNED) return;
        var days = settles.settleAfterDays(account(receipt.merchantId(), receipt.accountId()));
        var due = due(days, receipt.paidAt());
        if (known.isEmpty()) {
            var settlement = new Settlement(order, receipt, due, clock.instant());
            if (SettlePayment.undecided(receipt)) settlement.undecided(SettlePayment.UNDECIDED);
            settlements.add(settlement);
            return;
        }
        var settlement = settlements.locked(known.get());
        if (settlement.state() != SettlementState.WAITING) return;
        if (SettlePayment.undecided(receipt)) settlement.undecided(SettlePayment.UNDECIDED);
        else settlement.decided(due);
    }

    private Optional<SettlementKey> of(OrderKey order, UUID receipt) {
        return settlements.of(order).stream()
                .filter(key -> settlements.receiptOf(key).equals(receipt))
                .findFirst();
    }

    private void refunded(PayOrder order) {
        for (var key : settlements.of(order.key())) {
            var receipt = receipts.locked(order.key(), settlements.receiptOf(key));
            settlements.locked(key).left(SettlePayment.left(receipt), clock.instant());
        }
    }

    /** A refund waits until the settlement that is being requested has an answer, because that decides what is left. */
    void on(@Observes RefundBegins refund) {
        var key = of(refund.order().key(), refund.receipt().id());
        if (key.isPresent() && settlements.locked(key.get()).beingCalled(clock.instant())) {
            throw ProblemType.CALL_RUNNING.with(refund.order().outTradeNo()).retryAfter(Duration.ofSeconds(5));
        }
    }

    void on(@Observes SettlementReported reported) {
        var order = reported.attempt().order();
        var key = settlements.of(order).stream()
                .filter(k -> settlements.locked(k).attempt().equals(reported.attempt()))
                .findFirst();
        if (key.isPresent()) {
            settlePayment.reported(key.get(), reported.report());
            return;
        }
        // of a payment that was not reported yet: it is kept as evidence
        orders.record(new OrderEvent(
                order,
                reported.attempt().id(),
                clock.instant(),
                "settlement.other",
                reported.report().evidence()));
    }

    void on(@Observes AccountChanged change) {
        var account = accounts.of(change.merchantId(), change.accountId()).orElseThrow();
        var name = account.settings().provider().value();
        if (!providers.knows(name) || !(providers.named(name) instanceof Settles settles)) return;
        entities.flush();
        settlements.due(
                change.merchantId(), change.accountId(), settles.settleAfterDays(account.settings()), clock.instant());
    }

    void on(@Observes TestOrdersExpired expired) {
        entities.createQuery("delete from Settlement s where s.merchantId = :merchant and s.orderId in :orders")
                .setParameter("merchant", expired.merchantId())
                .setParameter("orders", expired.ids())
                .executeUpdate();
    }

    /** @return null: only a person settles it */
    static Instant due(OptionalInt days, Instant paidAt) {
        return days.isEmpty() ? null : paidAt.plus(Duration.ofDays(days.getAsInt()));
    }

    private AccountSettings account(UUID merchant, UUID id) {
        return accounts.of(merchant, id).orElseThrow().settings();
    }
}
