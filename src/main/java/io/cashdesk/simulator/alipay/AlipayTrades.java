package io.cashdesk.simulator.alipay;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.NewTrade;
import io.cashdesk.simulator.Notifier;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeOperations;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.Yuan;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Trades of every product, until they are paid or closed.
 *
 * @see <a href="https://opendocs.alipay.com/open/02ekfg">the products' documents</a>
 */
@ApplicationScoped
class AlipayTrades {
    /** How long after its payment a trade can be refunded; then it is finished. */
    private static final Period REFUNDABLE = Period.ofMonths(12);

    @Inject
    TradeStore trades;

    @Inject
    TradeOperations operations;

    @Inject
    AlipayTradeStore tradeStore;

    @Inject
    AlipayRefundStore refundStore;

    @Inject
    Notifier notifier;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /** What the payer who is asked for a confirmation will decide, and when. */
    record Decision(String what, Instant at) {
        /** The payer decides at once or never. */
        static final Decision NONE = new Decision(null, null);
    }

    /** A QR code. The trade begins when the payer scans it. */
    JsonObjectBuilder precreate(AlipayCaller caller, Map<String, String> fields, JsonObject content) {
        var trade = make(caller, AlipayProduct.PRECREATE, fields, content, Decision.NONE);
        if (trade.state().equals("UNSCANNED") && trade.expired(clock.instant())) {
            var expiry = AlipayRules.order(AlipayProduct.PRECREATE, content, clock.instant())
                    .expiresAt();
            tradeStore.renewCode(trade.id(), newCode(AlipayProduct.PRECREATE), expiry);
            trade = trades.get(trade.id());
        }
        return Json.createObjectBuilder().add("out_trade_no", trade.number()).add("qr_code", trade.code());
    }

    /** For a mini-program: the trade exists at once. */
    JsonObjectBuilder create(AlipayCaller caller, Map<String, String> fields, JsonObject content) {
        return named(make(caller, AlipayProduct.CREATE, fields, content, Decision.NONE));
    }

    static JsonObjectBuilder named(Trade trade) {
        return Json.createObjectBuilder().add("out_trade_no", trade.number()).add("trade_no", trade.transactionId());
    }

    /**
     * Stores a trade, or finds it: the same request again is for the same trade, another one with its number is
     * refused.
     */
    Trade make(
            AlipayCaller caller,
            AlipayProduct product,
            Map<String, String> fields,
            JsonObject content,
            Decision decision) {
        AlipayRules.checkAddresses(fields);
        var order = AlipayRules.order(product, content, clock.instant());
        var made = transactions.inNew(() -> write(caller, order, fields, content, decision));
        var trade = current(trades.find(caller.seller().id(), order.number()).orElseThrow());
        if (!made) checkSame(trade, content);
        return trade;
    }

    private boolean write(
            AlipayCaller caller,
            AlipayRules.Order order,
            Map<String, String> fields,
            JsonObject content,
            Decision decision) {
        var product = order.product();
        var made = operations.create(new NewTrade(
                caller.seller(),
                order.number(),
                newCode(product),
                order.amount(),
                order.subject(),
                fields.getOrDefault("notify_url", ""),
                content.toString(),
                product == AlipayProduct.PRECREATE ? "UNSCANNED" : "NOTPAY",
                order.expiresAt()));
        if (!made) return false;
        tradeStore.add(new AlipayTradeDetail(
                trades.find(caller.seller().id(), order.number()).orElseThrow().id(),
                product,
                caller.onBehalf(),
                fields.getOrDefault("return_url", ""),
                content.getString("quit_url", ""),
                decision.at(),
                decision.what(),
                product.reportsItsEnd() ? afterExpiry(order.expiresAt()) : null,
                null));
        return true;
    }

    private static String newCode(AlipayProduct product) {
        return product == AlipayProduct.PRECREATE
                ? "https://qr.alipay.com/bax" + RandomText.letters(20).toLowerCase(Locale.ROOT)
                : "alipay:" + UUID.randomUUID();
    }

    private static void checkSame(Trade trade, JsonObject content) {
        switch (trade.state()) {
            case "SUCCESS" -> throw AlipayRefusal.business("TRADE_HAS_SUCCESS", "交易已被支付");
            case "CLOSED" -> throw AlipayRefusal.business("TRADE_HAS_CLOSE", "交易已经关闭");
            default -> {
                if (!AlipayFormat.request(trade).equals(content)) {
                    throw AlipayRefusal.business("CONTEXT_INCONSISTENT", "交易信息被篡改");
                }
            }
        }
    }

    /**
     * The trade as it is now. What is due is written down first: the payer's decision, and closing after its expiry.
     */
    Trade current(Trade trade) {
        tradeStore.takeDecision(trade.id()).ifPresent(decision -> {
            if (decision.equals("PAY")) operations.pay(trade);
            else trades.changeState(trade.id(), "NOTPAY", "CLOSED");
        });
        return operations.current(trades.get(trade.id()));
    }

