package io.cashdesk.simulator.appleiap;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.FaultSettings;
import io.cashdesk.simulator.NewTrade;
import io.cashdesk.simulator.Payers;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.TradeOperations;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.Yuan;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import io.cashdesk.simulator.appleiap.ApplePurchase.Detail;
import io.cashdesk.simulator.appleiap.ApplePurchase.Revocation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What happens in the App Store: purchases, renewals, and what Apple decides about refunds. */
@ApplicationScoped
class AppleSales {
    /** The paid time of a subscription. */
    static final Duration PERIOD = Duration.ofDays(30);

    /** How long a purchase could be paid; it is paid at once. */
    private static final Duration LIFE = Duration.ofHours(1);

    @Inject
    AppleApps apps;

    @Inject
    ApplePurchases purchases;

    @Inject
    AppleNotices notices;

    @Inject
    TradeOperations operations;

    @Inject
    TradeStore trades;

    @Inject
    FaultSettings faults;

    @Inject
    AccountStore accounts;

    @Inject
    Payers payers;

    @Inject
    ExchangeLog log;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /**
     * What a payer buys.
     *
     * @param price milliunits of the currency, for all pieces
     * @param token {@code appAccountToken} or an empty text
     * @param ownership PURCHASED or FAMILY_SHARED
     * @param with the purchases that the receipt lists before this one
     */
    record Order(
            AppleProduct product,
            long quantity,
            long price,
            String currency,
            String token,
            String ownership,
            Environment environment,
            List<String> with) {}

    /** @param announced whether the merchant is notified */
    ApplePurchase buy(Account account, Order order, boolean announced) {
        var bought = create(account, order, Optional.empty());
        if (announced) {
            if (bought.detail().subscription()) notices.announce(bought, AppleNotices.SUBSCRIBED, "INITIAL_BUY");
            else notices.announce(bought, AppleNotices.ONE_TIME_CHARGE, "");
        }
        return bought;
    }

    /** The next payment of a subscription. */
    ApplePurchase renew(ApplePurchase last, boolean announced) {
        var d = last.detail();
        var order = new Order(
                new AppleProduct(d.productId(), d.type(), d.price()),
                d.quantity(),
                d.price(),
                d.currency(),
                d.token(),
                d.ownership(),
                d.environment(),
                List.of());
        var renewed = create(accounts.get(d.accountId()), order, Optional.of(d));
        if (announced) notices.announce(renewed, AppleNotices.DID_RENEW, "");
        return renewed;
    }

    private ApplePurchase create(Account account, Order order, Optional<Detail> first) {
        var now = clock.instant();
        var id = newId(order.environment());
        var trade = transactions.inNew(() -> {
            var isNew = operations.create(new NewTrade(
                    account,
                    id,
                    "apple-" + RandomText.letters(24),
                    order.price() / 10,
                    order.product().id() + " × " + order.quantity(),
                    apps.notifyUrl(account.id()),
                    "",
                    "NOTPAY",
                    id,
                    now.plus(LIFE)));
            if (!isNew) throw new IllegalStateException("transaction " + id + " exists");
            var created = trades.find(account.id(), id).orElseThrow();
            if (!order.token().isEmpty()) faults.takeOver(created, order.token());
            purchases.add(new Detail(
                    created.id(),
                    account.id(),
                    id,
                    first.map(Detail::originalId).orElse(id),
                    order.environment(),
                    order.product().id(),
                    order.product().type(),
                    order.quantity(),
                    order.price(),
                    order.currency(),
                    order.token(),
                    order.ownership(),
                    now,
                    first.map(Detail::originalAt).orElse(now),
                    order.product().type().equals(AppleProduct.SUBSCRIPTION) ? now.plus(PERIOD) : null,
                    null,
                    order.with()));
            return created;
        });
        var line = first.isEmpty()
                ? Exchange.of(account.id(), id, Exchange.Way.PAYER, "StoreKit: purchase")
                : Exchange.of(account.id(), id, Exchange.Way.EVENT, AppleNotices.DID_RENEW);
        log.add(line.body(Json.createObjectBuilder()
                .add("productId", order.product().id())
                .add("quantity", order.quantity())
                .add("appAccountToken", order.token())
                .add("environment", order.environment().text())
                .build()
                .toString()));
        operations.pay(trade);
        return purchases.byId(id).orElseThrow();
    }

    /** A number as long as Apple's are: production has 15 digits, the sandbox 16. */
    static String newId(Environment environment) {
        return switch (environment) {
            case PRODUCTION -> "4500" + RandomText.digits(11);
            case SANDBOX -> "2000000" + RandomText.digits(9);
            case XCODE, LOCAL_TESTING -> "9" + RandomText.digits(11);
        };
    }

    /**
     * Apple gives money back; returns false if it did before, and did not reverse that.
     *
     * @param percentage in thousandths of a percent, at most 100000
     */
    boolean refund(ApplePurchase purchase, long percentage) {
        var whole = percentage == Revocation.ALL;
        var done = revoke(purchase, whole ? Revocation.FULL : Revocation.PRORATED, percentage, AppleNotices.REFUND);
        if (done.isEmpty()) return false;
        var refunded = done.get();
        payers.refund(refunded.trade(), refunded.refunded());
        log.add(Exchange.event(
                refunded.trade(), Exchange.Event.REFUND_SUCCESS, "¥" + Yuan.grouped(refunded.refunded())));
        return true;
    }

    /** A purchase that a family shared ends; no money moves. Returns as {@link #refund}. */
    boolean revoke(ApplePurchase purchase) {
        return revoke(purchase, Revocation.FAMILY, Revocation.ALL, AppleNotices.REVOKE)
                .isPresent();
    }

    private Optional<ApplePurchase> revoke(ApplePurchase purchase, String type, long percentage, String kind) {
        var revocation = new Revocation(clock.instant(), 0, type, percentage);
        if (!purchases.revoke(purchase.trade().id(), revocation)) return Optional.empty();
        var revoked = current(purchase);
        notices.announce(revoked, kind, "");
        return Optional.of(revoked);
    }

    /** Apple reverses a refund after a dispute; returns false if there is none. */
    boolean reverse(ApplePurchase purchase) {
        var before = current(purchase);
        if (!purchases.restore(purchase.trade().id())) return false;
        var paidBack = !before.detail().revocation().type().equals(Revocation.FAMILY);
        if (paidBack) payers.pay(before.trade(), before.refunded());
        log.add(Exchange.of(
                before.trade().accountId(), before.trade().number(), Exchange.Way.EVENT, "REFUND_REVERSED"));
        notices.announce(current(purchase), AppleNotices.REFUND_REVERSED, "");
        return true;
    }

    /** A notification of any kind about the purchase as it is now. */
    void announce(ApplePurchase purchase, String kind, String subtype) {
        notices.announce(current(purchase), kind, subtype);
    }

    private ApplePurchase current(ApplePurchase purchase) {
        return purchases.byId(purchase.detail().transactionId()).orElseThrow();
    }
}
