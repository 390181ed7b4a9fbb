package io.cashdesk.simulator.douyin;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.NewTrade;
import io.cashdesk.simulator.Notifier;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeOperations;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Orders of both dialects: made, found, and ended without a payment. */
@ApplicationScoped
class DouyinOrders {
    static final String USER_CANCEL = "USER_CANCEL";
    static final String TIME_OUT = "TIME_OUT";

    /** As {@code refund_state} of a notification about the payment: it ended unpaid. */
    static final String CANCELLED = "CANCEL";

    private static final Pattern HTTPS = Pattern.compile("https://[^\\s/:?#@]+(:443)?([/?#]\\S*)?");
    private static final Pattern HTTP = Pattern.compile("https?://[^\\s/?#@]+([/?#]\\S*)?");

    @Inject
    TradeOperations operations;

    @Inject
    TradeStore trades;

    @Inject
    DouyinStore store;

    @Inject
    Notifier notifier;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * An order to make.
     *
     * @param number the merchant's
     * @param request for comparing a repetition
     * @param skuId of its item in the general trade system; empty in ecpay
     */
    record Order(
            DouyinDialect dialect,
            String number,
            long fen,
            String subject,
            String notifyUrl,
            Duration life,
            String request,
            String skuId,
            List<Integer> hiddenWays,
            String cpExtra) {}

    /** Makes the order; one with the same number and the same request that can still be paid is answered again. */
    DouyinOrder take(Account account, Order order, int refusedWith) {
        var known = trades.find(account.id(), order.number()).map(operations::current);
        var trade = known.or(() -> add(account, order)).or(() -> trades.find(account.id(), order.number()));
        var found = trade.orElseThrow();
        if (!found.request().equals(order.request())) {
            throw new DouyinRefusal(refusedWith, "开发者订单号重复，且订单信息不一致");
        }
        if (!found.state().equals("NOTPAY")) throw new DouyinRefusal(refusedWith, "订单已支付或已关闭，请更换开发者订单号");
        return store.of(found);
    }

    private Optional<Trade> add(Account account, Order order) {
        var ecpay = order.dialect() == DouyinDialect.ECPAY;
        var orderId = (ecpay ? "" : "ot") + "7" + RandomText.digits(18);
        var expiresAt = clock.instant().plus(order.life());
        return transactions.inNew(() -> {
            var made = operations.create(new NewTrade(
                    account,
                    order.number(),
                    settings.baseUrl() + DouyinServer.PATH + "/q/" + RandomText.letters(24),
                    order.fen(),
                    order.subject(),
                    order.notifyUrl(),
                    order.request(),
                    "NOTPAY",
                    orderId,
                    expiresAt));
            if (!made) return Optional.<Trade>empty();
            var trade = trades.find(account.id(), order.number()).orElseThrow();
            var detail = new DouyinOrder.Detail(
                    trade.id(),
                    order.dialect(),
                    ecpay ? "Cgw" + RandomText.letters(61) : "",
                    ecpay ? "" : "it7" + RandomText.digits(18),
                    order.skuId(),
                    0,
                    order.hiddenWays(),
                    order.cpExtra(),
                    "",
                    null);
            store.add(orderId, detail, ecpay ? null : expiresAt);
            return Optional.of(trade);
        });
    }

    /** The order as it is now: expired if its time is over, which the general trade system reports. */
    DouyinOrder current(DouyinOrder order) {
        var trade = operations.current(order.trade());
        if (trade.state().equals("CLOSED")) end(trade, TIME_OUT);
        return store.of(trade);
    }

    /** The payer cancels the order of the general trade system; nothing happens if it cannot be paid any more. */
    void cancel(DouyinOrder order) {
        if (trades.changeState(order.trade().id(), "NOTPAY", "CLOSED")) end(order.trade(), USER_CANCEL);
    }

    /** Reports why an order ended unpaid, once; ecpay reports payments alone. */
    void end(Trade trade, String why) {
        if (!store.end(trade.id(), why) || trade.notifyUrl().isEmpty()) return;
        notifier.announce(trades.get(trade.id()), null, CANCELLED);
    }

    /** Ends the orders whose time is over. */
    void endDue() {
        for (var watched : store.watched()) {
            var trade = operations.current(watched);
            if (trade.state().equals("CLOSED")) end(trade, TIME_OUT);
            if (!trade.state().equals("NOTPAY")) store.unwatch(trade.id());
        }
    }

    /**
     * An address for callbacks: https at port 443. Where there is none, below this installation's own address and, in
     * development, any address will do.
     */
    String callbackAddress(DouyinFields fields, String name, int longest) {
        var address = fields.text(name, longest).orElse("");
        if (address.isEmpty() || HTTPS.matcher(address).matches()) return address;
        var own = settings.development() || address.startsWith(settings.baseUrl() + "/");
        if (own && HTTP.matcher(address).matches()) return address;
        throw fields.wrong(name, "应为 https 地址，端口 443");
    }
}
