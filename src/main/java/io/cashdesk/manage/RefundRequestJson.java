package io.cashdesk.manage;

import io.cashdesk.refund.PayerRefundRequests;
import io.cashdesk.refund.PayerRefundState;
import io.cashdesk.refund.PayerRefunds;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Payers' requests for refunds in answers. Times are Unix milliseconds. */
final class RefundRequestJson {
    /** What may be decided about one. */
    static final JsonArray DECISIONS = Json.createArrayBuilder(Stream.of(PayerRefunds.Decision.values())
                    .map(PayerRefunds.Decision::word)
                    .toList())
            .build();

    private RefundRequestJson() {}

    /** @param found one more than are answered, if there are more: then {@code next} is the cursor */
    static JsonObject list(List<PayerRefundRequests.Listed> found, int limit, Instant now) {
        var shown = found.subList(0, Math.min(limit, found.size()));
        var all = Json.createArrayBuilder();
        shown.forEach(one -> all.add(request(one, now)));
        var answer = Json.createObjectBuilder().add("code", 0).add("refund_requests", all);
        if (found.size() > limit) {
            var last = shown.get(limit - 1).request();
            answer.add("next", QueryParameters.cursor(last.createdAt(), last.id()));
        }
        return answer.build();
    }

    static JsonObject one(PayerRefundRequests.Listed found, Instant now) {
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("refund_request", request(found, now))
                .build();
    }

    private static JsonObjectBuilder request(PayerRefundRequests.Listed found, Instant now) {
        var request = found.request();
        var json = Json.createObjectBuilder()
                .add("refund_id", request.refundId())
                .add("out_trade_no", found.outTradeNo())
                .add("provider", request.provider())
                .add("state", request.state().word())
                .add("amount", request.amount().minor())
                .add("currency", request.amount().currency())
                .add("reason", request.reason())
                .add("requested_at", request.createdAt().toEpochMilli());
        json.add("deadline", request.deadline().toEpochMilli());
        if (request.state() == PayerRefundState.OPEN) {
            json.add(
                    "left_ms",
                    Math.max(0, Duration.between(now, request.deadline()).toMillis()));
        }
        found.outRefundNo().ifPresent(no -> json.add("out_refund_no", no));
        request.decidedAt().ifPresent(at -> json.add("decided_at", at.toEpochMilli()));
        request.decidedBy().ifPresent(by -> json.add("by", by));
        request.decidedWhy().filter(why -> !why.isEmpty()).ifPresent(why -> json.add("decision_reason", why));
        request.failure().ifPresent(why -> json.add("why", why));
        return json;
    }
}
