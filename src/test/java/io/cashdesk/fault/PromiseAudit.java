package io.cashdesk.fault;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every answer that promised something to a merchant was kept. */
final class PromiseAudit extends Audit {
    private final Map<UUID, List<OurRecords.Refund>> refundsByOrder;

    PromiseAudit(Evidence evidence) {
        super(evidence);
        refundsByOrder = evidence.refundsByOrder();
    }

    @Override
    void compare() {
        var byNumber = evidence.ours().orders().stream()
                .collect(Collectors.toMap(OurRecords.Order::number, Function.identity()));
        for (var promise : evidence.promises()) {
            var order = byNumber.get(promise.number());
            if (order == null) {
                differ(promise.number(), "promised, and no order here", promise, "no order");
                continue;
            }
            var kept = switch (promise.kind()) {
                case PAID -> order.state().equals("PAID");
                case CLOSED ->
                    order.state().equals("CLOSED")
                            || (order.state().equals("PAID")
                                    && evidence.plans().get(order.number()).policy() == OrderPlan.Policy.ACCEPTS);
                case REFUND_ACCEPTED ->
                    refundsByOrder.getOrDefault(order.id(), List.of()).stream()
                                    .filter(r ->
                                            r.outRefundNo().equals(promise.refund()) && r.amount() == promise.fen())
                                    .count()
                            == 1;
            };
            if (!kept) differ(promise.number(), "a promise was not kept: " + promise, "", order);
        }
    }
}
