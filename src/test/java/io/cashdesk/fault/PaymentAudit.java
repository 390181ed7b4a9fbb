package io.cashdesk.fault;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** Every payment at a provider is one receipt here, and every acknowledged notification is stored. */
final class PaymentAudit extends Audit {
    PaymentAudit(Evidence evidence) {
        super(evidence);
    }

    @Override
    void compare() {
        payments();
        notifications();
    }

    private void payments() {
        var byTransaction = evidence.ours().receipts().stream()
                .collect(Collectors.groupingBy(r -> r.provider() + r.merchantNo() + r.transactionId()));
        var ordersByTrade = evidence.ordersByTrade();
        var known = new HashSet<OurRecords.Receipt>();
        for (var trade : evidence.theirs().trades()) {
            var order = orders.get(ordersByTrade.get(trade.provider() + trade.merchantNo() + trade.number()));
            // VksPay: the answer with its number was lost, so no code was shown and nobody can pay
            if (order == null && trade.provider().equals("vkspay") && !trade.paid()) continue;
            if (order == null) {
                differ(trade.number(), "a trade without an attempt of ours", trade, "nothing");
                continue;
            }
            var receipts = byTransaction.getOrDefault(
                    trade.provider() + trade.merchantNo() + trade.transactionId(), List.of());
            known.addAll(receipts);
            if (!trade.paid() || trade.state().equals("REVOKED")) {
                if (!receipts.isEmpty()) differ(order.number(), "a receipt without a payment", trade, receipts);
            } else if (receipts.isEmpty()) {
                differ(order.number(), "paid, and no receipt here", trade, order + " " + attempts(order));
            } else if (receipts.size() > 1) {
                differ(order.number(), "one payment is stored twice", trade, receipts);
            } else if (receipts.get(0).amount() != trade.reported()
                    || !receipts.get(0).order().equals(order.id())) {
                differ(order.number(), "a receipt of another amount or order", trade, receipts.get(0));
            }
        }
        for (var receipt : evidence.ours().receipts()) {
            if (!known.contains(receipt))
                differ(number(receipt.order()), "a receipt without a payment", "nothing", receipt);
        }
    }

    /** What we acknowledged is stored: the provider never sends it again. */
    private void notifications() {
        var ordersByTrade = evidence.ordersByTrade();
        var acknowledged = new HashMap<String, Integer>();
        for (var trade : evidence.theirs().trades()) {
            var order = ordersByTrade.get(trade.provider() + trade.merchantNo() + trade.number());
            if (order == null) continue;
            acknowledged.merge(
                    trade.provider() + " " + order,
                    evidence.theirs().acknowledged().getOrDefault(trade.id(), 0),
                    Integer::sum);
        }
        var stored = evidence.ours().reports().stream()
                .collect(
                        Collectors.toMap(n -> n.provider() + " " + n.order(), OurRecords.Reports::count, Integer::sum));
        acknowledged.forEach((key, count) -> {
            if (stored.getOrDefault(key, 0) < count) {
                var order = orders.get(UUID.fromString(key.split(" ")[1]));
                differ(order.number(), "acknowledged, and not stored", count + " notifications", stored.get(key));
            }
        });
    }

    private List<OurRecords.Attempt> attempts(OurRecords.Order order) {
        return evidence.ours().attempts().stream()
                .filter(a -> a.order().equals(order.id()))
                .toList();
    }
}
