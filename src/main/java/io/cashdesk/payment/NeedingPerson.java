package io.cashdesk.payment;

import io.cashdesk.merchant.Mode;
import io.cashdesk.order.OpenReason;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.refund.PayerRefundRequest;
import io.cashdesk.refund.PayerRefundRequests;
import io.cashdesk.refund.Refund;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** The orders about which an operator must decide, with their held money. */
@ApplicationScoped
public class NeedingPerson {
    @Inject
    PayOrders orders;

    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    @Inject
    PayerRefundRequests refundRequests;

    @Inject
    AllowedDecisions allowed;

    /**
     * An order, all its open reasons, and its held money.
     *
     * @param refunds those of unknown outcome about which only a person can say what became of them
     * @param refundRequests payers' requests for refunds that wait for a decision
     * @param allowed what may be decided without a receipt: to settle the reasons that are about no held money, if
     *     there is one
     */
    public record Entry(
            PayOrder order,
            List<OpenReason> reasons,
            List<Held> held,
            List<Refund> refunds,
            List<PayerRefundRequest> refundRequests,
            List<Receipt.Decision> allowed) {}

    /** A held payment, and what may be decided about it. */
    public record Held(Receipt receipt, List<Receipt.Decision> allowed) {}

    /** The longest waiting first, after this place; within a transaction. */
    public List<Entry> of(UUID merchant, Mode mode, PayOrders.Flagged after, int atMost) {
        var flagged = orders.needingPerson(merchant, mode, after, atMost);
        if (flagged.isEmpty()) return List.of();
        var held = receipts
                .unfinished(merchant, flagged.stream().map(PayOrder::id).toList())
                .stream()
                .collect(Collectors.groupingBy(r -> r.attempt().order().id()));
        var undecided = refunds
                .needingDecision(merchant, flagged.stream().map(PayOrder::id).toList())
                .stream()
                .collect(Collectors.groupingBy(r -> r.orderKey().id()));
        var requested = refundRequests
                .open(merchant, flagged.stream().map(PayOrder::id).toList())
                .stream()
                .collect(Collectors.groupingBy(PayerRefundRequest::orderId));
        return flagged.stream()
                .map(order -> entry(
                        order,
                        held,
                        undecided.getOrDefault(order.id(), List.of()),
                        requested.getOrDefault(order.id(), List.of())))
                .toList();
    }

    private Entry entry(
            PayOrder order,
            Map<UUID, List<Receipt>> heldByOrder,
            List<Refund> undecided,
            List<PayerRefundRequest> requested) {
        var held = heldByOrder.getOrDefault(order.id(), List.of()).stream()
                .filter(receipt -> AllowedDecisions.isAsked(order, receipt))
                .toList();
        return new Entry(
                order,
                order.openReasons(),
                held.stream()
                        .map(receipt -> new Held(receipt, allowed.of(order, receipt)))
                        .toList(),
                undecided,
                requested,
                order.openApartFrom(held).isEmpty() ? List.of() : List.of(Receipt.Decision.SETTLE));
    }
}
