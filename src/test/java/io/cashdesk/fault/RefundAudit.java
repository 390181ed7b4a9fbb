package io.cashdesk.fault;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every refund at a provider is one refund here, in the same state, and none is of more than was paid. */
final class RefundAudit extends Audit {
    /** How providers refuse a refund of more than is left: our own reservation must have refused it before. */
    private static final List<String> TOO_MUCH =
            List.of("REFUND_AMT_NOT_EQUAL_TOTAL", "订单可退款余额不足", "退款金额不能大于订单可退金额", "订单已退款，不能重复退款");

    /** Our refunds of a payment at a provider that knows no number of them. */
    private List<OurRecords.Refund> withoutNumber(
            SimulatedProviders.Trade trade, Map<UUID, OurRecords.Receipt> receipts) {
        return evidence.ours().refunds().stream()
                .filter(r -> r.provider().equals(trade.provider()) && !r.state().equals("FAILED"))
                .filter(r -> receipts.get(r.receipt()).transactionId().equals(trade.transactionId()))
                .toList();
    }

    RefundAudit(Evidence evidence) {
        super(evidence);
    }

    @Override
    void compare() {
        var trade = evidence.theirs().trades().stream()
                .collect(Collectors.toMap(SimulatedProviders.Trade::id, Function.identity()));
        var receipts = evidence.ours().receipts().stream()
                .collect(Collectors.toMap(OurRecords.Receipt::id, Function.identity()));
        var byNumber = evidence.ours().refunds().stream()
                .collect(Collectors.groupingBy(r -> r.provider() + r.merchantNo() + r.refundNo()));
        var known = new HashSet<OurRecords.Refund>();
        var sums = new HashMap<UUID, Long>();
        for (var theirs : evidence.theirs().refunds()) {
            var of = trade.get(theirs.trade());
            var same = theirs.number().isEmpty()
                    ? withoutNumber(of, receipts)
                    : byNumber.getOrDefault(theirs.provider() + theirs.merchantNo() + theirs.number(), List.of());
            known.addAll(same);
            if (Set.of("SUCCESS", "PROCESSING", "ABNORMAL").contains(theirs.state())) {
                sums.merge(of.id(), theirs.amount(), Long::sum);
            }
            if (same.size() != 1) {
                differ(of.number(), "a refund at the provider is not exactly one refund here", theirs, same);
                continue;
            }
            var refund = same.get(0);
            if (refund.amount() != theirs.amount()
                    || !receipts.get(refund.receipt()).transactionId().equals(of.transactionId())) {
                differ(number(refund.order()), "a refund of another amount or payment", theirs, refund);
            }
            var expected = switch (theirs.state()) {
                case "SUCCESS" -> theirs.number().isEmpty() ? Set.of("SUCCEEDED", "UNKNOWN") : Set.of("SUCCEEDED");
                case "HIDDEN" -> Set.of("REQUESTING", "UNKNOWN", "CLOSED"); // no query shows it, so a person decides
                default -> Set.of(theirs.state());
            };
            if (refund.state().equals("FAILED")) {
                differ(number(refund.order()), "a refund that failed here exists at the provider", theirs, refund);
            } else if (!expected.contains(refund.state())) {
                differ(number(refund.order()), "a refund in another state", theirs, refund);
            }
        }
        evidence.theirs().refunds().stream()
                .filter(r -> r.number().isEmpty())
                .collect(Collectors.groupingBy(SimulatedProviders.Refund::trade))
                .forEach((id, all) -> {
                    if (all.size() > 1) differ(trade.get(id).number(), "a refund was sent twice", all, trade.get(id));
                });
        sums.forEach((id, sum) -> {
            if (sum > trade.get(id).reported()) {
                differ(trade.get(id).number(), "refunded more than was paid", trade.get(id), sum);
            }
        });
        for (var refund : evidence.ours().refunds()) {
            if (refund.failure() != null && TOO_MUCH.stream().anyMatch(refund.failure()::contains)) {
                differ(
                        number(refund.order()),
                        "the provider had to refuse an amount as too large",
                        refund.failure(),
                        refund);
            }
            if (!known.contains(refund) && !refund.state().equals("FAILED") && !refund.waitsForAPerson()) {
                differ(number(refund.order()), "a refund that the provider does not have", "nothing", refund);
            }
        }
    }
}
