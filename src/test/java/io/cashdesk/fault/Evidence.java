package io.cashdesk.fault;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is compared after a round.
 *
 * @param plans by order number
 * @param received the webhooks that arrived at the merchants' servers
 * @param promises what our answers to merchants said
 */
record Evidence(
        Map<String, OrderPlan> plans,
        SimulatedProviders.Records theirs,
        OurRecords ours,
        List<MerchantReceiver.Received> received,
        List<OrderLoad.Promise> promises) {
    Map<UUID, OurRecords.Order> orders() {
        return ours.orders().stream().collect(Collectors.toMap(OurRecords.Order::id, Function.identity()));
    }

    Map<UUID, List<OurRecords.Receipt>> receiptsByOrder() {
        return ours.receipts().stream().collect(Collectors.groupingBy(OurRecords.Receipt::order));
    }

    Map<UUID, List<OurRecords.Refund>> refundsByOrder() {
        return ours.refunds().stream().collect(Collectors.groupingBy(OurRecords.Refund::order));
    }

    /**
     * Which of our orders a trade at a provider belongs to, by the provider, the merchant's number there and the
     * trade's number, ours or the provider's.
     */
    Map<String, UUID> ordersByTrade() {
        var orders = new HashMap<String, UUID>();
        for (var attempt : ours.attempts()) {
            var merchant = attempt.provider() + attempt.merchantNo();
            orders.put(merchant + attempt.attemptNo(), attempt.order());
            if (attempt.providerNo() != null) orders.put(merchant + attempt.providerNo(), attempt.order());
        }
        return orders;
    }
}
