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
import io.cashdesk.order.OpenReason;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.payment.DecideMoney;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

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

    @Inject
    DecideMoney decide;

    @PersistenceContext
    EntityManager entities;

    /** An attempt whose payment code is being collected: its query is not due, so that the sweeper leaves it alone. */
    AttemptKey collecting(String number) {
        return collecting(number, "wxpay");
    }

    AttemptKey collecting(String number, String name) {
        var now = Instant.now();
        var later = now.plusSeconds(600);
        var provider = providers.named(name);
        if (merchants.byPid("point-of-sale").isEmpty()) {
            transactions.runInNew(() -> merchants.add(new Merchant("point-of-sale", "Point of sale", now)));
        }
        var merchant = merchants.byPid("point-of-sale").orElseThrow();
        var account = accounts.toPayThrough(merchant.id(), Mode.TEST, provider, PayType.of(name + "_codepay"))
                .orElseThrow();
        return transactions.inNew(() -> {
            var order = AnOrder.of(ANewOrder.of(Money.fen(990)).numbered(number).until(later))
                    .by(merchant.id())
                    .at(now)
                    .unpaid();
            orders.add(order);
            var attempt = AnAttempt.of(order)
                    .through(new Attempt.Target(
                            account.id(), name, provider.identity(account).merchantNo(), name + "_codepay"))
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
        return paid(about, transactionId, wentBack, 990, "");
    }

    /** A report of a payment of this amount. */
    ProviderReport.Paid paid(AttemptKey about, String transactionId, long fen) {
        return paid(about, transactionId, false, fen, "");
    }

    ProviderReport.Paid paidForAnotherMerchant(AttemptKey about, String transactionId) {
        return paid(about, transactionId, false, 990, "1999999999");
    }

    private ProviderReport.Paid paid(
            AttemptKey about, String transactionId, boolean wentBack, long fen, String subMerchantNo) {
        var attempt = attempts.byKey(about).orElseThrow();
        var account = accounts.byId(attempt.accountId()).orElseThrow().settings();
        var us = providers.named(attempt.provider()).identity(account);
        return new ProviderReport.Paid(
                attempt.attemptNo(),
                us.merchantNo(),
                us.appId(),
                transactionId,
                Money.fen(fen),
                Instant.now(),
                "payer",
                subMerchantNo,
                wentBack ? ProviderReport.WentBack.ALL : ProviderReport.WentBack.NOTHING,
                "{}");
    }

    List<Receipt> receiptsOf(AttemptKey about) {
        return entities.createQuery("select r from Receipt r where r.orderId = :id order by r.id", Receipt.class)
                .setParameter("id", about.order().id())
                .getResultList();
    }

    /** Decides that this receipt is settled, or without one all reasons that are about no held money. */
    void settle(AttemptKey about, Optional<UUID> receipt) {
        var order = order(about);
        var held = receiptsOf(about).stream()
                .filter(r -> r.disposition() == Receipt.Disposition.HELD)
                .toList();
        var reasons = order.openApartFrom(held).stream().map(OpenReason::id).collect(Collectors.toSet());
        var wish = new DecideMoney.Wish(
                receipt, receipt.isPresent() ? Set.of() : reasons, Receipt.Decision.SETTLE, "seen", "test");
        transactions.runInNew(() -> decide.of(order.merchantId(), order.mode(), order.outTradeNo(), wish));
    }

    Attempt attempt(AttemptKey about) {
        return transactions.inNew(() -> attempts.byKey(about).orElseThrow());
    }

    PayOrder order(AttemptKey about) {
        return transactions.inNew(() -> orders.byKey(about.order()).orElseThrow());
    }
}
