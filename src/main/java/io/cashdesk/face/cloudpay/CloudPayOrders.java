package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.merchant.Authority;
import io.cashdesk.order.OrderState;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.ClosePayment;
import io.cashdesk.payment.Collecting;
import io.cashdesk.payment.QueryPayment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.Locale;
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

    /** The states that an order of CloudPay can have, with API v2's names and texts. */
    private enum TradeState {
        SUCCESS("支付成功", "The order is paid"),
        REFUND("转入退款", "The order has a refund"),
        NOTPAY("订单未支付", "The order is not paid"),
        CLOSED("订单已关闭", "The order is closed");

        private final String zh;
        private final String en;

        TradeState(String zh, String en) {
            this.zh = zh;
            this.en = en;
        }

        String text(Locale locale) {
            return new LocalizedText(zh, en).in(locale);
        }

        static TradeState of(PayOrder order) {
            if (order.paid()) return order.refundNum() > 0 ? REFUND : SUCCESS;
            return order.state() == OrderState.CLOSED ? CLOSED : NOTPAY;
        }
    }

    CompletionStage<JsonObject> query(Authority authority, Fields fields, Parties parties, Locale locale) {
        var found = find.order(authority, fields, parties);
        return queryPayment.of(authority, body(found.order())).thenApply(queried -> {
            var now = orders.byKey(found.order().key()).orElseThrow();
            return answer(now, found.parties(), locale);
        });
    }

    private JsonObject answer(PayOrder order, Collecting parties, Locale locale) {
        var state = TradeState.of(order);
        var answer = Answer.success()
                .parties(parties)
                .put("outTradeNo", order.outTradeNo())
                .put("totalFee", order.total().minor())
                .put("feeType", order.total().currency())
                .put("tradeState", state.name())
                .put("tradeStateDesc", state.text(locale));
        if (order.paid()) Transaction.put(answer, evidence.payment(order));
        return answer.signedBy(parties, Operation.QUERY_ORDER);
    }

    JsonObject close(Authority authority, Fields fields, Parties parties) {
        fields.required("outTradeNo", 32);
        var found = find.order(authority, fields, parties);
        closePayment.of(authority, body(found.order()));
        return Answer.success()
                .parties(found.parties())
                .put("resultMsg", "OK")
                .signedBy(found.parties(), Operation.CLOSE_ORDER);
    }

    private static JsonBody body(PayOrder order) {
        return JsonBody.of(Json.createObjectBuilder()
                .add("out_trade_no", order.outTradeNo())
                .build());
    }
}
