package io.cashdesk.simulator;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.database.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;

/**
 * Money that goes back at Alipay: at once, unless the dial says otherwise.
 *
 * @see <a href="https://opendocs.alipay.com/open/02ekfk">alipay.trade.refund</a>
 * @see <a href="https://opendocs.alipay.com/open/02ekfl">alipay.trade.fastpay.refund.query</a>
 */
@ApplicationScoped
class AlipayRefunds {
    @Inject
    Books books;

    @Inject
    AlipayBooks alipay;

    @Inject
    AlipayTrades trades;

    @Inject
    Notifier notifier;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /** @param fresh false: it was asked for before, and nothing moves now */
    private record Accepted(AlipayBooks.Refund refund, boolean fresh) {}

    JsonObjectBuilder refund(Books.Trade trade, JsonObject content) {
        var wish = AlipayRules.refund(content);
        var number = wish.number().isEmpty() ? trade.number() : wish.number();
        // without a number of its own a refund has the trade's, so there can be one alone, and of everything
        if (wish.number().isEmpty() && wish.amount() != trade.amount()) throw AlipayRules.parameter("out_request_no");
        var accepted = transactions.inNew(() -> accept(trade, number, wish));
        var refund = accepted.refund();
        if (accepted.fresh() && refund.shown()) {
            books.log(trade.number(), "–", "refunded", "", AlipayMessages.yuan(wish.amount()) + " as " + number);
            if (!trade.notifyUrl().isEmpty()) notifier.announce(trade, refund.id(), "SUCCESS");
        }
        return answer(trade, accepted, content);
    }

    private Accepted accept(Books.Trade asked, String number, AlipayRules.Refund wish) {
        var trade = alipay.locked(asked.id());
        var known = alipay.refund(trade.id(), number);
        if (known.isPresent()) {
            if (known.get().amount() != wish.amount()) {
                throw AlipayRules.business("DISCORDANT_REPEAT_REQUEST", "不一致的请求");
            }
            return new Accepted(known.get(), false);
        }
        check(trade);
        var total = alipay.refunded(trade.id()) + wish.amount();
        if (total > trade.amount()) throw AlipayRules.business("REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限");
        var fails = trade.faults().contains(Fault.REFUND_CLOSED);
        return new Accepted(write(trade, number, wish, !fails, total), true);
    }

    private void check(Books.Trade trade) {
        if (!trade.state().equals("SUCCESS")) throw AlipayRules.business("TRADE_STATUS_ERROR", "交易状态不合法");
        if (trades.finished(trade)) throw AlipayRules.business("TRADE_HAS_FINISHED", "交易已完结");
        if (trade.faults().contains(Fault.REFUND_NOT_ALLOWED)) {
            throw AlipayRules.business("TRADE_NOT_ALLOW_REFUND", "当前交易不允许退款");
        }
        if (trade.faults().contains(Fault.REFUND_NOT_ENOUGH)) {
            throw AlipayRules.business("SELLER_BALANCE_NOT_ENOUGH", "商户余额不足");
        }
    }

    private AlipayBooks.Refund write(
            Books.Trade trade, String number, AlipayRules.Refund wish, boolean shown, long total) {
        var refund = new AlipayBooks.Refund(
                Ids.next(),
                trade.id(),
                number,
                wish.amount(),
                wish.reason(),
                shown,
                clock.instant(),
                shown ? total : total - wish.amount());
        alipay.add(refund);
        return refund;
    }

    /** What a cancel does to a paid trade; a second one changes nothing. */
    void giveAllBack(Books.Trade paid) {
        var moved = transactions.inNew(() -> {
            var trade = alipay.locked(paid.id());
            var left = trade.amount() - alipay.refunded(trade.id());
            if (left == 0) return false;
            check(trade);
            var number = alipay.refund(trade.id(), trade.number()).isEmpty()
                    ? trade.number()
                    : trade.number() + "_cancel"; // a refund has taken the trade's number
            write(trade, number, new AlipayRules.Refund(number, left, "cancelled"), true, trade.amount());
            return true;
        });
        if (moved) books.log(paid.number(), "–", "cancelled", "", "the payer has his money back");
    }

    private JsonObjectBuilder answer(Books.Trade trade, Accepted accepted, JsonObject content) {
        var refund = accepted.refund();
        var moved = accepted.fresh() && refund.shown();
        var answer = AlipayTrades.withPayer(AlipayTrades.named(trade), trade)
                .add("fund_change", moved ? "Y" : "N")
                .add("refund_fee", AlipayMessages.yuan(alipay.refunded(trade.id())));
        if (moved) answer.add("gmt_refund_pay", AlipayMessages.time(refund.at()));
        if (refund.shown() && AlipayRules.asksFor(content, "refund_detail_item_list")) {
            answer.add("refund_detail_item_list", items(refund))
                    .add("send_back_fee", AlipayMessages.yuan(refund.amount()));
        }
        return answer;
    }

    private static JsonArrayBuilder items(AlipayBooks.Refund refund) {
        return Json.createArrayBuilder()
                .add(Json.createObjectBuilder()
                        .add("amount", AlipayMessages.yuan(refund.amount()))
                        .add("fund_channel", "ALIPAYACCOUNT"));
    }

    /** A refund that is not there, or that failed, is answered without a word about it. */
    JsonObjectBuilder query(Books.Trade trade, JsonObject content) {
        var number = AlipayRules.optional(content, "out_request_no", 64);
        if (number.isEmpty()) throw AlipayRules.parameter("out_request_no");
        var found = alipay.refund(trade.id(), number).filter(AlipayBooks.Refund::shown);
        if (found.isEmpty()) return Json.createObjectBuilder();
        var refund = found.get();
        var answer = AlipayTrades.named(trade)
                .add("out_request_no", number)
                .add("total_amount", AlipayMessages.yuan(trade.amount()))
                .add("refund_amount", AlipayMessages.yuan(refund.amount()))
                .add("refund_status", "REFUND_SUCCESS");
        if (!refund.reason().isEmpty()) answer.add("refund_reason", refund.reason());
        if (AlipayRules.asksFor(content, "gmt_refund_pay")) {
            answer.add("gmt_refund_pay", AlipayMessages.time(refund.at()));
        }
        if (AlipayRules.asksFor(content, "refund_detail_item_list")) {
            answer.add("refund_detail_item_list", items(refund))
                    .add("send_back_fee", AlipayMessages.yuan(refund.amount()));
        }
        return answer;
    }
}
