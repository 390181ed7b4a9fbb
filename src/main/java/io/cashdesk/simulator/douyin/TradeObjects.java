package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.Account;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;

/**
 * What the general trade system says of an order, a refund and a settlement: in answers to queries, and in the
 * {@code msg} of callbacks. Moments are milliseconds.
 */
final class TradeObjects {
    private static final int NEEDS_DECISION = 1;
    private static final int NEEDS_NONE = 2;

    /** The code for a reason in the payer's own words. */
    private static final int OTHER_REASON = 999;

    private TradeObjects() {}

    // answers

    static JsonObject order(Account account, DouyinOrder order) {
        var trade = order.trade();
        var total = order.paid() ? trade.reported() : trade.amount();
        return Json.createObjectBuilder()
                .add("order_id", trade.transactionId())
                .add("out_order_no", trade.number())
                .add("pay_status", order.status())
                .add("total_amount", total)
                .add("discount_amount", 0)
                .add("trade_time", DouyinFormat.millis(trade.createdAt()))
                .add("pay_time", DouyinFormat.millis(trade.paidAt()))
                .add("pay_channel", order.detail().way())
                .add("channel_pay_id", order.channelNumber())
                .add("merchant_uid", account.mchNo())
                .add(
                        "item_order_list",
                        Json.createArrayBuilder()
                                .add(Json.createObjectBuilder()
                                        .add("item_order_id", order.detail().itemId())
                                        .add("sku_id", order.detail().skuId())
                                        .add("item_order_amount", trade.amount())))
                .build();
    }

    static JsonObject refund(DouyinOrder order, DouyinRefund refund) {
        var audit = refund.byPayer() ? refund.audit() : DouyinRefund.AGREE;
        return Json.createObjectBuilder()
                .add("refund_id", refund.refundNo())
                .add("out_refund_no", refund.outRefundNo())
                .add("order_id", order.trade().transactionId())
                .add("out_order_no", order.trade().number())
                .add("refund_total_amount", refund.amount())
                .add("refund_status", DouyinRefund.status(refund.state()))
                .add("refund_at", DouyinFormat.millis(refund.endedAt()))
                .add("message", DouyinRefund.message(refund.state()))
                .add("is_all_settled", refund.settled())
                .add("cp_extra", refund.cpExtra())
                .add("create_at", DouyinFormat.millis(refund.createdAt()))
                .add(
                        "merchant_audit_detail",
                        Json.createObjectBuilder()
                                .add("audit_status", audit)
                                .add("need_refund_audit", refund.byPayer() ? NEEDS_DECISION : NEEDS_NONE)
                                .add("refund_audit_deadline", DouyinFormat.millis(refund.auditUntil()))
                                .add("deny_message", refund.denyMessage()))
                .add("item_order_detail", Json.createArrayBuilder().add(order.item(refund.amount())))
                .build();
    }

    static JsonObject settlement(DouyinOrder order, DouyinSettlement settlement) {
        return Json.createObjectBuilder(common(order, settlement))
                .add("out_settle_id", settlement.outSettleNo())
                .add("out_order_id", order.trade().number())
                .add("item_order_id", order.detail().itemId())
                .add("settle_at", DouyinFormat.millis(settlement.endedAt()))
                .add("settle_status", settlement.state())
                .add("platform_ticket", 0)
                .build();
    }

    private static JsonObject common(DouyinOrder order, DouyinSettlement settlement) {
        return Json.createObjectBuilder()
                .add("settle_id", settlement.settleNo())
                .add("out_settle_no", settlement.outSettleNo())
                .add("order_id", order.trade().transactionId())
                .add("out_order_no", order.trade().number())
                .add("settle_amount", settlement.amount())
                .add("settle_detail", settlement.detail())
                .add("settled_at", DouyinFormat.millis(settlement.endedAt()))
                .add("rake", settlement.rake())
                .add("commission", 0)
                .add("cp_extra", settlement.cpExtra())
                .build();
    }

    // callbacks

    /** @param unpaid whether it reports that the order ended unpaid */
    static JsonObject payment(Account account, DouyinOrder order, boolean unpaid) {
        var trade = order.trade();
        var msg = Json.createObjectBuilder()
                .add("app_id", account.appId())
                .add("out_order_no", trade.number())
                .add("order_id", trade.transactionId())
                .add("status", unpaid ? "CANCEL" : "SUCCESS")
                .add("total_amount", unpaid ? trade.amount() : trade.reported())
                .add("discount_amount", 0);
        if (!unpaid) {
            msg.add("pay_channel", order.detail().way())
                    .add("channel_pay_id", order.channelNumber())
                    .add("merchant_uid", account.mchNo())
                    .add("user_bill_pay_id", order.channelNumber());
        }
        return msg.add("message", unpaid ? order.detail().ended() : "")
                .add("event_time", DouyinFormat.millis(unpaid ? order.detail().endedAt() : trade.paidAt()))
                .add("cp_extra", order.detail().cpExtra())
                .build();
    }

    /** @param state that it reports */
    static JsonObject refund(Account account, DouyinOrder order, DouyinRefund refund, String state) {
        return Json.createObjectBuilder()
                .add("app_id", account.appId())
                .add("status", DouyinRefund.status(state))
                .add("order_id", order.trade().transactionId())
                .add("refund_id", refund.refundNo())
                .add("out_refund_no", refund.outRefundNo())
                .add("cp_extra", refund.cpExtra())
                .add("refund_total_amount", refund.amount())
                .add("is_all_settled", refund.settled())
                .add("refund_item_detail", items(order, refund))
                .add("message", DouyinRefund.message(state))
                .add("event_time", DouyinFormat.millis(refund.endedAt()))
                .build();
    }

    private static JsonObjectBuilder items(DouyinOrder order, DouyinRefund refund) {
        return Json.createObjectBuilder()
                .add("item_order_quantity", 1)
                .add("item_order_detail", Json.createArrayBuilder().add(order.item(refund.amount())));
    }

    /** A payer requests a refund. */
    static JsonObject request(Account account, DouyinOrder order, DouyinRefund refund) {
        var reasons = Json.createArrayBuilder();
        if (!refund.reason().isEmpty()) {
            reasons.add(Json.createObjectBuilder().add("code", OTHER_REASON).add("text", refund.reason()));
        }
        return Json.createObjectBuilder()
                .add("app_id", account.appId())
                .add("open_id", "_000" + DouyinFormat.digitsOf(account.id(), 32))
                .add("refund_id", refund.refundNo())
                .add("order_id", order.trade().transactionId())
                .add("out_order_no", order.trade().number())
                .add("refund_total_amount", refund.amount())
                .add("need_refund_audit", NEEDS_DECISION)
                .add("refund_audit_deadline", DouyinFormat.millis(refund.auditUntil()))
                .add("create_refund_time", DouyinFormat.millis(refund.createdAt()))
                .add("refund_source", 1)
                .add("refund_reason", reasons)
                .add("refund_description", refund.reason())
                .add("cp_extra", order.detail().cpExtra())
                .add("refund_item_detail", items(order, refund))
                .build();
    }

    static JsonObject settlement(Account account, DouyinOrder order, DouyinSettlement settlement) {
        return Json.createObjectBuilder(common(order, settlement))
                .add("app_id", account.appId())
                .add("status", settlement.state())
                .add("message", settlement.message())
                .add("is_auto_settle", false)
                .add("event_time", DouyinFormat.millis(settlement.endedAt()))
                .build();
    }
}
