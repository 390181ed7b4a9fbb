package io.cashdesk.fault;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Every change that merchants are to receive is one event, delivered to every endpoint under one id with one true body.
 */
final class WebhookAudit extends Audit {
    private final Map<UUID, List<OurRecords.Receipt>> receiptsByOrder;
    private final Map<UUID, List<OurRecords.Refund>> refundsByOrder;

    WebhookAudit(Evidence evidence) {
        super(evidence);
        receiptsByOrder = evidence.receiptsByOrder();
        refundsByOrder = evidence.refundsByOrder();
    }

    @Override
    void compare() {
        var must = new HashMap<String, String>();
        var may = new HashSet<String>();
        for (var order : evidence.ours().orders()) {
            if (order.state().equals("PAID")) must.put("payment.paid " + order.id(), order.toString());
            if (evidence.ours().closed().stream().anyMatch(c -> c.order().equals(order.id())))
                must.put("payment.closed " + order.id(), order.toString());
        }
        for (var receipt : evidence.ours().receipts()) {
            var type = Map.of("LATE", "payment.late ", "DUPLICATE", "payment.duplicate ")
                    .get(receipt.kind());
            if (type != null) must.put(type + receipt.id(), receipt.toString());
        }
        for (var refund : evidence.ours().refunds()) {
            if (refund.state().equals("SUCCEEDED")) must.put("refund.succeeded " + refund.id(), refund.toString());
            if (Set.of("ABNORMAL", "CLOSED").contains(refund.state())) {
                must.put("refund.failed " + refund.id(), refund.toString());
            }
            // also sent when the call was over before the refusal; the refund may have been tried again since
            may.add("refund.failed " + refund.id());
        }
        var events = new HashMap<String, OurRecords.Event>();
        for (var event : evidence.ours().events()) {
            var key = event.type() + " " + event.subject();
            if (events.put(key, event) != null) differ(number(event.order()), "two events for one change", key, event);
            if (!must.containsKey(key) && !may.contains(key)) {
                differ(number(event.order()), "an event without a cause", orders.get(event.order()), event);
            }
        }
        must.forEach((key, line) -> {
            if (!events.containsKey(key)) differ("?", "an event was never sent: " + key, "nothing", line);
        });
        var byId = evidence.received().stream().collect(Collectors.groupingBy(MerchantReceiver.Received::id));
        evidence.ours().events().forEach(event -> event(event, byId.getOrDefault(event.webhookId(), List.of())));
        var ids = evidence.ours().events().stream()
                .map(OurRecords.Event::webhookId)
                .collect(Collectors.toSet());
        byId.forEach((id, all) -> {
            if (!ids.contains(id)) differ("?", "received, and not in the outbox", all.get(0), "no event " + id);
        });
        subjects(byId);
    }

    private void event(OurRecords.Event event, List<MerchantReceiver.Received> received) {
        var number = number(event.order());
        var deliveries = evidence.ours().deliveries().stream()
                .filter(d -> d.event().equals(event.id()))
                .toList();
        if (deliveries.isEmpty()) differ(number, "an event without a delivery", "the merchant has endpoints", event);
        for (var delivery : deliveries) {
            var there = received.stream()
                    .filter(h -> h.path().equals(delivery.path()))
                    .toList();
            if (!delivery.state().equals("ACKNOWLEDGED"))
                differ(number, "not acknowledged in time: " + delivery, there, event);
            else if (there.stream().noneMatch(MerchantReceiver.Received::acknowledged)) {
                differ(number, "counts as acknowledged, and the merchant never acknowledged it", there, delivery);
            }
        }
        if (received.stream().map(MerchantReceiver.Received::body).distinct().count() > 1) {
            differ(number, "the same webhook with different bodies", received, event);
        }
        for (var one : received) {
            if (!one.verified()) differ(number, "a webhook whose signature is wrong", one, event);
        }
        if (!received.isEmpty()) body(event, received.get(0));
    }

    private void body(OurRecords.Event event, MerchantReceiver.Received one) {
        var order = orders.get(event.order());
        var body = object(one.body());
        var data = body.getJsonObject("data");
        var right = body.getString("type").equals(event.type())
                && data.getString("out_trade_no").equals(order.number())
                && data.getInt("total_fee") == order.total()
                && data.getString("pid").equals(order.pid());
        switch (event.type()) {
            case "payment.paid" ->
                right &= data.getInt("status") >= 1
                        && data.getString("transaction_id").equals(order.transactionId());
            case "payment.closed" -> right &= data.getInt("status") == -1;
            case "payment.late", "payment.duplicate" -> {
                var receipt = find(receiptsByOrder.get(order.id()), r -> r.id().equals(event.subject()));
                var payment = body.getJsonObject("payment");
                right &= payment.getString("transaction_id").equals(receipt.transactionId())
                        && payment.getInt("total_fee") == receipt.amount();
            }
            default -> {
                var refund = find(refundsByOrder.get(order.id()), r -> r.id().equals(event.subject()));
                var refunded = body.getJsonObject("refund");
                right &= refunded.getString("out_refund_no").equals(refund.outRefundNo())
                        && refunded.getInt("refund_fee") == refund.amount()
                        && refunded.getString("refund_status").equals("success")
                                == event.type().equals("refund.succeeded");
            }
        }
        if (!right) differ(order.number(), "a webhook whose body is wrong", one.body(), event + " of " + order);
    }

    private static <T> T find(List<T> all, Predicate<T> which) {
        return all.stream().filter(which).findFirst().orElseThrow();
    }

    /** The same change under two ids would be executed twice by the merchant. */
    private void subjects(Map<String, List<MerchantReceiver.Received>> byId) {
        var ids = new HashMap<String, Set<String>>();
        byId.forEach((id, all) -> {
            var body = object(all.get(0).body());
            var about =
                    body.getString("type") + " " + body.getJsonObject("data").getString("out_trade_no") + " "
                            + (body.containsKey("refund")
                                    ? body.getJsonObject("refund").getString("out_refund_no")
                                    : body.containsKey("payment")
                                            ? body.getJsonObject("payment").getString("transaction_id")
                                            : "");
            ids.computeIfAbsent(about, k -> new HashSet<>()).add(id);
        });
        ids.forEach((about, several) -> {
            if (several.size() > 1) differ(about.split(" ")[1], "received under several ids: " + about, several, "");
        });
    }

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }
}
