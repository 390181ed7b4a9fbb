package io.cashdesk.face.cloudpay;

import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.refund.Refund;
import io.cashdesk.refund.RefundState;
import io.cashdesk.refund.Refunds;
import io.cashdesk.webhook.EventFormat;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.Optional;

/** The event with which CloudPay calls a function; it is called again until it answers {@code {errcode: 0}}. */
@ApplicationScoped
class CloudPayEvents implements EventFormat {
    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    @Override
    public String format() {
        return "cloudpay";
    }

    @Override
    public Optional<String> callback(PayOrderChanged change) {
        return switch (change.kind()) {
            case PAID -> change.order().callback();
            case REFUNDED, REFUND_FAILED -> refunds.byId(change.subject()).flatMap(Refund::callback);
            case CLOSED, LATE, DUPLICATE -> Optional.empty(); // CloudPay has no words for these
        };
    }

    @Override
    public String body(PayOrderChanged change) {
        var answer = Answer.success("callback");
        if (change.kind() == PayOrderChanged.Kind.PAID) {
            Transaction.put(answer, payment(change.order()));
        } else {
            refund(answer, change.order(), refunds.byId(change.subject()).orElseThrow());
        }
        return answer.event().toString();
    }

    private JsonObject payment(PayOrder order) {
        var id = order.paidReceipt().orElseThrow();
        return receipts.of(order.id()).stream()
                .filter(r -> r.id().equals(id))
                .map(Receipt::evidence)
                .map(CloudPayEvents::object)
                .findFirst()
                .orElseThrow();
    }

    private void refund(Answer answer, PayOrder order, Refund refund) {
        var said = refund.evidence().map(CloudPayEvents::object).orElse(JsonObject.EMPTY_JSON_OBJECT);
        Transaction.ids(answer, payment(order));
        answer.put("transactionId", order.transactionId().orElse(""))
                .put("outTradeNo", order.outTradeNo())
                .put("refundId", refund.refundId().orElse(""))
                .put("outRefundNo", refund.outRefundNo())
                .put("totalFee", order.total().minor())
                .put("settlementTotalFee", order.total().minor())
                .put("refundFee", refund.amount().minor())
                .put("settlementRefundFee", refund.amount().minor())
                .put("refundStatus", state(refund.state()))
                .put("successTime", Transaction.moment(said.getString("success_time", ""), "yyyy-MM-dd HH:mm:ss"))
                .put("refundRecvAccout", said.getString("user_received_account", ""))
                .put("refundAccount", "REFUND_SOURCE_RECHARGE_FUNDS")
                .put("refundRequestSource", "API");
    }

    /** In v2's words. */
    static String state(RefundState state) {
        return switch (state) {
            case SUCCEEDED -> "SUCCESS";
            case ASKING, UNKNOWN, PROCESSING -> "PROCESSING";
            case ABNORMAL -> "CHANGE";
            case CLOSED, FAILED -> "REFUNDCLOSE";
        };
    }

    static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    @Override
    public Optional<String> refusal(String answer) {
        try (var reader = Json.createReader(new StringReader(answer))) {
            var code = reader.readObject().get("errcode");
            if (code instanceof JsonNumber n && n.doubleValue() == 0) return Optional.empty();
            return Optional.of("errcode is " + code);
        } catch (RuntimeException e) {
            return Optional.of("the answer is not {\"errcode\": 0}");
        }
    }
}
