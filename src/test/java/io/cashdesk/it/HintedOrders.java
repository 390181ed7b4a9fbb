package io.cashdesk.it;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.notification.Inbox;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.RawNotification;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Orders inside the real server that are collected through {@link HintingProvider}. */
@Dependent
public class HintedOrders {
    private static final PayType PAGE = PayType.of("hinting_h5");

    @Inject
    Transactions transactions;

    @Inject
    Merchants merchants;

    @Inject
    Accounts accounts;

    @Inject
    HintingProvider provider;

    @Inject
    Inbox inbox;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @PersistenceContext
    EntityManager entities;

    private AccountSettings account() {
        if (merchants.byPid("hinted").isEmpty()) {
            transactions.runInNew(() -> {
                var merchant = new Merchant("hinted", "Hinted", Instant.now());
                merchants.add(merchant);
                var node = Json.createObjectBuilder().add("mchId", "42").build();
                accounts.put(merchant.id(), provider.name().value(), "h5", node);
            });
        }
        var merchant = merchants.byPid("hinted").orElseThrow();
        return accounts.toPayThrough(merchant.id(), Mode.LIVE, provider, PAGE).orElseThrow();
    }

    /** An attempt that is shown to the payer; its query is not due, so that the sweeper leaves it alone. */
    AttemptKey shown(String number) {
        var now = Instant.now();
        var later = now.plusSeconds(600);
        var account = account();
        var merchant = merchants.byPid("hinted").orElseThrow();
        return transactions.inNew(() -> {
            var order = AnOrder.of(ANewOrder.of(Money.fen(990)).numbered(number).until(later))
                    .by(merchant.id())
                    .in(Mode.LIVE)
                    .at(now)
                    .unpaid();
            orders.add(order);
            var attempt = AnAttempt.of(order)
                    .through(new Attempt.Target(account.id(), "hinting", "42", PAGE.toString()))
                    .payableUntil(later)
                    .at(now)
                    .leasedUntil(later)
                    .shown();
            attempts.add(attempt);
            return attempt.key();
        });
    }

    /** What the sender of a hint about this number is answered. */
    Acknowledgement hint(String attemptNo) {
        var opened = accounts.byId(account().id()).orElseThrow();
        var raw = new RawNotification("POST", "", Map.of(), attemptNo.getBytes(StandardCharsets.UTF_8));
        return inbox.take(provider, opened, raw);
    }

    boolean paid(AttemptKey about) {
        return transactions.inNew(
                () -> orders.byKey(about.order()).orElseThrow().paid());
    }

    /** The verdicts on the messages that were stored for this account. */
    List<String> verdicts() {
        return entities.createQuery(
                        "select cast(n.verdict as string) from Notification n where n.accountId = :account",
                        String.class)
                .setParameter("account", account().id())
                .getResultList();
    }
}
