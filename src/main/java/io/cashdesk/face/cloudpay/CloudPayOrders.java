package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.merchant.Authority;
import io.cashdesk.order.OrderState;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.ClosePayment;
import io.cashdesk.payment.QueryPayment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.concurrent.CompletionStage;

/** {@code queryOrder} and {@code closeOrder}. */
@ApplicationScoped
class CloudPayOrders {
    @Inject
    QueryPayment queryPayment;

    @Inject
    ClosePayment closePayment;

    @Inject
    PayOrders orders;

    @Inject
    FindOrder find;

    @Inject
    Evidence evidence;

    CompletionStage<JsonObject> query(Authority authority, Fields fields) {
        var order = find.order(authority, fields);
        return queryPayment
                .of(authority, body(order))
                .thenApply(queried -> answer(orders.byKey(order.key()).orElseThrow(), find.subMerchant(order)));
    }

    private JsonObject answer(PayOrder order, String subMchId) {
        var answer = Answer.success("queryOrder");
        if (order.paid()) {
            Transaction.put(answer, evidence.payment(order));
            var state = order.refundNum() > 0 ? "REFUND" : "SUCCESS";
            return answer.put("tradeState", state)
                    .put("tradeStateDesc", state.equals("REFUND") ? "转入退款" : "支付成功")
                    .build();
        }
        var closed = order.state() == OrderState.CLOSED;
        return answer.put("subMchId", subMchId)
                .put("outTradeNo", order.outTradeNo())
                .put("totalFee", order.total().minor())
                .put("tradeState", closed ? "CLOSED" : "NOTPAY")
                .put("tradeStateDesc", closed ? "订单已关闭" : "订单未支付")
                .build();
    }

    JsonObject close(Authority authority, Fields fields) {
        fields.required("outTradeNo", 32);
        var order = find.order(authority, fields);
        closePayment.of(authority, body(order));
        return Answer.success("closeOrder")
                .put("subMchId", find.subMerchant(order))
                .put("resultMsg", "OK")
                .build();
    }

    private static JsonBody body(PayOrder order) {
        return JsonBody.of(Json.createObjectBuilder()
                .add("out_trade_no", order.outTradeNo())
                .build());
    }
}
