package io.cashdesk.manage;

import io.cashdesk.account.AccountRests;
import io.cashdesk.order.OpenReason;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.payment.NeedingPerson;
import io.cashdesk.refund.PayerRefundRequest;
import io.cashdesk.refund.Refund;
import io.cashdesk.refund.RefundPayment;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What needs a person, in answers: {@code orders}, and on the first page {@code accounts}. Times are Unix milliseconds.
 */
final class NeedsPersonJson {
    private static final long LAST_MOMENT =
            Instant.parse("9999-12-31T00:00:00Z").toEpochMilli();

    /** What may be decided about a refund of unknown outcome. */
    static final List<String> FINDINGS =
            Stream.of(RefundPayment.Finding.values()).map(NeedsPersonJson::word).toList();

    private NeedsPersonJson() {}

    /**
     * @param accounts those whose provider refuses every query, or does not answer; a merchant has few
     * @param entries one more than are answered, if there are more: then {@code next} is the cursor
     */
    static JsonObject answer(List<AccountRests.Flagged> accounts, List<NeedingPerson.Entry> entries, int limit) {
        var shown = entries.subList(0, Math.min(limit, entries.size()));
        var orders = Json.createArrayBuilder();
        shown.forEach(entry -> orders.add(entry(entry)));
        var flagged = Json.createArrayBuilder();
        for (var account : accounts) {
            flagged.add(Json.createObjectBuilder()
                    .add("provider", account.provider())
                    .add("node", account.node())
                    .add("since", account.since().toEpochMilli())
                    .add("reason", account.reason()));
        }
        var answer = Json.createObjectBuilder()
                .add("code", 0)
                .add("accounts", flagged)
                .add("orders", orders);
        if (entries.size() > limit)
            answer.add("next", cursor(shown.get(limit - 1).order()));
        return answer.build();
    }

    private static JsonObjectBuilder entry(NeedingPerson.Entry entry) {
        var order = entry.order();
        var held = Json.createArrayBuilder();
        entry.held().forEach(h -> held.add(held(h)));
        return Json.createObjectBuilder()
                .add("out_trade_no", order.outTradeNo())
                .add("mode", order.mode().word())
                .add("status", order.status())
                .add("total_fee", order.total().minor())
                .add("since", order.needsPersonSince().orElseThrow().toEpochMilli())
                .add("reasons", reasons(entry.reasons()))
                .add("receipts", held)
                .add("refunds", refunds(entry.refunds()))
                .add("refund_requests", requests(entry.refundRequests()))
                .add("allowed", words(entry.allowed()));
    }

    private static JsonArrayBuilder reasons(List<OpenReason> reasons) {
        var all = Json.createArrayBuilder();
        for (var reason : reasons) {
            var one = Json.createObjectBuilder()
                    .add("id", reason.id().toString())
                    .add("reason", reason.text())
                    .add("since", reason.since().toEpochMilli());
            reason.receipt().ifPresent(id -> one.add("receipt", id.toString()));
            all.add(one);
        }
        return all;
    }

    private static JsonArrayBuilder refunds(List<Refund> undecided) {
        var all = Json.createArrayBuilder();
        for (var refund : undecided) {
            all.add(Json.createObjectBuilder()
                    .add("refund", refund.outRefundNo())
                    .add("provider", refund.provider())
                    .add("amount", refund.amount().minor())
                    .add("currency", refund.amount().currency())
                    .add("since", refund.maybeSentAt().orElseThrow().toEpochMilli())
                    .add("allowed", Json.createArrayBuilder(FINDINGS)));
        }
        return all;
    }

    private static JsonArrayBuilder requests(List<PayerRefundRequest> open) {
        var all = Json.createArrayBuilder();
        for (var request : open) {
            var one = Json.createObjectBuilder()
                    .add("refund_id", request.refundId())
                    .add("provider", request.provider())
                    .add("amount", request.amount().minor())
                    .add("currency", request.amount().currency())
                    .add("reason", request.reason())
                    .add("since", request.createdAt().toEpochMilli());
            one.add("deadline", request.deadline().toEpochMilli());
            all.add(one.add("allowed", RefundRequestJson.DECISIONS));
        }
        return all;
    }

    private static JsonObjectBuilder held(NeedingPerson.Held held) {
        var receipt = held.receipt();
        return Json.createObjectBuilder()
                .add("receipt", receipt.id().toString())
                .add("transaction_id", receipt.transactionId())
                .add("provider", receipt.provider())
                .add("amount", receipt.amount().minor())
                .add("currency", receipt.amount().currency())
                .add("kind", word(receipt.kind()))
                .add("paid_at", receipt.paidAt().toEpochMilli())
                .add("allowed", words(held.allowed()));
    }

    private static JsonArrayBuilder words(Collection<Receipt.Decision> decisions) {
        var all = Json.createArrayBuilder();
        decisions.forEach(d -> all.add(word(d)));
        return all;
    }

    /** As the API calls a constant. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String cursor(PayOrder order) {
        var since = order.needsPersonSince().orElseThrow();
        return since.toEpochMilli() + "." + order.id();
    }

    /**
     * The place that a cursor names.
     *
     * @throws IllegalArgumentException if it is no cursor
     */
    static PayOrders.Flagged place(String cursor) {
        var dot = cursor.indexOf('.');
        if (dot < 0) throw new IllegalArgumentException(cursor);
        return new PayOrders.Flagged(
                Instant.ofEpochMilli(QueryParameters.whole(cursor.substring(0, dot), LAST_MOMENT)),
                UUID.fromString(cursor.substring(dot + 1)));
    }
}
