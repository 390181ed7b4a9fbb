package io.cashdesk.it;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.notification.ApplyPurchase;
import io.cashdesk.notification.Inbox;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payload.OrderPayload;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.view.OrderViews;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Orders inside the real server whose goods are bought in the store of {@link SellingProvider}, for no named amount.
 */
@Dependent
public class SoldOrders {
    private static final PayType PAGE = PayType.of("selling_h5");
    private static final JsonObject GOODS = Json.createObjectBuilder()
            .add("productid", "vip")
            .add("quantity", 1)
            .build();

    @Inject
    Transactions transactions;

    @Inject
    Merchants merchants;

    @Inject
    Accounts accounts;

    @Inject
    SellingProvider provider;

    @Inject
    Inbox inbox;

    @Inject
    ApplyPurchase applyPurchase;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    OrderViews views;

    private AccountSettings account() {
        if (merchants.byPid("sold").isEmpty()) {
            transactions.runInNew(() -> {
                var merchant = new Merchant("sold", "Sold", Instant.now());
                merchants.add(merchant);
                var node =
                        Json.createObjectBuilder().add("mchId", "com.example").build();
                accounts.put(merchant.id(), provider.name().value(), "h5", node);
            });
        }
        return accounts.toPayThrough(merchant(), Mode.LIVE, provider, PAGE).orElseThrow();
    }

    private UUID merchant() {
        return merchants.byPid("sold").orElseThrow().id();
    }

    /** An order with an attempt whose number at the store is {@code token-} and the order's. */
    AttemptKey order(String number) {
        var now = Instant.now();
        var later = now.plusSeconds(600);
        var account = account();
        return transactions.inNew(() -> {
            var wanted = ANewOrder.of(Money.fen(0))
                    .numbered(number)
                    .buying(GOODS.toString())
                    .until(later);
            var order = AnOrder.of(wanted).by(merchant()).in(Mode.LIVE).at(now).unpaid();
            orders.add(order);
            var attempt = AnAttempt.of(order)
                    .numbered("token-" + number)
                    .through(new Attempt.Target(account.id(), "selling", "com.example", PAGE.toString()))
                    .payableUntil(later)
                    .at(now)
                    .leasedUntil(later)
                    .shown();
            attempts.add(attempt);
            return attempt.key();
        });
    }

    /** @param first the number of the subscription's first purchase, or of the purchase itself if it is none */
    static Purchase purchase(String transactionId, String attemptNo, String first, Money price) {
        var paid = new ProviderReport.Paid(
                attemptNo,
                "com.example",
                "",
                transactionId,
                null,
                Instant.now(),
                null,
                "",
                ProviderReport.WentBack.NOTHING,
                new ProviderReport.Details("", GOODS, price),
                "{\"said\":\"bought\"}");
        return new Purchase(paid, first, true, "Sandbox");
    }

    ApplyPurchase.Result posted(AttemptKey named, Purchase purchase) {
        var attempt = transactions.inNew(() -> attempts.byKey(named).orElseThrow());
        return applyPurchase.posted(attempt, Mode.LIVE, purchase);
    }

    /** The status with which a message is answered; its name makes it a repetition or another one. */
    int notified(String name, ParsedNotification.OfPurchase content) {
        provider.prepare(name, content);
        var opened = accounts.byId(account().id()).orElseThrow();
        var raw = new RawNotification("POST", "", Map.of(), name.getBytes(StandardCharsets.UTF_8));
        return inbox.take(provider, opened, raw).status();
    }

    /** The order's record. */
    JsonObject record(String number) {
        return transactions.inNew(() -> OrderPayload.of(
                views.of(orders.byNumber(merchant(), Mode.LIVE, number).orElseThrow())));
    }
}
