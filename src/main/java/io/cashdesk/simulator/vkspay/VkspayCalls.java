package io.cashdesk.simulator.vkspay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;

/**
 * The methods of VksPay's own interface.
 *
 * @see <a href="https://github.com/VksPay/VksPay">the vendor's example</a>
 */
@ApplicationScoped
class VkspayCalls {
    @Inject
    TradeStore trades;

    @Inject
    VkspayStore store;

    @Inject
    VkspayTrades vkspayTrades;

    @Inject
    VkspayRefunds refunds;

    /**
     * What a call came to.
     *
     * @param trade the order that it is about
     * @param late the fault that delays its answer
     */
    record Outcome(JsonObject answer, Trade trade, CommonFault late) {}

    Outcome carryOut(Account account, VkspayRequest request) {
        return switch (request.required("method")) {
            case "webpay" -> webpay(account, request);
            case "micropay" -> micropay(account, request);
            case "orderquery" -> query(account, request);
            case "orderrefund" -> refund(account, request);
            case "orderrefundquery" -> refundQuery(account, request);
            default -> throw VkspayRefusal.of("未知的 method：" + request.get("method"));
        };
    }

    /** Every call makes an order. */
    private Outcome webpay(Account account, VkspayRequest request) {
        var wallet = request.get("pay_chnl");
        if (!wallet.isEmpty()) checkWallet(wallet);
        var notifyUrl = request.address("notify_url");
        var order = new VkspayTrades.Order("", request.fen("total_fee"), "VksPay", notifyUrl, detail(request, wallet));
        var trade = vkspayTrades.addNumbered(account, order);
        var data =
                Json.createObjectBuilder().add("out_trade_no", trade.number()).add("qrcode", trade.code());
        return made(success("下单成功").add("data", data), trade);
    }

    private static Outcome made(JsonObjectBuilder answer, Trade trade) {
        return new Outcome(answer.build(), trade, CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
    }

    private static VkspayTradeDetail detail(VkspayRequest request, String wallet) {
        return new VkspayTradeDetail(
                null, VkspayDialect.VKSPAY, wallet, "", request.get("return_url"), request.get("client_ip"));
    }

    private static void checkWallet(String wallet) {
        if (!VkspayServer.WALLETS.contains(wallet)) throw VkspayRefusal.of("参数 pay_chnl 应为 wxpay 或 alipay");
    }

    /** A payment code: paid at once, unless its last four digits are 0006. */
    private Outcome micropay(Account account, VkspayRequest request) {
        var wallet = request.required("pay_chnl");
        checkWallet(wallet);
        var code = request.required("auth_code");
        if (!code.matches("[0-9]{16,24}")) throw VkspayRefusal.of("参数 auth_code 不是付款码");
        request.required("client_ip");
        var order = new VkspayTrades.Order("", request.fen("total_fee"), "VksPay", "", detail(request, wallet));
        var trade = vkspayTrades.addNumbered(account, order);
        if (code.endsWith("0006")) {
            trades.changeState(trade.id(), "NOTPAY", "CLOSED");
            throw VkspayRefusal.of("余额不足");
        }
        vkspayTrades.payWithCode(trade, wallet);
        return made(success("支付成功").add("data", named(trade)), trade);
    }

    private static JsonObjectBuilder named(Trade trade) {
        return Json.createObjectBuilder().add("out_trade_no", trade.number());
    }

    private Trade existing(Account account, VkspayRequest request) {
        return vkspayTrades
                .find(account, request.required("out_trade_no"), "")
                .orElseThrow(() -> VkspayRefusal.of("订单不存在"));
    }

    /** SUCCESS is paid, whatever was refunded since; no amount is reported. */
    private Outcome query(Account account, VkspayRequest request) {
        var trade = existing(account, request);
        var answer = trade.paidAt() == null ? failure("订单未支付") : success("支付成功");
        answer.add("data", named(trade));
        return new Outcome(answer.build(), trade, null);
    }

    private Outcome refund(Account account, VkspayRequest request) {
        var trade = existing(account, request);
        var fen = request.fen("refund_fee");
        var refund = refunds.refund(trade, VkspayDialect.VKSPAY, "", fen, "R" + account.mchNo() + "-");
        var number = Json.createObjectBuilder().add("out_refund_no", refund.refundNo());
        var answer = success("退款成功");
        if (trade.has(VkspayFault.REPLY_NESTED)) answer.add("data", number);
        else answer.addAll(number);
        return new Outcome(answer.build(), trade, CommonFault.REFUND_TIMES_OUT_AFTER_ACCEPTING);
    }

    private Outcome refundQuery(Account account, VkspayRequest request) {
        var trade = existing(account, request);
        var number = request.required("out_refund_no");
        var refund = store.refund(account.id(), number, "")
                .filter(r -> r.tradeId().equals(trade.id()))
                .filter(r -> !trades.takeFault(trade, CommonFault.REFUND_FOUND_LATE))
                .orElseThrow(() -> VkspayRefusal.of("退款记录不存在"));
        var answer = refund.succeeded() ? success("退款成功") : failure("退款失败");
        return new Outcome(answer.build(), trade, null);
    }

    private static JsonObjectBuilder success(String message) {
        return Json.createObjectBuilder().add("return_code", "SUCCESS").add("return_msg", message);
    }

    static JsonObjectBuilder failure(String message) {
        return Json.createObjectBuilder().add("return_code", "FAIL").add("return_msg", message);
    }
}
