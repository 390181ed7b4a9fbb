package io.cashdesk.simulator;

import io.cashdesk.ground.database.Transactions;
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
 * Alipay's trades, whatever made them, until they are paid or closed.
 *
 * @see <a href="https://opendocs.alipay.com/open/02ekfg">the products' documents</a>
 */
@ApplicationScoped
class AlipayTrades {
    /** After a payment, how long it can go back; then the trade is finished. */
    private static final Period REFUNDABLE = Period.ofMonths(12);

    @Inject
    Books books;

    @Inject
    AlipayBooks alipay;

    @Inject
    Cashier cashier;

    @Inject
    Notifier notifier;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /** What a payer at the till has decided; nothing, if he decides at once or never. */
    record Decision(String what, Instant at) {
        static final Decision NONE = new Decision(null, null);
    }

    /** A code for a screen. The trade begins when somebody scans it. */
    JsonObjectBuilder precreate(AlipayGate.Caller caller, Map<String, String> fields, JsonObject content) {
        var trade = make(caller, AlipayProduct.PRECREATE, fields, content, Decision.NONE);
        if (trade.state().equals("UNSCANNED") && trade.expired(clock.instant())) {
            var expiry = AlipayRules.order(AlipayProduct.PRECREATE, content, clock.instant())
                    .expiresAt();
            alipay.renew(trade.id(), newCode(AlipayProduct.PRECREATE), expiry);
            trade = books.trade(trade.id());
        }
        return Json.createObjectBuilder().add("out_trade_no", trade.number()).add("qr_code", trade.code());
    }

    /** For a mini-program: the trade exists at once. */
    JsonObjectBuilder create(AlipayGate.Caller caller, Map<String, String> fields, JsonObject content) {
        return named(make(caller, AlipayProduct.CREATE, fields, content, Decision.NONE));
    }

    static JsonObjectBuilder named(Books.Trade trade) {
        return Json.createObjectBuilder().add("out_trade_no", trade.number()).add("trade_no", trade.transactionId());
    }

    /** Writes a trade down, or finds that this one is there already: the same words again are the same trade. */
    Books.Trade make(
            AlipayGate.Caller caller,
            AlipayProduct product,
            Map<String, String> fields,
            JsonObject content,
            Decision decision) {
        var order = AlipayRules.order(product, content, clock.instant());
        var made = transactions.inNew(() -> write(caller, order, fields, content, decision));
        var trade = current(books.trade(caller.seller().id(), order.number()).orElseThrow());
        if (!made) again(trade, content);
        return trade;
    }

