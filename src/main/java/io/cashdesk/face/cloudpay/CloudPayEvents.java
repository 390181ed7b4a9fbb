package io.cashdesk.face.cloudpay;

import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.payment.CollectingAccounts;
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

    @Inject
    CollectingAccounts accounts;

    @Override
    public String format() {
        return "cloudpay";
    }

    @Override
    public Optional<String> callback(PayOrderChanged change) {
        return switch (change.kind()) {
            case PAID -> change.order().callback();
            case REFUNDED, REFUND_FAILED -> refund(change).flatMap(Refund::callback);
            // CloudPay has no events for these
            case CLOSED, LATE, DUPLICATE, REFUND_REQUESTED, REFUND_REQUEST_CLOSED -> Optional.empty();
        };
    }

    @Override
    public String body(PayOrderChanged change) {
        var order = change.order();
        var answer = Answer.success();
        accounts.of(order.key()).ifPresent(answer::parties);
        answer.put("outTradeNo", order.outTradeNo());
        if (change.kind() == PayOrderChanged.Kind.PAID) {
            Transaction.put(answer.put("totalFee", order.total().minor()), evidence.payment(order));
        } else {
            refund(answer, order, refund(change).orElseThrow());
        }
        return answer.event().toString();
    }

    private Optional<Refund> refund(PayOrderChanged change) {
        return refunds.byKey(new RefundKey(change.order().key(), change.subject()));
    }

    private static void refund(Answer answer, PayOrder order, Refund refund) {
        var reported = Evidence.of(refund);
        var total = order.total().minor();
        var fee = refund.amount().minor();
        answer.put("transactionId", order.transactionId().orElse(""))
                .put("refundId", refund.refundId().orElse(""))
                .put("outRefundNo", refund.outRefundNo())
                .put("totalFee", total)
                .put("settlementTotalFee", reported.fen("settlement_total_fee", total))
                .put("refundFee", fee)
                .put("settlementRefundFee", reported.fen("settlement_refund_fee", fee))
                .put("refundStatus", state(refund.state()))
                .put("successTime", reported.text("success_time"))
                .put("refundRecvAccout", reported.text("refund_recv_accout"))
                .put("refundAccount", refundAccount(reported))
                .put("refundRequestSource", "API");
    }

    /** From which of the merchant's funds a refund was made; unsettled funds unless WeChat Pay says otherwise. */
    static String refundAccount(Reported refund) {
        return refund.has("refund_account") ? refund.text("refund_account") : "REFUND_SOURCE_UNSETTLED_FUNDS";
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
