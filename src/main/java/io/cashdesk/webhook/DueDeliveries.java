package io.cashdesk.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Which deliveries a node carries next. An endpoint's row is locked while its share is counted, so that all nodes together
 * never carry more to it than its limit; who finds it locked goes on to the next.
 */
@ApplicationScoped
class DueDeliveries {
    /** How many deliveries may be under way to one endpoint, over all nodes. */
    static final int TO_ONE = 4;

    /** The same for an endpoint whose last try failed: one that hangs ties up one thread and no more. */
    static final int TO_ONE_THAT_FAILS = 1;

    /** The same for one merchant on one node, however many endpoints he has: the other hands are for the others. */
    static final int TO_ONE_MERCHANT = 12;

    private static final UUID NOBODY = new UUID(0, 0);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /**
     * Claims what is due, within a transaction.
     *
     * @param atMost how many this node can carry
     * @param failingAtMost how many of those may go to endpoints that have been failing
     * @param underWay how many this node is carrying to each merchant
     */
    List<ClaimedDelivery> take(int atMost, int failingAtMost, Map<UUID, Integer> underWay) {
        var now = clock.instant();
        var carrying = new HashMap<>(underWay);
        // by themselves and first, so that any number of healthy ones leaves them the few hands that they may have
        var claimed = take(true, Math.min(failingAtMost, atMost), TO_ONE_THAT_FAILS, now, carrying);
        claimed.addAll(take(false, atMost - claimed.size(), TO_ONE, now, carrying));
        return claimed;
    }

    private List<ClaimedDelivery> take(
            boolean failing, int atMost, int toOne, Instant now, Map<UUID, Integer> carrying) {
        var claimed = new ArrayList<ClaimedDelivery>();
        if (atMost <= 0) return claimed;
        for (var endpoint : due(failing, now, atMost, toOne, full(carrying))) {
            var merchant = endpoint.merchantId();
            var toMerchant = TO_ONE_MERCHANT - carrying.getOrDefault(merchant, 0);
            var share = Math.min(Math.min(toOne - carried(endpoint, now), toMerchant), atMost - claimed.size());
            if (share <= 0) continue;
            for (var delivery : due(endpoint, now, share)) {
                claimed.add(claimed(endpoint, delivery, now));
                carrying.merge(merchant, 1, Integer::sum);
            }
        }
        return claimed;
    }

    /** The merchants to whom this node carries all that it may; never empty, because SQL knows no empty list. */
    private static List<UUID> full(Map<UUID, Integer> carrying) {
        var full = new ArrayList<>(List.of(NOBODY));
        carrying.forEach((merchant, n) -> {
            if (n >= TO_ONE_MERCHANT) full.add(merchant);
        });
        return full;
    }

    /**
     * Endpoints to which something is due and that may be told more than they are now: chance decides among them, not age. Their
     * share is looked at again once they are locked; here it keeps those that have all they may from hiding the others.
     */
    @SuppressWarnings("unchecked")
    private List<Endpoint> due(boolean failing, Instant now, int atMost, int toOne, List<UUID> full) {
        return entities.createNativeQuery(
                        "select e.* from webhook_endpoint e where e.enabled"
                                + " and (e.paused_until is null or e.paused_until <= :now)"
                                + " and (e.failing_since is not null) = :failing"
                                + " and e.merchant_id not in (:full)"
                                + " and exists (select 1 from webhook_delivery d where d.endpoint_id = e.id"
                                + " and d.state = 'WAITING' and d.next_at <= :now)"
                                + " and (select count(*) from webhook_delivery c where c.endpoint_id = e.id"
                                + " and c.state = 'WAITING' and c.next_at > :now and c.claim is not null) < :share"
                                + " order by random() limit :most"
                                + " for no key update skip locked",
                        Endpoint.class)
                .setParameter("now", now)
                .setParameter("failing", failing)
                .setParameter("full", full)
                .setParameter("share", toOne)
                .setParameter("most", atMost)
                .getResultList();
    }

    private int carried(Endpoint endpoint, Instant now) {
        return ((Number) entities.createNativeQuery(
                                "select count(*) from webhook_delivery where endpoint_id = :endpoint and state = 'WAITING'"
                                        + " and next_at > :now and claim is not null")
                        .setParameter("endpoint", endpoint.id())
                        .setParameter("now", now)
                        .getSingleResult())
                .intValue();
    }

    @SuppressWarnings("unchecked")
    private List<Delivery> due(Endpoint endpoint, Instant now, int atMost) {
        return entities.createNativeQuery(
                        "select * from webhook_delivery where endpoint_id = :endpoint and state = 'WAITING'"
                                + " and next_at <= :now order by next_at limit :most for no key update skip locked",
                        Delivery.class)
                .setParameter("endpoint", endpoint.id())
                .setParameter("now", now)
                .setParameter("most", atMost)
                .getResultList();
    }

    private ClaimedDelivery claimed(Endpoint endpoint, Delivery delivery, Instant now) {
        var event = entities.find(WebhookEvent.class, delivery.eventId());
        var sealed = new ArrayList<String>();
        sealed.add(endpoint.sealed());
        endpoint.oldSealed(now).ifPresent(sealed::add);
        return new ClaimedDelivery(
                delivery.id(),
                delivery.claim(now),
                endpoint.id(),
                endpoint.merchantId(),
                event.orderId(),
                event.webhookId(),
                event.type(),
                delivery.payload().orElse(event.payload()),
                endpoint.name(),
                endpoint.url(),
                sealed,
                endpoint.format(),
                endpoint.failingSince().isPresent());
    }
}