    /** By Alipay's number or, without it, by the merchant's. A QR code that was not scanned is no trade. */
    Optional<Trade> find(Account seller, JsonObject content) {
        var tradeNo = AlipayRules.optional(content, "trade_no", 64);
        var found = tradeNo.isEmpty()
                ? trades.find(seller.id(), AlipayRules.number(content))
                : tradeStore.byTradeNo(seller.id(), tradeNo);
        return found.map(this::current).filter(t -> !t.state().equals("UNSCANNED"));
    }

    Trade existing(Account seller, JsonObject content) {
        return find(seller, content).orElseThrow(() -> AlipayRefusal.business("TRADE_NOT_EXIST", "交易不存在"));
    }

    JsonObjectBuilder query(Trade trade, JsonObject content) {
        var request = AlipayFormat.request(trade);
        var paid = trade.paidAt() == null ? 0 : trade.reported();
        var answer = withPayer(named(trade), trade)
                .add("trade_status", status(trade))
                .add("total_amount", Yuan.text(trade.reported()))
                .add("receipt_amount", Yuan.text(paid))
                .add("buyer_pay_amount", Yuan.text(paid))
                .add("invoice_amount", Yuan.text(paid))
                .add("point_amount", Yuan.text(0));
        for (var name : new String[] {"store_id", "terminal_id", "passback_params"}) {
            var value = request.getString(name, "");
            if (!value.isEmpty()) answer.add(name, value);
        }
        if (trade.paidAt() == null) return answer;
        answer.add("send_pay_date", AlipayFormat.time(trade.paidAt()));
        if (AlipayRules.asksFor(content, "fund_bill_list")) {
            answer.add("fund_bill_list", AlipayFormat.fundBill(trade));
        }
        return answer;
    }

    static JsonObjectBuilder withPayer(JsonObjectBuilder answer, Trade trade) {
        var payer = AlipayFormat.Payer.of(trade);
        return answer.add("buyer_logon_id", AlipayFormat.LOGON)
                .add(payer.open() ? "buyer_open_id" : "buyer_user_id", payer.id());
    }

    /**
     * A trade that is refunded in full is closed. Only its time of payment differs from that of a trade that nobody
     * paid.
     */
    private String status(Trade trade) {
        return switch (trade.state()) {
            case "SUCCESS" ->
                refundStore.refunded(trade.id()) >= trade.amount()
                        ? "TRADE_CLOSED"
                        : finished(trade) ? "TRADE_FINISHED" : "TRADE_SUCCESS";
            case "CLOSED" -> "TRADE_CLOSED";
            default -> "WAIT_BUYER_PAY";
        };
    }

    boolean finished(Trade trade) {
        return !finishes(trade).isAfter(clock.instant());
    }

    private static Instant finishes(Trade paid) {
        return paid.paidAt().atOffset(AlipayFormat.CHINA).plus(REFUNDABLE).toInstant();
    }

    /** Whether it was paid before today in China. */
    boolean paidBeforeToday(Trade trade) {
        return day(trade.paidAt()).isBefore(day(clock.instant()));
    }

    private static LocalDate day(Instant at) {
        return at.atOffset(AlipayFormat.CHINA).toLocalDate();
    }

    JsonObjectBuilder close(Account seller, JsonObject content) {
        var trade = existing(seller, content);
        if (!trade.state().equals("NOTPAY") || !closeUnpaid(trade)) {
            throw AlipayRefusal.business("TRADE_STATUS_ERROR", "交易状态不合法");
        }
        return named(trade);
    }

    /** Returns false if it is paid. */
    boolean closeUnpaid(Trade trade) {
        if (!operations.close(trade)) return false;
        tradeStore.watchNow(trade.id());
        return true;
    }

    // what is due

    /** Carries out the payers' decisions, and reports the end of trades whose product reports it. */
    void settleDue() {
        for (var id : tradeStore.decisionsDue()) current(trades.get(id));
        for (var id : tradeStore.claimWatched()) reportItsEnd(current(trades.get(id)));
    }

    private void reportItsEnd(Trade trade) {
        switch (trade.state()) {
            case "CLOSED" -> {
                tradeStore.markClosed(trade.id());
                report(trade, "TRADE_CLOSED");
            }
            case "SUCCESS" -> {
                var over = refundStore.refunded(trade.id()) >= trade.amount();
                if (!over && !finished(trade)) tradeStore.watch(trade.id(), finishes(trade));
                else if (over) tradeStore.watch(trade.id(), null);
                else report(trade, "TRADE_FINISHED");
            }
            default -> tradeStore.watch(trade.id(), afterExpiry(trade.expiresAt()));
        }
    }

    private void report(Trade trade, String end) {
        if (!trade.notifyUrl().isEmpty()) notifier.announce(trade, null, end);
        tradeStore.watch(trade.id(), null);
    }

    /** The first moment in which it cannot be paid any more. */
    private static Instant afterExpiry(Instant expiresAt) {
        return expiresAt.plus(Duration.ofMillis(1));
    }
}
