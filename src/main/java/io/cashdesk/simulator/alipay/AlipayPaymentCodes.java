package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
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
import java.util.Map;

/**
 * Payments with the code on the payer's phone. The last four digits of the code decide what happens:
 *
 * <ul>
 *   <li>0002: the payer confirms after three seconds
 *   <li>0003: the payer does not confirm, and after three seconds the trade is closed
 *   <li>0004: it is paid, but answered as "unknown"
 *   <li>0005: the code was used before
 *   <li>0006: the payer has too little money
 *   <li>0007: the payer does not decide; a test pays, the merchant cancels, or the trade expires
 *   <li>any other: paid at once
 * </ul>
 *
 * @see <a href="https://opendocs.alipay.com/open/02ekfp">alipay.trade.pay</a>
 * @see <a href="https://opendocs.alipay.com/open/02ekfi">alipay.trade.cancel</a>
 */
@ApplicationScoped
class AlipayPaymentCodes {
    private static final Duration BEFORE_DECISION = Duration.ofSeconds(3);

    @Inject
    TradeStore trades;

    @Inject
    ExchangeLog log;

    @Inject
    TradeOperations operations;

    @Inject
    AlipayTradeStore tradeStore;

    @Inject
    AlipayTrades alipayTrades;

    @Inject
    AlipayRefunds refunds;

    @Inject
    Clock clock;

    JsonObjectBuilder pay(AlipayCaller caller, Map<String, String> fields, JsonObject content) {
        var code = AlipayRules.authCode(content);
        var number =
                AlipayRules.order(AlipayProduct.CODE, content, clock.instant()).number();
        var known = trades.find(caller.seller().id(), number).isPresent();
        var tail = code.substring(code.length() - 4);
        var valid = !tail.equals("0005")
                && tradeStore.takeCode(code, caller.seller().id(), number);
        if (!known && !valid) throw AlipayRefusal.codeInvalid();
        var trade = alipayTrades.make(caller, AlipayProduct.CODE, fields, content, decision(tail));
        if (!known) charge(trade, tail);
        var now = trades.get(trade.id());
        return now.paidAt() == null ? waiting(now) : paid(now, content);
    }

    private AlipayTrades.Decision decision(String tail) {
        return switch (tail) {
            case "0002" -> new AlipayTrades.Decision("PAY", clock.instant().plus(BEFORE_DECISION));
            case "0003" -> new AlipayTrades.Decision("CLOSE", clock.instant().plus(BEFORE_DECISION));
            default -> AlipayTrades.Decision.NONE;
        };
    }

    private void charge(Trade trade, String tail) {
        switch (tail) {
            case "0002", "0003" -> {} // the payer is asked on the phone
            case "0007" -> log.add(Exchange.event(trade, Exchange.Event.PASSWORD, ""));
            case "0006" -> {
                trades.changeState(trade.id(), "NOTPAY", "CLOSED");
                throw AlipayRefusal.business("BUYER_BALANCE_NOT_ENOUGH", "买家余额不足");
            }
            default -> operations.pay(trade);
        }
        if (tail.equals("0004")) throw AlipayRefusal.unknown();
    }

    private static JsonObjectBuilder waiting(Trade trade) {
        return AlipayTrades.withPayer(AlipayTrades.named(trade), trade)
                .add("code", "10003")
                .add("total_amount", Yuan.text(trade.amount()));
    }

    private static JsonObjectBuilder paid(Trade trade, JsonObject content) {
        var amount = Yuan.text(trade.reported());
        var answer = AlipayTrades.withPayer(AlipayTrades.named(trade), trade)
                .add("total_amount", amount)
                .add("receipt_amount", amount)
                .add("buyer_pay_amount", amount)
                .add("invoice_amount", amount)
                .add("point_amount", Yuan.text(0))
                .add("gmt_payment", AlipayFormat.time(trade.paidAt()))
                .add("fund_bill_list", AlipayFormat.fundBill(trade));
        var store = content.getString("store_id", "");
        return store.isEmpty() ? answer : answer.add("store_name", store);
    }

    /**
     * Ends a trade in any state, until the day of its payment is over. Without a trade it succeeds and does nothing.
     */
    JsonObjectBuilder cancel(Account seller, JsonObject content) {
        var found = alipayTrades.find(seller, content);
        if (found.isEmpty()) {
            var answer = Json.createObjectBuilder().add("retry_flag", "N");
            for (var name : new String[] {"out_trade_no", "trade_no"}) {
                if (content.containsKey(name)) answer.add(name, content.get(name));
            }
            return answer;
        }
        var trade = found.get();
        var answer = AlipayTrades.named(trade);
        if (trades.takeFault(trade, CommonFault.REVERSE_ONCE_MORE)) return answer.add("retry_flag", "Y");
        answer.add("retry_flag", "N");
        if (trade.paidAt() == null && alipayTrades.closeUnpaid(trade)) return answer.add("action", "close");
        var paid = trades.get(trade.id()); // it may have been paid just now
        if (alipayTrades.finished(paid)) throw AlipayRefusal.business("TRADE_HAS_FINISHED", "交易已完结");
        if (alipayTrades.paidBeforeToday(paid)) throw AlipayRefusal.business("TRADE_CANCEL_TIME_OUT", "超过撤销时间范围");
        refunds.refundAll(paid);
        return answer.add("action", "refund");
    }
}
