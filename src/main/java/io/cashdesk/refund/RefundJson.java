package io.cashdesk.refund;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.order.OrderStatus;
import io.cashdesk.order.PayOrder;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The answers of refund and queryRefund. Amounts are fen, times Unix milliseconds; what is not known is absent. */
final class RefundJson {
    private static final DateTimeFormatter BEIJING =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Shanghai"));

    private RefundJson() {}

    /** Of refund. Some fields are in it in two spellings, because clients use both. */
    static JsonObject refund(PayOrder order, RefundView refund, Optional<LocalizedText> beside) {
        var answer = Json.createObjectBuilder()
                .add("code", 0)
                .add("msg", message(refund) + beside.map(b -> "。" + b.zh()).orElse(""))
                .add("out_trade_no", order.outTradeNo())
                .add("outTradeNo", order.outTradeNo())
                .add("out_refund_no", refund.outRefundNo())
                .add("outRefundNo", refund.outRefundNo())
                .add("refund_fee", refund.amount().minor())
                .add("refundFee", refund.amount().minor())
                .add("refund_status", refund.state().word())
                .add("status", OrderStatus.of(order).code());
        order.transactionId().ifPresent(id -> answer.add("transaction_id", id).add("transactionId", id));
        refund.refundId().ifPresent(id -> answer.add("refund_id", id).add("refundId", id));
        refund.cashAmount().ifPresent(cash -> answer.add("cashRefundFee", cash.minor()));
        beside.ifPresent(b -> answer.add(
                "notice", Json.createObjectBuilder().add("zh", b.zh()).add("en", b.en())));
        return answer.build();
    }

    /** Of the events {@code refund.requested} and {@code refund.request_closed}. */
    static JsonObject requested(PayerRefundRequest request) {
        var said = Json.createObjectBuilder()
                .add("refund_id", request.refundId())
                .add("provider", request.provider())
                .add("state", request.state().word())
                .add("refund_fee", request.amount().minor())
                .add("reason", request.reason())
                .add("deadline", request.deadline().toEpochMilli());
        return Json.createObjectBuilder().add("refund_request", said).build();
    }

    private static String message(RefundView refund) {
        return refund.state() == RefundState.SUCCEEDED ? "退款成功" : "退款已受理";
    }

    /** Of queryRefund. */
    static JsonObject queryRefund(QueryRefund.Answer answer) {
        var order = answer.order();
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("msg", message(order))
                .add("queryResult", withEvidence(answer.queried()))
                .add("orderInfo", order(order))
                .add("refund_list", list(order.refunds()))
                .build();
    }

    private static JsonObjectBuilder order(RefundedOrder order) {
        var json = Json.createObjectBuilder()
                .add("out_trade_no", order.outTradeNo())
                .add("total_fee", order.total().minor())
                .add("refund_fee", order.refunded().minor())
                .add("refund_num", order.number())
                .add("refund_list", list(order.refunds()))
                .add("status", order.status().code())
                .add("type", order.type());
        order.payType()
                .ifPresent(t -> json.add("pay_type", t.toString())
                        .add("provider", t.provider().value()));
        order.transactionId().ifPresent(id -> json.add("transaction_id", id));
        return json;
    }

    private static JsonArray list(List<RefundView> newestFirst) {
        var list = Json.createArrayBuilder();
        newestFirst.forEach(r -> list.add(fields(r)));
        return list.build();
    }

    private static JsonObjectBuilder fields(RefundView refund) {
        var json = Json.createObjectBuilder()
                .add("out_refund_no", refund.outRefundNo())
                .add("refund_fee", refund.amount().minor())
                .add("refund_desc", refund.reason())
                .add("refund_status", refund.state().word())
                .add("create_date", refund.createdAt().toEpochMilli());
        refund.refundId().ifPresent(id -> json.add("refund_id", id));
        refund.cashAmount().ifPresent(cash -> json.add("cash_refund_fee", cash.minor()));
        refund.failure().filter(f -> refund.state() == RefundState.FAILED).ifPresent(f -> json.add("failure", f));
        refund.finishedAt().ifPresent(t -> json.add("refund_date", t.toEpochMilli()));
        return json;
    }

    private static JsonObjectBuilder withEvidence(RefundView refund) {
        var json = fields(refund);
        refund.evidence().ifPresent(e -> json.add("original_data", object(e)));
        return json;
    }

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    /** For a person: the sum, then each refund by time and amount. */
    private static String message(RefundedOrder order) {
        var lines = new ArrayList<String>();
        lines.add("共退款 " + order.refunded().yuan() + " 元");
        int i = 1;
        for (var r : order.refunds()) {
            var at = BEIJING.format(r.finishedAt().orElse(r.createdAt()));
            lines.add(i++ + "、" + at + " " + r.amount().yuan() + " 元" + state(r.state()));
        }
        return String.join("\n", lines);
    }

    private static String state(RefundState state) {
        return switch (state) {
            case REQUESTING, UNKNOWN, WAITING, PROCESSING -> "（处理中）";
            case SUCCEEDED -> "";
            case ABNORMAL -> "（异常，需人工处理）";
            case CLOSED -> "（已关闭）";
            case FAILED -> "（失败）";
        };
    }
}
