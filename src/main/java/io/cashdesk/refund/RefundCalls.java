package io.cashdesk.refund;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Authority;
import io.cashdesk.order.OutTradeNo;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;

/** {@code refund} and {@code queryRefund} of the merchant API, JSON in and out, for every resource that offers them. */
@ApplicationScoped
public class RefundCalls {
    @Inject
    PayOrders orders;

    @Inject
    RefundPayment refundPayment;

    @Inject
    QueryRefund queryRefund;

    /**
     * Answers when the provider has accepted the refund, or its outcome is unknown; {@code refund_status} says which.
     */
    public JsonObject refund(Authority authority, JsonBody body) {
        body.only("out_trade_no", "out_refund_no", "refund_desc", "refund_fee", "pid");
        var outTradeNo = RefundFields.outTradeNo(body);
        var wish = RefundFields.wish(body);
        var order = order(authority, body, outTradeNo);
        var refund = refundPayment.of(order, wish);
        return RefundJson.refund(
                orders.byKey(order.key()).orElseThrow(),
                RefundView.of(refund),
                refundPayment.besideRefund(order, refund.provider()));
    }

    /** Queries the provider about the newest refund, or the one that is named, and lists all refunds of the order. */
    public JsonObject queryRefund(Authority authority, JsonBody body) {
        body.only("out_trade_no", "out_refund_no", "pid");
        var order = order(authority, body, RefundFields.outTradeNo(body));
        return RefundJson.queryRefund(queryRefund.of(order, RefundFields.outRefundNo(body)));
    }

    private PayOrder order(Authority authority, JsonBody body, OutTradeNo number) {
        var merchant = authority.secret().merchant(body.text("pid", 64).orElse(null));
        return orders.byNumber(merchant, authority.mode(), number.value())
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number.value()));
    }
}
