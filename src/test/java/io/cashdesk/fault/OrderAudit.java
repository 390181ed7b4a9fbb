package io.cashdesk.fault;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Orders, receipts and refunds agree with one another, and unexpected money is where its merchant decided. */
final class OrderAudit extends Audit {
    /** How long after its last query to the provider the close of an order by its merchant may be stored. */
    private static final Duration CLOSE_STORED_WITHIN = Duration.ofSeconds(12);

    private static final List<String> FOR_NOW = List.of("FREQUENCY_LIMITED", "NOT_ENOUGH", "app-call-limited");

    private final Map<UUID, List<OurRecords.Receipt>> receiptsByOrder;
    private final Map<UUID, List<OurRecords.Refund>> refundsByOrder;

    OrderAudit(Evidence evidence) {
        super(evidence);
        receiptsByOrder = evidence.receiptsByOrder();
        refundsByOrder = evidence.refundsByOrder();
    }

    @Override
    void compare() {
        evidence.ours().orders().forEach(this::order);
    }

    private void order(OurRecords.Order order) {
        var receipts = receiptsByOrder.getOrDefault(order.id(), List.of());
        var counted =
                receipts.stream().filter(r -> r.disposition().equals("COUNTED")).toList();
        var right = receipts.stream()
                .filter(r -> r.amount() == order.total())
                .filter(r -> !r.kind().equals("DOUBTFUL"))
                .toList();
        var plan = evidence.plans().get(order.number());
        var policy = plan.policy();
        var money = receipts.isEmpty() ? "no money" : receipts.toString();
        if (plan.fen() != order.total()) {
            differ(order.number(), "another total than was requested", plan.fen(), order);
        }
        switch (order.state()) {
            case "PAID" -> {
                if (counted.size() != 1 || !counted.get(0).id().equals(order.paidReceipt())) {
                    differ(order.number(), "paid, but not by one payment", money, order);
                } else if (counted.get(0).amount() != order.total()
                        || !counted.get(0).transactionId().equals(order.transactionId())) {
                    differ(order.number(), "paid by a payment that is not its own", money, order);
                }
            }
            case "CLOSED" -> {
                if (!right.isEmpty() && policy == OrderPlan.Policy.ACCEPTS) {
                    differ(order.number(), "late money was not accepted", money, order);
                }
            }
            default -> {
                if (!right.isEmpty()) differ(order.number(), "it was paid, and is not PAID here", money, order);
            }
        }
        if (!order.state().equals("PAID") && !counted.isEmpty()) {
            differ(order.number(), "a counted receipt, and the order is not paid", money, order);
        }
        for (var receipt : receipts) receipt(order, receipt, policy);
        if (order.state().equals("PAID") && !Boolean.TRUE.equals(order.acknowledged())) {
            differ(
                    order.number(),
                    "the merchant confirmed, and the order does not show it",
                    "yes",
                    order.acknowledged());
        }
        var mine = refundsByOrder.getOrDefault(order.id(), List.of()).stream()
                .filter(r -> r.cause().equals("MERCHANT"))
                .filter(r -> r.state().equals("SUCCEEDED"))
                .toList();
        var sum = mine.stream().mapToLong(OurRecords.Refund::amount).sum();
        if (order.refundFee() != sum || order.refundNum() != mine.size()) {
            differ(order.number(), "refunded is not the sum of its refunds", mine, order);
        }
    }

    private void receipt(OurRecords.Order order, OurRecords.Receipt receipt, OrderPlan.Policy policy) {
        var refunds = refundsByOrder.getOrDefault(order.id(), List.of()).stream()
                .filter(r -> r.receipt().equals(receipt.id()))
                .toList();
        var reserved = refunds.stream()
                .filter(OurRecords.Refund::reserves)
                .mapToLong(OurRecords.Refund::amount)
                .sum();
        var refunded = refunds.stream()
                .filter(r -> r.state().equals("SUCCEEDED"))
                .mapToLong(OurRecords.Refund::amount)
                .sum();
        var byProvider = receipt.wentBack() ? receipt.amount() : 0; // without a refund of ours
        if (receipt.reserved() != reserved + byProvider
                || receipt.refunded() != refunded + byProvider
                || receipt.reserved() > receipt.amount()) {
            differ(order.number(), "the reserved amount differs from the sum of the refunds", refunds, receipt);
        }
        var doubtful = receipt.kind().equals("DOUBTFUL");
        if (!doubtful && (receipt.amount() != order.total()) != receipt.kind().equals("AMOUNT_DIFFERS")) {
            differ(order.number(), "a receipt of the wrong kind", order, receipt);
        }
        if (List.of("ORDER", "LATE").contains(receipt.kind())) closedInTime(order, receipt);
        var expected = switch (receipt.kind()) {
            case "ORDER" -> Set.of("COUNTED");
            case "AMOUNT_DIFFERS" -> Set.of("HELD");
            case "DOUBTFUL" -> Set.of(receipt.wentBack() ? "RETURNED" : "HELD");
            case "LATE" -> unexpected(policy.late, reserved, refunded, receipt.amount());
            default -> unexpected(policy.duplicate, reserved, refunded, receipt.amount());
        };
        if (!expected.contains(receipt.disposition())) {
            differ(
                    order.number(),
                    "unexpected money is not handled as its merchant decided: " + expected,
                    refunds,
                    receipt);
        }
        if (receipt.disposition().equals("HELD") && refunds.stream().anyMatch(OrderAudit::failedForNow)) {
            differ(order.number(), "money is held after a refusal that passes", refunds, receipt);
        }
        if (receipt.disposition().equals("HELD") && order.needsPerson() == null) {
            differ(order.number(), "money is held, and the order is not marked for a person", receipt, order);
        }
    }

    /** How both providers refuse a refund that may succeed later. */
    private static boolean failedForNow(OurRecords.Refund refund) {
        return refund.state().equals("FAILED")
                && !refund.cause().equals("MERCHANT")
                && refund.failure() != null
                && FOR_NOW.stream().anyMatch(refund.failure()::contains);
    }

    /** An order that is queried before it is closed is not closed when it was paid before. */
    private void closedInTime(OurRecords.Order order, OurRecords.Receipt receipt) {
        var trade = evidence.theirs().trades().stream()
                .filter(t -> t.transactionId().equals(receipt.transactionId()))
                .findFirst();
        for (var closed : evidence.ours().closed()) {
            if (!closed.order().equals(order.id())
                    || trade.isEmpty()
                    || !trade.get().paid()) continue;
            var latest =
                    closed.by().equals("deadline") ? closed.at() : closed.at().minus(CLOSE_STORED_WITHIN);
            if (trade.get().paidAt().isBefore(latest)) {
                differ(order.number(), "closed although it was paid before", trade.get(), closed);
            }
        }
    }

    private static Set<String> unexpected(String policy, long reserved, long refunded, long amount) {
        if (policy.equals("hold")) return Set.of("HELD");
        if (refunded == amount) return Set.of("RETURNED");
        return reserved == amount
                ? Set.of("RETURNING")
                : Set.of("HELD"); // the provider refused, or has not decided yet
    }
}
