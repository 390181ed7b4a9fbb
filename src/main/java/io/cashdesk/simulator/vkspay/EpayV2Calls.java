package io.cashdesk.simulator.vkspay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
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
import java.util.Map;
import java.util.Set;

/** The calls of epay V2. Code 0 is success. */
@ApplicationScoped
class EpayV2Calls {
    private static final Set<String> METHODS = Set.of("web", "jump", "jsapi", "app", "scan", "applet");

    @Inject
    TradeStore trades;

    @Inject
    TradeOperations operations;

    @Inject
    VkspayStore store;

    @Inject
    VkspayTrades vkspayTrades;

    @Inject
    VkspayRefunds refunds;

    @Inject
    EpayOrders orders;

    @Inject
    EpayActs acts;

    @Inject
    EpayStatus status;

    @Inject
    Clock clock;

    /** Takes the order; a payment code is charged at once. */
    Trade create(Account account, Map<String, String> fields) {
        var method = EpayOrders.required(fields, "method", "接口类型");
        if (!METHODS.contains(method)) throw VkspayRefusal.of("接口类型(method)不存在");
        EpayOrders.required(fields, "clientip", "用户IP地址");
        if (method.equals("jsapi")) EpayOrders.required(fields, "sub_openid", "用户Openid");
        var code = method.equals("scan") ? EpayOrders.required(fields, "auth_code", "付款码") : "";
        if (!code.isEmpty() && !code.matches("[0-9]{16,24}")) throw VkspayRefusal.of("付款码(auth_code)不正确");
        var trade = orders.take(account, VkspayDialect.EPAY_V2, fields, false, true);
        if (!code.isEmpty()) vkspayTrades.payWithCode(trade, fields.get("type"));
        return trade;
    }

    /** The order of the refund that is named. */
    Trade refunded(Account account, Map<String, String> fields) {
        return trades.get(refund(account, fields).tradeId());
    }

    private VkspayRefund refund(Account account, Map<String, String> fields) {
        var number = fields.getOrDefault("refund_no", "");
        var own = fields.getOrDefault("out_refund_no", "");
        if (number.isEmpty() && own.isEmpty()) throw VkspayRefusal.of("退款单号不能为空");
        return store.refund(account.id(), number, own).orElseThrow(() -> VkspayRefusal.of("退款记录不存在"));
    }

    /** @param trade the order that the call is about, or null */
    EpayMessages.Outcome answer(String call, Account account, Trade trade, Map<String, String> fields) {
        return switch (call) {
            case "pay/create" ->
                new EpayMessages.Outcome(prompt(trade, fields), trade, CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
            case "pay/query" -> new EpayMessages.Outcome(order(account, trade), trade, null);
            case "pay/refund" ->
                new EpayMessages.Outcome(refund(trade, fields), trade, CommonFault.REFUND_TIMES_OUT_AFTER_ACCEPTING);
            case "pay/refundquery" -> new EpayMessages.Outcome(refundState(account, trade, fields), trade, null);
            case "pay/close" -> new EpayMessages.Outcome(close(trade), trade, null);
            case "merchant/info" ->
                new EpayMessages.Outcome(acts.merchant(account, 0).build(), null, null);
            default -> new EpayMessages.Outcome(acts.list(account, fields, 0), null, null);
        };
    }

    private static JsonObjectBuilder success(String message) {
        return Json.createObjectBuilder().add("code", 0).add("msg", message);
    }

    /** What the payer is shown: by {@code method} and, for {@code web}, by the device. */
    private JsonObject prompt(Trade trade, Map<String, String> fields) {
        var device = fields.getOrDefault("device", "pc");
        var type = switch (fields.get("method")) {
            case "web" -> device.isEmpty() || device.equals("pc") ? "qrcode" : "jump";
            case "applet" -> "wxapp";
            default -> fields.get("method");
        };
        return success("")
                .add("trade_no", trade.transactionId())
                .add("pay_type", type)
                .add("pay_info", content(type, trade, fields))
                .build();
    }

    private String content(String type, Trade trade, Map<String, String> fields) {
        return switch (type) {
            case "qrcode" -> trade.code();
            case "jsapi", "app" -> clientParameters(trade, fields).toString();
            case "wxapp" ->
                Json.createObjectBuilder()
                        .add("appId", "wx" + VkspayFormat.digitsOf(trade.accountId(), 16))
                        .add("path", "pages/pay?trade_no=" + trade.transactionId())
                        .build()
                        .toString();
            case "scan" -> "";
            default -> orders.payerAddress(trade);
        };
    }

    /** What the wallet's own script is called with. It is the wallet's, whose signature is not simulated here. */
    private JsonObject clientParameters(Trade trade, Map<String, String> fields) {
        if ("alipay".equals(fields.get("type"))) {
            return Json.createObjectBuilder()
                    .add("tradeNO", trade.transactionId())
                    .build();
        }
        return Json.createObjectBuilder()
                .add("appId", fields.getOrDefault("sub_appid", ""))
                .add("timeStamp", VkspayNotifications.timestamp(clock.instant()))
                .add("nonceStr", VkspayFormat.digitsOf(trade.id(), 16))
                .add("package", "prepay_id=" + trade.transactionId())
                .add("signType", "RSA")
                .add("paySign", "simulated")
                .build();
    }

    private JsonObject order(Account account, Trade trade) {
        var number = status.of(trade);
        var answer = success("查询订单成功").addAll(acts.shown(account, trade)).add("status", number);
        var back = number == EpayStatus.REFUNDED ? refunds.refunded(trade) : 0;
        return answer.add("refundmoney", Yuan.text(back))
                .add("clientip", store.detail(trade.id()).clientIp())
                .build();
    }

    private JsonObject refund(Trade trade, Map<String, String> fields) {
        var fen = VkspayFormat.fen(EpayOrders.required(fields, "money", "退款金额"))
                .orElseThrow(() -> VkspayRefusal.of("退款金额(money)不正确"));
        var own = fields.getOrDefault("out_refund_no", "");
        var refund = refunds.refund(trade, VkspayDialect.EPAY_V2, own, fen, "");
        return success("退款成功")
                .add("refund_no", refund.refundNo())
                .add("out_refund_no", refund.outRefundNo())
                .add("trade_no", trade.transactionId())
                .add("money", Yuan.text(refund.amount()))
                .add("reducemoney", Yuan.text(refund.amount()))
                .build();
    }

    /** Status 1 is done, 0 has failed. */
    private JsonObject refundState(Account account, Trade trade, Map<String, String> fields) {
        var refund = refund(account, fields);
        if (trades.takeFault(trade, CommonFault.REFUND_FOUND_LATE)) throw VkspayRefusal.of("退款记录不存在");
        return success("查询退款成功")
                .add("refund_no", refund.refundNo())
                .add("out_refund_no", refund.outRefundNo())
                .add("trade_no", trade.transactionId())
                .add("out_trade_no", trade.number())
                .add("money", Yuan.text(refund.amount()))
                .add("reducemoney", Yuan.text(refund.amount()))
                .add("status", refund.succeeded() ? 1 : 0)
                .add("addtime", VkspayFormat.time(refund.at()))
                .build();
    }

    private JsonObject close(Trade trade) {
        if (trade.has(VkspayFault.CLOSE_NOT_POSSIBLE)) throw VkspayRefusal.of("当前支付通道不支持关闭订单");
        if (!operations.close(trade)) throw VkspayRefusal.of("订单已支付，不能关闭");
        return success("关闭订单成功").build();
    }
}
