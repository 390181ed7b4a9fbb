package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.wechat.WechatPayer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The JSON objects of v3 that stand for transactions and refunds, and texts that v2 has in common with them. */
public final class WxpayObjects {
    /** Where a refund arrives: the payer's balance. */
    public static final String RECEIVED_ON = "支付用户零钱";

    static String time(Instant at) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX").format(at.atOffset(ZoneOffset.ofHours(8)));
    }

    /**
     * The transaction object of queries and notifications.
     *
     * @param refunded whether a refund of it was accepted
     */
    static JsonObject transaction(Account account, WxpayOrder order, boolean refunded) {
        var trade = order.trade();
        var state = refunded && trade.state().equals("SUCCESS") ? "REFUND" : trade.state();
        var transaction = ids(account, order.detail())
                .add("out_trade_no", trade.number())
                .add("trade_state", state.equals("UNSCANNED") ? "NOTPAY" : state)
                .add("trade_state_desc", description(state));
        if (trade.paidAt() != null && !state.equals("CLOSED")) {
            addPayment(transaction, order);
        } else {
            transaction.add(
                    "amount",
                    Json.createObjectBuilder().add("total", trade.amount()).add("currency", "CNY"));
        }
        return transaction.build();
    }

    /** The ids of the merchant, or of the service provider and its sub-merchant. */
    private static JsonObjectBuilder ids(Account account, WxpayOrderDetail detail) {
        var ids = Json.createObjectBuilder();
        if (!detail.partner()) return ids.add("appid", detail.appId()).add("mchid", account.mchNo());
        ids.add("sp_appid", detail.appId()).add("sp_mchid", account.mchNo());
        if (!detail.subAppid().isEmpty()) ids.add("sub_appid", detail.subAppid());
        return ids.add("sub_mchid", detail.subMchid());
    }

    /** The text for a state. */
    public static String description(String state) {
        return switch (state) {
            case "SUCCESS" -> "支付成功";
            case "REFUND" -> "订单发生过退款，退款详情请查询退款单";
            case "CLOSED" -> "订单已关闭";
            case "REVOKED" -> "订单已撤销";
            case "USERPAYING" -> "用户支付中，需要输入密码";
            case "PAYERROR" -> "支付失败";
            default -> "订单未支付";
        };
    }

    private static void addPayment(JsonObjectBuilder transaction, WxpayOrder order) {
        var trade = order.trade();
        var detail = order.detail();
        var payer = Json.createObjectBuilder();
        if (detail.partner()) {
            payer.add("sp_openid", openidOr(detail.openid(), detail.appId()));
            if (!detail.subAppid().isEmpty()) payer.add("sub_openid", openidOr(detail.subOpenid(), detail.subAppid()));
        } else {
            payer.add("openid", openidOr(detail.openid(), detail.appId()));
        }
        transaction
                .add("transaction_id", trade.transactionId())
                .add("trade_type", detail.product().tradeType)
                .add("bank_type", "OTHERS")
                .add("success_time", time(trade.paidAt()))
                .add("payer", payer)
                .add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("total", trade.reported())
                                .add("payer_total", trade.reported())
                                .add("currency", "CNY")
                                .add("payer_currency", "CNY"));
        if (!detail.attach().isEmpty()) transaction.add("attach", detail.attach());
        if (!detail.deviceId().isEmpty()) {
            transaction.add("scene_info", Json.createObjectBuilder().add("device_id", detail.deviceId()));
        }
    }

    /** The openid or, without one, that of the first payer in this application. */
    public static String openidOr(String openid, String appId) {
        return openid.isEmpty() ? WechatPayer.FIRST.openid(appId) : openid;
    }

    /** The refund object of answers. */
    static JsonObject refund(WxpayOrder order, WxpayRefund refund) {
        var trade = order.trade();
        var answer = Json.createObjectBuilder()
                .add("refund_id", refund.refundId())
                .add("out_refund_no", refund.number())
                .add("transaction_id", trade.transactionId())
                .add("out_trade_no", trade.number())
                .add("channel", "ORIGINAL")
                .add("user_received_account", RECEIVED_ON)
                .add("create_time", time(refund.createdAt()))
                .add("status", refund.state())
                .add("funds_account", "AVAILABLE")
                .add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("total", trade.reported())
                                .add("refund", refund.amount())
                                .add("payer_total", trade.reported())
                                .add("payer_refund", refund.amount())
                                .add("settlement_refund", refund.amount())
                                .add("settlement_total", trade.reported())
                                .add("discount_refund", 0)
                                .add("currency", "CNY"));
        if (refund.succeededAt() != null) answer.add("success_time", time(refund.succeededAt()));
        return answer.build();
    }

    /**
     * The refund object of notifications. It names the merchant, and the state has another name than in answers.
     *
     * @param state the state to report, whatever happened to the refund since
     */
    static JsonObject reportedRefund(Account account, WxpayOrder order, WxpayRefund refund, String state) {
        var trade = order.trade();
        var reported = Json.createObjectBuilder();
        if (order.detail().partner()) {
            reported.add("sp_mchid", account.mchNo())
                    .add("sub_mchid", order.detail().subMchid());
        } else {
            reported.add("mchid", account.mchNo());
        }
        reported.add("transaction_id", trade.transactionId())
                .add("out_trade_no", trade.number())
                .add("refund_id", refund.refundId())
                .add("out_refund_no", refund.number())
                .add("refund_status", state)
                .add("user_received_account", RECEIVED_ON)
                .add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("total", trade.reported())
                                .add("refund", refund.amount())
                                .add("payer_total", trade.reported())
                                .add("payer_refund", refund.amount()));
        if (state.equals("SUCCESS")) reported.add("success_time", time(refund.succeededAt()));
        return reported.build();
    }
}
