package io.cashdesk.simulator.alipay;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Notifier;
import io.cashdesk.simulator.Payers;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.Yuan;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;

/**
 * Refunds. They succeed at once, unless a fault of the trade says otherwise.
 *
 * @see <a href="https://opendocs.alipay.com/open/02ekfk">alipay.trade.refund</a>
 * @see <a href="https://opendocs.alipay.com/open/02ekfl">alipay.trade.fastpay.refund.query</a>
 */
@ApplicationScoped
class AlipayRefunds {
    @Inject
    ExchangeLog log;

    @Inject
    TradeStore trades;

    @Inject
    AlipayTradeStore tradeStore;

    @Inject
    AlipayRefundStore refundStore;

    @Inject
    AlipayTrades alipayTrades;

    @Inject
    Notifier notifier;

    @Inject
    Payers payers;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /** @param fresh false if the same refund was accepted before and nothing is refunded now */
    private record Accepted(AlipayRefund refund, boolean fresh) {}

    JsonObjectBuilder refund(Trade trade, JsonObject content) {
        var request = AlipayRules.refund(content);
        var number = request.number().isEmpty() ? trade.number() : request.number();
        // without a number of its own a refund has the trade's number, so there can be only one, and of the whole
        // amount
        if (request.number().isEmpty() && request.amount() != trade.amount())
            throw AlipayRefusal.parameter("out_request_no");
        var limit = refundStore.find(trade.id(), number).isPresent()
                ? CommonFault.REFUND_REPETITION_LIMITED
                : CommonFault.REFUND_FREQUENCY_LIMITED;
        if (trades.takeFault(trade, limit)) throw AlipayRefusal.tooMany();
        var accepted = transactions.inNew(() -> accept(trade, number, request));
        var refund = accepted.refund();
        if (accepted.fresh() && refund.shown()) {
            log.add(Exchange.event(
                    trade, Exchange.Event.REFUND_SUCCESS, number + " ¥" + Yuan.grouped(request.amount())));
            payers.refund(trade, request.amount());
            if (!trade.notifyUrl().isEmpty()) notifier.announce(trade, refund.id(), "SUCCESS");
        }
        return answer(trade, accepted, content);
    }

    private Accepted accept(Trade given, String number, AlipayRules.Refund request) {
        var trade = tradeStore.lock(given.id());
        var known = refundStore.find(trade.id(), number);
        if (known.isPresent()) {
            if (known.get().amount() != request.amount()) {
                throw AlipayRefusal.business("DISCORDANT_REPEAT_REQUEST", "不一致的请求");
            }
            return new Accepted(known.get(), false);
        }
        check(trade);
        var total = refundStore.refunded(trade.id()) + request.amount();
        if (total > trade.amount()) throw AlipayRefusal.business("REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限");
        var fails = trade.has(CommonFault.REFUND_CLOSED);
        return new Accepted(write(trade, number, request, !fails, total), true);
    }

    private void check(Trade trade) {
        if (!trade.state().equals("SUCCESS")) throw AlipayRefusal.business("TRADE_STATUS_ERROR", "交易状态不合法");
        if (alipayTrades.finished(trade)) throw AlipayRefusal.business("TRADE_HAS_FINISHED", "交易已完结");
        if (trade.has(AlipayFault.REFUND_NOT_ALLOWED)) {
            throw AlipayRefusal.business("TRADE_NOT_ALLOW_REFUND", "当前交易不允许退款");
        }
        if (trade.has(CommonFault.REFUND_NOT_ENOUGH)) {
            throw AlipayRefusal.business("SELLER_BALANCE_NOT_ENOUGH", "商户余额不足");
        }
    }

    private AlipayRefund write(Trade trade, String number, AlipayRules.Refund request, boolean shown, long total) {
        var refund = new AlipayRefund(
                Ids.next(),
                trade.id(),
                number,
                request.amount(),
                request.reason(),
                shown,
                clock.instant(),
                shown ? total : total - request.amount());
        refundStore.add(refund);
        return refund;
    }

    /** Refunds what is left of a paid trade, for a cancel; a second cancel changes nothing. */
    void refundAll(Trade paid) {
        long moved = transactions.inNew(() -> {
            var trade = tradeStore.lock(paid.id());
            var left = trade.amount() - refundStore.refunded(trade.id());
            if (left == 0) return 0L;
            check(trade);
            var number = refundStore.find(trade.id(), trade.number()).isEmpty()
                    ? trade.number()
                    : trade.number() + "_cancel"; // a refund has the trade's number
            write(trade, number, new AlipayRules.Refund(number, left, "cancelled"), true, trade.amount());
            return left;
        });
        if (moved == 0) return;
        log.add(Exchange.event(paid, Exchange.Event.REVERSED, ""));
        payers.refund(paid, moved);
    }

    private JsonObjectBuilder answer(Trade trade, Accepted accepted, JsonObject content) {
        var refund = accepted.refund();
        var moved = accepted.fresh() && refund.shown();
        var answer = AlipayTrades.withPayer(AlipayTrades.named(trade), trade)
                .add("fund_change", moved ? "Y" : "N")
                .add("refund_fee", Yuan.text(refundStore.refunded(trade.id())));
        if (moved) answer.add("gmt_refund_pay", AlipayFormat.time(refund.at()));
        if (refund.shown() && AlipayRules.asksFor(content, "refund_detail_item_list")) {
            answer.add("refund_detail_item_list", items(refund)).add("send_back_fee", Yuan.text(refund.amount()));
        }
        return answer;
    }

    private static JsonArrayBuilder items(AlipayRefund refund) {
        return Json.createArrayBuilder()
                .add(Json.createObjectBuilder()
                        .add("amount", Yuan.text(refund.amount()))
                        .add("fund_channel", "ALIPAYACCOUNT"));
    }

    /** Without a refund of this number, or if it failed, the answer has no field about it. */
    JsonObjectBuilder query(Trade trade, JsonObject content) {
        var number = AlipayRules.optional(content, "out_request_no", 64);
        if (number.isEmpty()) throw AlipayRefusal.parameter("out_request_no");
        var found = refundStore.find(trade.id(), number).filter(AlipayRefund::shown);
        if (found.isEmpty() || trades.takeFault(trade, CommonFault.REFUND_FOUND_LATE)) {
            return Json.createObjectBuilder();
        }
        var refund = found.get();
        var answer = AlipayTrades.named(trade)
                .add("out_request_no", number)
                .add("total_amount", Yuan.text(trade.amount()))
                .add("refund_amount", Yuan.text(refund.amount()))
                .add("refund_status", "REFUND_SUCCESS");
        if (!refund.reason().isEmpty()) answer.add("refund_reason", refund.reason());
        if (AlipayRules.asksFor(content, "gmt_refund_pay")) {
            answer.add("gmt_refund_pay", AlipayFormat.time(refund.at()));
        }
        if (AlipayRules.asksFor(content, "refund_detail_item_list")) {
            answer.add("refund_detail_item_list", items(refund)).add("send_back_fee", Yuan.text(refund.amount()));
        }
        return answer;
    }
}
