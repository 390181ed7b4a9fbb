package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.Receipt;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Clock;

/** Makes a payment that arrived the one that pays its order: at its arrival, or when late money is accepted. */
@ApplicationScoped
public class CountReceipt {
    @Inject
    Attempts attempts;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    ConfirmPayment confirmPayment;

    @Inject
    Event<PayOrderChanged> changes;

    @Inject
    Clock clock;

    /** The order becomes paid by this receipt; in the caller's transaction, in which the order is locked. */
    public void of(PayOrder order, Attempt attempt, Receipt receipt) {
        var account = accounts.of(attempt.merchantId(), attempt.accountId()).orElseThrow();
        var us = providers.named(attempt.provider()).identity(account.settings());
        var payer = receipt.payerId().orElse(null);
        order.paidBy(receipt, attempt, us.appId(), payer, receipt.notified(), receipt.reportedAt());
        attempts.supersedeOthers(order.key(), attempt.id(), clock.instant());
        confirmPayment.schedule(order, attempt);
        changes.fire(new PayOrderChanged(order, PayOrderChanged.Kind.PAID));
    }
}
