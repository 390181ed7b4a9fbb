package io.cashdesk.simulator.wxpayvirtual;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** Orders and refunds as {@code query_order} answers them. */
final class VirtualObjects {
    private VirtualObjects() {}

    /** Fen of the payment that can still be refunded. */
    static long left(VirtualOrder order, List<VirtualRefund> refunds) {
        var reserved = refunds.stream()
                .filter(r -> !r.state().equals(VirtualRefund.CLOSED))
                .mapToLong(VirtualRefund::amount)
                .sum();
        return order.trade().reported() - reserved;
    }

    private static long refunded(List<VirtualRefund> refunds) {
        return refunds.stream()
                .filter(r -> r.state().equals(VirtualRefund.SUCCESS))
                .mapToLong(VirtualRefund::amount)
                .sum();
    }

    /** @param refunds of this order */
    static JsonObject payment(VirtualOrder order, List<VirtualRefund> refunds) {
        var trade = order.trade();
        var detail = order.detail();
        var paid = order.paid();
        var updated = detail.providedAt() != null ? detail.providedAt() : paid ? trade.paidAt() : trade.createdAt();
        return Json.createObjectBuilder()
                .add("order_id", trade.number())
                .add("create_time", seconds(trade.createdAt()))
                .add("update_time", seconds(updated))
                .add("status", status(order, refunded(refunds)))
                .add("biz_type", 0)
                .add("order_type", 0)
                .add("order_fee", trade.amount())
                .add("coupon_fee", 0)
                .add("paid_fee", paid ? trade.reported() : 0)
                .add("refund_fee", refunded(refunds))
                .add("left_fee", paid ? left(order, refunds) : 0)
                .add("paid_time", seconds(trade.paidAt()))
                .add("provide_time", seconds(detail.providedAt()))
                .add("biz_meta", detail.attach())
                .add("env_type", detail.env() + 1)
                .add("token", "")
                .add("wx_order_id", detail.wxOrderId())
                .add("channel_order_id", paid ? detail.channelOrderId() : "")
                .add("wxpay_order_id", paid ? trade.transactionId() : "")
                .add("sett_state", 0)
                .add("sett_time", 0)
                .build();
    }

    /** 1 created, 2 paid, 3 delivering, 4 delivered, 5 refunded, 6 closed. */
    static int status(VirtualOrder order, long refunded) {
        if (!order.paid()) return order.trade().state().equals("CLOSED") ? 6 : 1;
        if (refunded >= order.trade().reported()) return 5;
        return switch (order.detail().providing()) {
            case VirtualOrder.Detail.DELIVERED -> 4;
            case VirtualOrder.Detail.DELIVERING -> 3;
            default -> 2;
        };
    }

    static JsonObject refund(VirtualOrder order, VirtualRefund refund, List<VirtualRefund> refunds) {
        return Json.createObjectBuilder()
                .add("order_id", refund.number())
                .add("create_time", seconds(refund.createdAt()))
                .add("update_time", seconds(refund.endedAt() == null ? refund.createdAt() : refund.endedAt()))
                .add("status", status(refund))
                .add("biz_type", 0)
                .add("order_type", 1)
                .add("order_fee", refund.amount())
                .add("coupon_fee", 0)
                .add("paid_fee", refund.amount())
                .add("refund_fee", refund.amount())
                .add("left_fee", left(order, refunds))
                .add("paid_time", seconds(refund.endedAt()))
                .add("provide_time", 0)
                .add("biz_meta", refund.meta())
                .add("env_type", order.detail().env() + 1)
                .add("token", "")
                .add("wx_order_id", refund.wxRefundId())
                .add("channel_order_id", "")
                .add("wxpay_order_id", "")
                .add("sett_state", 0)
                .add("sett_time", 0)
                .build();
    }

    /** 1 in progress, 5 refunded, 8 refunded and acknowledged by the merchant, 7 failed. */
    static int status(VirtualRefund refund) {
        return switch (refund.state()) {
            case VirtualRefund.PROCESSING -> 1;
            case VirtualRefund.SUCCESS -> refund.acknowledged() ? 8 : 5;
            default -> 7;
        };
    }

    private static long seconds(Instant at) {
        return at == null ? 0 : at.getEpochSecond();
    }
}
