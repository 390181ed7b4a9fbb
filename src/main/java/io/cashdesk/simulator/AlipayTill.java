package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * Payments at the till: the payer's code decides by its last four digits what becomes of it.
 *
 * <ul>
 *   <li>0002: he confirms after three seconds
 *   <li>0003: he does not, and after three seconds the trade is closed
 *   <li>0004: it is paid, but answered as "unknown"
 *   <li>0005: the code is spent
 *   <li>0006: he has too little money
 *   <li>0007: he thinks until a test pays for him, the merchant cancels or the time is over
 *   <li>any other: paid at once
 * </ul>
 *
 * @see <a href="https://opendocs.alipay.com/open/02ekfp">alipay.trade.pay</a>
 * @see <a href="https://opendocs.alipay.com/open/02ekfi">alipay.trade.cancel</a>
 */
@ApplicationScoped
class AlipayTill {
    private static final Duration THINKING = Duration.ofSeconds(3);

    @Inject
    Books books;

    @Inject
    AlipayBooks alipay;

    @Inject
    AlipayTrades trades;

    @Inject
    AlipayRefunds refunds;

    @Inject
    Cashier cashier;

    @Inject
    Clock clock;

    JsonObjectBuilder pay(AlipayGate.Caller caller, Map<String, String> fields, JsonObject content) {
        var code = AlipayRules.authCode(content);
        var number =
                AlipayRules.order(AlipayProduct.TILL, content, clock.instant()).number();
        var known = books.trade(caller.seller().id(), number).isPresent();
        var tail = code.substring(code.length() - 4);
        var valid =
                !tail.equals("0005") && alipay.takeCode(code, caller.seller().id(), number);
        if (!known && !valid) throw AlipayRules.codeInvalid();
        var trade = trades.make(caller, AlipayProduct.TILL, fields, content, decision(tail));
        if (!known) charge(trade, tail);
        var now = books.trade(trade.id());
        return now.paidAt() == null ? waiting(now) : paid(now, content);
    }

    private AlipayTrades.Decision decision(String tail) {
        return switch (tail) {
            case "0002" -> new AlipayTrades.Decision("PAY", clock.instant().plus(THINKING));
            case "0003" -> new AlipayTrades.Decision("CLOSE", clock.instant().plus(THINKING));
            default -> AlipayTrades.Decision.NONE;
        };
    }

    private void charge(Books.Trade trade, String tail) {
        switch (tail) {
            case "0002", "0003" -> {} // he is asked on his phone
            case "0007" ->
                books.log(trade.number(), "–", "thinking", "", "the payer thinks until a test decides for him");
            case "0006" -> {
                books.move(trade.id(), "NOTPAY", "CLOSED");
                throw AlipayRules.business("BUYER_BALANCE_NOT_ENOUGH", "买家余额不足");
            }
            default -> cashier.pay(trade);
        }
        if (tail.equals("0004")) throw AlipayGate.unknown();
    }

    private static JsonObjectBuilder waiting(Books.Trade trade) {
        return AlipayTrades.withPayer(AlipayTrades.named(trade), trade)
                .add("code", "10003")
                .add("total_amount", AlipayMessages.yuan(trade.amount()));
    }

    private static JsonObjectBuilder paid(Books.Trade trade, JsonObject content) {
        var amount = AlipayMessages.yuan(trade.reported());
        var answer = AlipayTrades.withPayer(AlipayTrades.named(trade), trade)
                .add("total_amount", amount)
                .add("receipt_amount", amount)
                .add("buyer_pay_amount", amount)
                .add("invoice_amount", amount)
                .add("point_amount", AlipayMessages.yuan(0))
                .add("gmt_payment", AlipayMessages.time(trade.paidAt()))
                .add("fund_bill_list", AlipayMessages.fundBill(trade));
        var store = content.getString("store_id", "");
        return store.isEmpty() ? answer : answer.add("store_name", store);
    }

    /** Ends a trade whatever its state, on the day of its payment; where there is none it succeeds and does nothing. */
    JsonObjectBuilder cancel(Books.Account seller, JsonObject content) {
        var found = trades.find(seller, content);
        if (found.isEmpty()) {
            var answer = Json.createObjectBuilder().add("retry_flag", "N");
            for (var name : new String[] {"out_trade_no", "trade_no"}) {
                if (content.containsKey(name)) answer.add(name, content.get(name));
            }
            return answer;
        }
        var trade = found.get();
        var answer = AlipayTrades.named(trade);
        if (books.took(trade, Fault.REVERSE_ONCE_MORE)) return answer.add("retry_flag", "Y");
        answer.add("retry_flag", "N");
        if (trade.paidAt() == null && trades.closeUnpaid(trade)) return answer.add("action", "close");
        var paid = books.trade(trade.id()); // just now, perhaps
        if (trades.finished(paid)) throw AlipayRules.business("TRADE_HAS_FINISHED", "交易已完结");
        if (trades.paidBeforeToday(paid)) throw AlipayRules.business("TRADE_CANCEL_TIME_OUT", "超过撤销时间范围");
        refunds.giveAllBack(paid);
        return answer.add("action", "refund");
    }
}
