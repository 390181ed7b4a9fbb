package io.cashdesk.provider.douyin;

import static io.cashdesk.provider.douyin.DouyinHttp.unusable;
import static io.cashdesk.provider.douyin.Members.text;

import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Refunds of the trade system. A refund names an amount for each item of its order; how much is left of each follows
 * from the order and its earlier refunds, which are queried first.
 */
final class TradeRefunds {
    /** {@code refund_reason.code}: a reason in words. */
    static final int OTHER_REASON = 999;

    /** {@code need_refund_audit}: the merchant has nothing to decide, as of a refund that it requests itself. */
    private static final String NO_AUDIT = "2";

    private TradeRefunds() {}

    /**
     * What to request.
     *
     * @param known the refund, if Douyin has it already
     * @param items empty: everything
     */
    record Plan(String orderId, JsonArray items, Optional<RefundReport> known) {}

    /**
     * Spreads the amount over the items of the order.
     *
     * @param order queries the order
     * @throws ProviderFailure DECLINED if less is left; UNREACHABLE if a query failed: nothing was sent
     */
    static Plan plan(TradeClient client, RefundRequest request, Supplier<JsonObject> order) {
        try {
            var found = order.get();
            var orderId = text(found, "order_id");
            if (orderId.isEmpty()) throw unusable("an order without order_id");
            var items = Members.objects(found.get("item_order_list"));
            if (items.isEmpty()) {
                if (request.amount().equals(request.total())) {
                    return new Plan(orderId, JsonValue.EMPTY_JSON_ARRAY, Optional.empty());
                }
                throw unusable("an order without item_order_list");
            }
            if (items.size() == 1) { // how much is left of it, Douyin itself checks
                return new Plan(
                        orderId,
                        detail(List.of(items.get(0)), request.amount().minor(), Spent.NOTHING),
                        Optional.empty());
            }
            var earlier = list(client, "order_id", orderId);
            var same = earlier.stream()
                    .filter(r -> text(r, "out_refund_no").equals(request.refundNo()))
                    .findFirst();
            if (same.isPresent()) {
                return new Plan(orderId, JsonValue.EMPTY_JSON_ARRAY, same.map(r -> report(request.refundNo(), r)));
            }
            return new Plan(orderId, detail(items, request.amount().minor(), Spent.by(earlier)), Optional.empty());
        } catch (ProviderFailure failure) {
            if (failure.kind() == Kind.DECLINED) throw failure;
            throw new ProviderFailure(
                    Kind.UNREACHABLE,
                    failure.providerCode(),
                    "the refund was not sent, because the query before it failed: " + failure.getMessage());
        }
    }

    /** How much of each item earlier refunds take, in fen; those that failed take nothing. */
    private record Spent(java.util.Map<String, Long> ofItem) {
        static final Spent NOTHING = new Spent(java.util.Map.of());

        static Spent by(List<JsonObject> refunds) {
            var ofItem = new HashMap<String, Long>();
            for (var refund : refunds) {
                if (text(refund, "refund_status").equals("FAIL")) continue;
                for (var item : Members.objects(refund.get("item_order_detail"))) {
                    var fen = Members.whole(item, "refund_amount").orElse(0L);
                    ofItem.merge(text(item, "item_order_id"), fen, Long::sum);
                }
            }
            return new Spent(ofItem);
        }
    }

    private static JsonArray detail(List<JsonObject> items, long amount, Spent spent) {
        var detail = Json.createArrayBuilder();
        var left = amount;
        for (var item : items) {
            var id = text(item, "item_order_id");
            if (id.isEmpty()) throw unusable("an item without item_order_id");
            var whole = items.size() == 1
                    ? amount
                    : Members.whole(item, "item_order_amount")
                            .orElseThrow(() -> unusable("an item without item_order_amount"));
            var taken = Math.min(left, Math.max(0, whole - spent.ofItem().getOrDefault(id, 0L)));
            if (taken == 0) continue;
            detail.add(Json.createObjectBuilder().add("item_order_id", id).add("refund_amount", taken));
            left -= taken;
        }
        if (left == 0) return detail.build();
        throw new ProviderFailure(
                Kind.DECLINED,
                "refund_total_amount",
                "nothing was sent: refund_fee is " + amount + ", and " + (amount - left)
                        + " (fen) of the items are left");
    }

    /** The refund with this number; empty if Douyin has none. */
    static Optional<JsonObject> find(TradeClient client, String name, String number) {
        try {
            return list(client, name, number).stream()
                    .filter(refund -> text(refund, name).equals(number))
                    .findFirst();
        } catch (ProviderFailure failure) {
            if (!TradeApi.isAbsent(failure)) throw failure;
            return Optional.empty();
        }
    }

    private static List<JsonObject> list(TradeClient client, String name, String number) {
        var answer = client.call("refund_query", Json.createObjectBuilder().add(name, number));
        return Members.objects(Members.object(answer, "data").get("refund_list"));
    }

    /** @param number that the refund carries here */
    static RefundReport report(String number, JsonObject refund) {
        var id = text(refund, "refund_id");
        var status = text(refund, "refund_status");
        return switch (status) {
            case "SUCCESS" ->
                new RefundReport.Succeeded(
                        number,
                        id,
                        Members.amount(refund, "refund_total_amount").orElse(null),
                        null,
                        Members.time(refund, "refund_at"),
                        refund.toString());
            case "PROCESSING", "PROCESS", "INIT" ->
                toBeDecided(refund)
                        ? new RefundReport.ToBeDecided(number, id, refund.toString())
                        : new RefundReport.Processing(number, id, null, refund.toString());
            case "FAIL" -> new RefundReport.Closed(number, id, refund.toString());
            default -> throw unusable("a refund with the unknown refund_status \"" + status + '"');
        };
    }

    /** Whether the merchant must still decide about a payer's request; it is PROCESSING before and after that. */
    private static boolean toBeDecided(JsonObject refund) {
        var audit = Members.object(refund, "merchant_audit_detail");
        return Set.of("INIT", "TOAUDIT").contains(text(audit, "audit_status"))
                && !text(audit, "need_refund_audit").equals(NO_AUDIT);
    }

    /** Whether the merchant's decision about a payer's request, as Douyin has it, is this one. */
    static boolean wasDecided(JsonObject refund, boolean accepted) {
        var decided = text(Members.object(refund, "merchant_audit_detail"), "audit_status");
        return (accepted ? Set.of("AGREE", "1") : Set.of("DENY", "2")).contains(decided);
    }
}
