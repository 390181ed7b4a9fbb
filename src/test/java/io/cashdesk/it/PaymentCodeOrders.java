package io.cashdesk.it;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.List;

/** Orders inside the real server that are paid with a payment code, and reports about them. */
@Dependent
public class PaymentCodeOrders {
    @Inject
    Transactions transactions;

    @Inject
    Merchants merchants;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @PersistenceContext
    EntityManager entities;

    /** An attempt whose payment code is being collected: its query is not due, so that the sweeper leaves it alone. */
    AttemptKey collecting(String number) {
        var now = Instant.now();
        var later = now.plusSeconds(600);
        var wxpay = providers.named("wxpay");
        if (merchants.byPid("point-of-sale").isEmpty()) {
            transactions.runInNew(() -> merchants.add(new Merchant("point-of-sale", "Point of sale", now)));
        }
        var merchant = merchants.byPid("point-of-sale").orElseThrow();
        var account = accounts.toPayThrough(merchant.id(), Mode.TEST, wxpay, PayType.of("wxpay_codepay"))
                .orElseThrow();
        return transactions.inNew(() -> {
            var order = AnOrder.of(ANewOrder.of(Money.fen(990)).numbered(number).until(later))
                    .by(merchant.id())
                    .at(now)
                    .unpaid();
            orders.add(order);
            var attempt = AnAttempt.of(order)
                    .through(new Attempt.Target(
                            account.id(), "wxpay", wxpay.identity(account).merchantNo(), "wxpay_codepay"))
                    .payableUntil(later)
                    .byPaymentCode("hash of " + number)
                    .at(now)
                    .leasedUntil(later)
                    .shown();
            attempts.add(attempt);
            return attempt.key();
        });
    }

    /** A report of a payment of the whole amount; with {@code wentBack} it is refunded already. */
    ProviderReport.Paid paid(AttemptKey about, String transactionId, boolean wentBack) {
        var attempt = attempts.byKey(about).orElseThrow();
        var account = accounts.byId(attempt.accountId()).orElseThrow().settings();
        var us = providers.named("wxpay").identity(account);
        return new ProviderReport.Paid(
                attempt.attemptNo(),
                us.merchantNo(),
                us.appId(),
                transactionId,
                Money.fen(990),
                Instant.now(),
                "payer",
                "",
                wentBack,
                "{}");
    }

    List<Receipt> receiptsOf(AttemptKey about) {
        return entities.createQuery("select r from Receipt r where r.orderId = :id order by r.id", Receipt.class)
                .setParameter("id", about.order().id())
                .getResultList();
    }

    PayOrder order(AttemptKey about) {
        return transactions.inNew(() -> orders.byKey(about.order()).orElseThrow());
    }
}