    private boolean write(
            AlipayGate.Caller caller,
            AlipayRules.Order order,
            Map<String, String> fields,
            JsonObject content,
            Decision decision) {
        var product = order.product();
        var made = cashier.make(new Cashier.Wish(
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
        alipay.add(new AlipayBooks.Detail(
                books.trade(caller.seller().id(), order.number()).orElseThrow().id(),
                product,
                caller.onBehalf(),
                fields.getOrDefault("return_url", ""),
                content.getString("quit_url", ""),
                decision.at(),
                decision.what(),
                product.tellsOfItsEnd() ? afterExpiry(order.expiresAt()) : null,
                null));
        return true;
    }

    private static String newCode(AlipayProduct product) {
        return product == AlipayProduct.PRECREATE
                ? "https://qr.alipay.com/bax" + Keys.letters(20).toLowerCase(Locale.ROOT)
                : "alipay:" + UUID.randomUUID();
    }

    private static void again(Books.Trade trade, JsonObject content) {
        switch (trade.state()) {
            case "SUCCESS" -> throw AlipayRules.business("TRADE_HAS_SUCCESS", "交易已被支付");
            case "CLOSED" -> throw AlipayRules.business("TRADE_HAS_CLOSE", "交易已经关闭");
            default -> {
                if (!AlipayMessages.request(trade).equals(content)) {
                    throw AlipayRules.business("CONTEXT_INCONSISTENT", "交易信息被篡改");
                }
            }
        }
    }

    /** The trade as it is now: a payer at the till may have made up his mind, or its time may be over. */
    Books.Trade current(Books.Trade trade) {
        alipay.takeDecision(trade.id()).ifPresent(decision -> {
            if (decision.equals("PAY")) cashier.pay(trade);
            else books.move(trade.id(), "NOTPAY", "CLOSED");
        });
        return cashier.current(books.trade(trade.id()));
    }

    /** By Alipay's own number if it is given, otherwise by the merchant's; a code that nobody has scanned is no trade yet. */
    Optional<Books.Trade> find(Books.Account seller, JsonObject content) {
        var tradeNo = AlipayRules.optional(content, "trade_no", 64);
        var found = tradeNo.isEmpty()
                ? books.trade(seller.id(), AlipayRules.number(content))
                : alipay.tradeByTransaction(seller.id(), tradeNo);
        return found.map(this::current).filter(t -> !t.state().equals("UNSCANNED"));
    }

    Books.Trade existing(Books.Account seller, JsonObject content) {
        return find(seller, content).orElseThrow(() -> AlipayRules.business("TRADE_NOT_EXIST", "交易不存在"));
    }

    JsonObjectBuilder query(Books.Trade trade, JsonObject content) {
        var request = AlipayMessages.request(trade);
        var paid = trade.paidAt() == null ? 0 : trade.reported();
        var answer = withPayer(named(trade), trade)
                .add("trade_status", status(trade))
                .add("total_amount", AlipayMessages.yuan(trade.reported()))
                .add("receipt_amount", AlipayMessages.yuan(paid))
                .add("buyer_pay_amount", AlipayMessages.yuan(paid))
                .add("invoice_amount", AlipayMessages.yuan(paid))
                .add("point_amount", AlipayMessages.yuan(0));
        for (var name : new String[] {"store_id", "terminal_id", "passback_params"}) {
            var value = request.getString(name, "");
            if (!value.isEmpty()) answer.add(name, value);
        }
        if (trade.paidAt() == null) return answer;
        answer.add("send_pay_date", AlipayMessages.time(trade.paidAt()));
        if (AlipayRules.asksFor(content, "fund_bill_list")) {
            answer.add("fund_bill_list", AlipayMessages.fundBill(trade));
        }
        return answer;
    }

    static JsonObjectBuilder withPayer(JsonObjectBuilder answer, Books.Trade trade) {
        var payer = AlipayMessages.Payer.of(trade);
        return answer.add("buyer_logon_id", AlipayMessages.LOGON)
                .add(payer.open() ? "buyer_open_id" : "buyer_user_id", payer.id());
    }

    /** Given back in full it is closed, and only its moment of payment tells it from one that nobody paid. */
    private String status(Books.Trade trade) {
        return switch (trade.state()) {
            case "SUCCESS" ->
                alipay.refunded(trade.id()) >= trade.amount()
                        ? "TRADE_CLOSED"
                        : finished(trade) ? "TRADE_FINISHED" : "TRADE_SUCCESS";
            case "CLOSED" -> "TRADE_CLOSED";
            default -> "WAIT_BUYER_PAY";
        };
    }

    boolean finished(Books.Trade trade) {
        return !finishes(trade).isAfter(clock.instant());
    }

    private static Instant finishes(Books.Trade paid) {
        return paid.paidAt().atOffset(AlipayRules.CHINA).plus(REFUNDABLE).toInstant();
    }

    /** Whether it was paid before today, as China counts days. */
    boolean paidBeforeToday(Books.Trade trade) {
        return day(trade.paidAt()).isBefore(day(clock.instant()));
    }

    private static LocalDate day(Instant at) {
        return at.atOffset(AlipayRules.CHINA).toLocalDate();
    }

    JsonObjectBuilder close(Books.Account seller, JsonObject content) {
        var trade = existing(seller, content);
        if (!trade.state().equals("NOTPAY") || !closeUnpaid(trade)) {
            throw AlipayRules.business("TRADE_STATUS_ERROR", "交易状态不合法");
        }
        return named(trade);
    }

    /** False if somebody has paid it. */
    boolean closeUnpaid(Books.Trade trade) {
        if (!cashier.close(trade)) return false;
        alipay.lookNow(trade.id());
        return true;
    }

    // what happens while nobody asks

    /** Lets payers at tills decide, and tells the merchants who are told of a trade's end that it has come. */
    void settleDue() {
        for (var id : alipay.undecided()) current(books.trade(id));
        for (var id : alipay.takeWatched()) tellOfItsEnd(current(books.trade(id)));
    }

    private void tellOfItsEnd(Books.Trade trade) {
        switch (trade.state()) {
            case "CLOSED" -> {
                alipay.closed(trade.id());
                tell(trade, "TRADE_CLOSED");
            }
            case "SUCCESS" -> {
                var over = alipay.refunded(trade.id()) >= trade.amount();
                if (!over && !finished(trade)) alipay.watch(trade.id(), finishes(trade));
                else if (over) alipay.watch(trade.id(), null);
                else tell(trade, "TRADE_FINISHED");
            }
            default -> alipay.watch(trade.id(), afterExpiry(trade.expiresAt()));
        }
    }

    private void tell(Books.Trade trade, String end) {
        if (!trade.notifyUrl().isEmpty()) notifier.announce(trade, null, end);
        alipay.watch(trade.id(), null);
    }

    /** A trade is over only after the last moment in which it can be paid. */
    private static Instant afterExpiry(Instant expiresAt) {
        return expiresAt.plus(Duration.ofMillis(1));
    }
}
