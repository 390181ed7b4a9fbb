package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.Account;
import jakarta.json.Json;
import jakarta.json.JsonObject;

/**
 * What ecpay says of an order, a refund and a settlement: in answers to queries, and in the {@code msg} of callbacks.
 */
final class EcpayObjects {
    private EcpayObjects() {}

    // answers

    /** @return {@code payment_info} */
    static JsonObject paymentInfo(Account account, DouyinOrder order) {
        var trade = order.trade();
        return Json.createObjectBuilder()
                .add("total_fee", order.paid() ? trade.reported() : trade.amount())
                .add("order_status", order.status())
                .add("pay_time", DouyinFormat.time(trade.paidAt()))
                .add("way", order.detail().way())
                .add("channel_no", order.channelNumber())
                .add("channel_gateway_no", "")
                .add("seller_uid", account.mchNo())
                .add("item_id", "")
                .add("cp_extra", order.detail().cpExtra())
                .add("cps_info", "")
                .build();
    }

    /** @return {@code refundInfo} */
    static JsonObject refundInfo(DouyinRefund refund) {
        return Json.createObjectBuilder()
                .add("refund_no", refund.refundNo())
                .add("refund_amount", refund.amount())
                .add("refund_status", DouyinRefund.status(refund.state()))
                .add("refunded_at", DouyinFormat.seconds(refund.endedAt()))
                .add("is_all_settled", refund.settled())
                .add("cp_extra", refund.cpExtra())
                .add("msg", DouyinRefund.message(refund.state()))
                .build();
    }

    /** @return {@code settle_info} */
    static JsonObject settleInfo(DouyinSettlement settlement) {
        return Json.createObjectBuilder()
                .add("settle_no", settlement.settleNo())
                .add("settle_amount", settlement.amount())
                .add("settle_status", settlement.state())
                .add("settle_detail", settlement.detail())
                .add("settled_at", DouyinFormat.seconds(settlement.endedAt()))
                .add("rake", settlement.rake())
                .add("commission", 0)
                .add("cp_extra", settlement.cpExtra())
                .add("msg", settlement.message())
                .build();
    }

    // callbacks

    static JsonObject payment(Account account, DouyinOrder order) {
        var trade = order.trade();
        return Json.createObjectBuilder()
                .add("appid", account.appId())
                .add("cp_orderno", trade.number())
                .add("cp_extra", order.detail().cpExtra())
                .add("way", Integer.toString(order.detail().way()))
                .add("channel_no", order.channelNumber())
                .add("channel_gateway_no", "")
                .add("payment_order_no", order.channelNumber())
                .add("out_channel_order_no", order.channelNumber())
                .add("total_amount", trade.reported())
                .add("status", "SUCCESS")
                .add("seller_uid", account.mchNo())
                .add("extra", "")
                .add("item_id", "")
                .add("paid_at", DouyinFormat.seconds(trade.paidAt()))
                .add("message", "")
                .add("order_id", trade.transactionId())
                .build();
    }

    /** @param state that it reports */
    static JsonObject refund(Account account, DouyinOrder order, DouyinRefund refund, String state) {
        return Json.createObjectBuilder()
                .add("appid", account.appId())
                .add("cp_refundno", refund.outRefundNo())
                .add("cp_extra", refund.cpExtra())
                .add("status", DouyinRefund.status(state))
                .add("refund_amount", refund.amount())
                .add("is_all_settled", refund.settled())
                .add("refunded_at", DouyinFormat.seconds(refund.endedAt()))
                .add("message", DouyinRefund.message(state))
                .add("order_id", order.trade().transactionId())
                .add("refund_no", refund.refundNo())
                .build();
    }

    static JsonObject settlement(Account account, DouyinOrder order, DouyinSettlement settlement) {
        return Json.createObjectBuilder()
                .add("app_id", account.appId())
                .add("cp_settle_no", settlement.outSettleNo())
                .add("cp_extra", settlement.cpExtra())
                .add("status", settlement.state())
                .add("rake", settlement.rake())
                .add("commission", 0)
                .add("settle_detail", settlement.detail())
                .add("settled_at", DouyinFormat.seconds(settlement.endedAt()))
                .add("message", settlement.message())
                .add("order_id", order.trade().transactionId())
                .add("settle_no", settlement.settleNo())
                .add("settle_amount", settlement.amount())
                .add("out_order_no", order.trade().number())
                .add("is_auto_settle", false)
                .build();
    }
}
