package io.cashdesk.face.cloudpay;

import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.refund.Refund;
import io.cashdesk.refund.RefundKey;
import io.cashdesk.refund.RefundState;
import io.cashdesk.refund.Refunds;
import io.cashdesk.webhook.EventFormat;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import java.io.StringReader;
import java.util.Optional;

/** The event that CloudPay sends to a cloud function. It is delivered until the answer is {@code {errcode: 0}}. */
@ApplicationScoped
class CloudPayEvents implements EventFormat {
    @Inject
    Evidence evidence;

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
            case REFUNDED, REFUND_FAILED -> refund(change).flatMap(Refund::callback);
            case CLOSED, LATE, DUPLICATE -> Optional.empty(); // CloudPay has no events for these
        };
    }

    @Override
    public String body(PayOrderChanged change) {
        var answer = Answer.success("callback");
        if (change.kind() == PayOrderChanged.Kind.PAID) {
            Transaction.put(answer, evidence.payment(change.order()));
        } else {
            refund(answer, change.order(), refund(change).orElseThrow());
        }
        return answer.event().toString();
    }

    private Optional<Refund> refund(PayOrderChanged change) {
        return refunds.byKey(new RefundKey(change.order().key(), change.subject()));
    }

    private void refund(Answer answer, PayOrder order, Refund refund) {
        var reported = Evidence.of(refund);
        Transaction.ids(answer, evidence.payment(order));
        answer.put("transactionId", order.transactionId().orElse(""))
                .put("outTradeNo", order.outTradeNo())
                .put("refundId", refund.refundId().orElse(""))
                .put("outRefundNo", refund.outRefundNo())
                .put("totalFee", order.total().minor())
                .put("settlementTotalFee", order.total().minor())
                .put("refundFee", refund.amount().minor())
                .put("settlementRefundFee", refund.amount().minor())
                .put("refundStatus", state(refund.state()))
                .put("successTime", Transaction.moment(reported.getString("success_time", ""), "yyyy-MM-dd HH:mm:ss"))
                .put("refundRecvAccout", reported.getString("user_received_account", ""))
                .put("refundAccount", "REFUND_SOURCE_RECHARGE_FUNDS")
                .put("refundRequestSource", "API");
    }

    /** As API v2 names it. */
    static String state(RefundState state) {
        return switch (state) {
            case SUCCEEDED -> "SUCCESS";
            case REQUESTING, UNKNOWN, WAITING, PROCESSING -> "PROCESSING";
            case ABNORMAL -> "CHANGE";
            case CLOSED, FAILED -> "REFUNDCLOSE";
        };
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
