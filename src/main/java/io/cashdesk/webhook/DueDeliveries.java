package io.cashdesk.webhook;

import io.cashdesk.ground.database.MerchantRows;
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
 * Which deliveries a node sends next. An endpoint's row is locked while its share is counted, so that all nodes
 * together never send more to it than its limit; a node that finds it locked goes on to the next endpoint.
 */
@ApplicationScoped
class DueDeliveries {
    /** How many deliveries may be under way to one endpoint, over all nodes. */
    static final int PER_ENDPOINT = 4;

    /** The same for an endpoint whose last try failed: one that does not answer occupies one thread and no more. */
    static final int PER_FAILING_ENDPOINT = 1;

    /**
     * How many deliveries may be under way to one endpoint whose orders name the addresses: to several hosts at once,
     * so that the other ones are not delayed by those that do not answer.
     */
    static final int PER_ENDPOINT_OF_ORDERS = 8;

    /** How many of these may go to one host, over all nodes. */
    static final int PER_HOST = 2;

    /**
     * The same for one merchant on one node, however many endpoints it has: the other threads are for other merchants.
     */
    static final int PER_MERCHANT = 12;

    private static final UUID NO_MERCHANT = new UUID(0, 0);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /**
     * Claims what is due, within a transaction.
     *
     * @param atMost how many this node can send
     * @param failingAtMost how many of those may go to endpoints whose last try failed
     * @param underWay how many this node is sending to each merchant
     */
    List<ClaimedDelivery> claim(int atMost, int failingAtMost, Map<UUID, Integer> underWay) {
        var now = clock.instant();
        var perMerchant = new HashMap<>(underWay);
        // apart and first, so that any number of healthy endpoints leaves failing ones their few threads
        var claimed = claim(true, Math.min(failingAtMost, atMost), PER_FAILING_ENDPOINT, now, perMerchant);
        claimed.addAll(claim(false, atMost - claimed.size(), PER_ENDPOINT, now, perMerchant));
        return claimed;
    }

    private List<ClaimedDelivery> claim(
            boolean failing, int atMost, int perEndpoint, Instant now, Map<UUID, Integer> perMerchant) {
        var claimed = new ArrayList<ClaimedDelivery>();
        if (atMost <= 0) return claimed;
        for (var endpoint : due(failing, now, atMost, perEndpoint, full(perMerchant))) {
            var merchant = endpoint.merchantId();
            var leftForMerchant = PER_MERCHANT - perMerchant.getOrDefault(merchant, 0);
            var most = endpoint.ordersNameAddresses() ? PER_ENDPOINT_OF_ORDERS : perEndpoint;
            var share = Math.min(Math.min(most - underWay(endpoint, now), leftForMerchant), atMost - claimed.size());
            if (share <= 0) continue;
            for (var delivery : nextOf(endpoint, now, share)) {
                claimed.add(claimed(endpoint, delivery, now));
                perMerchant.merge(merchant, 1, Integer::sum);
            }
        }
        return claimed;
    }

    /** The merchants to whom this node sends as much as it may; never empty, because SQL has no empty list. */
    private static List<UUID> full(Map<UUID, Integer> perMerchant) {
        var full = new ArrayList<>(List.of(NO_MERCHANT));
        perMerchant.forEach((merchant, n) -> {
            if (n >= PER_MERCHANT) full.add(merchant);
        });
        return full;
    }

    /**
     * Endpoints to which something is due and whose limit is not reached, in random order, so that no endpoint is
     * always first. Their share is counted again once they are locked; here it only keeps full ones from hiding the
     * others. Only endpoints to which something waits are read: from one to the next in the index of what waits.
     */
    @SuppressWarnings("unchecked")
    private List<Endpoint> due(boolean failing, Instant now, int atMost, int perEndpoint, List<UUID> full) {
        return entities.createNativeQuery("""
                with recursive waiting as (
                    (select endpoint_id, merchant_id from webhook_delivery where state = 'WAITING' order by endpoint_id limit 1)
                    union all
                    select following.endpoint_id, following.merchant_id
                    from waiting w
                    cross join lateral (
                        select d.endpoint_id, d.merchant_id
                        from webhook_delivery d
                        where d.state = 'WAITING' and d.endpoint_id > w.endpoint_id
                        order by d.endpoint_id
                        limit 1) following)
                select e.*
                from waiting w
                join webhook_endpoint e on e.merchant_id = w.merchant_id and e.id = w.endpoint_id
                where e.enabled
                    and (e.paused_until is null or e.paused_until <= :now)
                    and (e.failing_since is not null) = :failing
                    and e.merchant_id not in (:full)
                    and exists (
                        select 1 from webhook_delivery d
                        where d.merchant_id = e.merchant_id and d.endpoint_id = e.id and d.state = 'WAITING' and d.next_at <= :now)
                    and (
                        select count(*) from webhook_delivery c
                        where c.merchant_id = e.merchant_id and c.endpoint_id = e.id and c.state = 'WAITING' and c.next_at > :now
                            and c.claim is not null) < case when e.url = :ofOrders then :shareOfOrders else :share end
                order by random()
                limit :most
                for no key update of e skip locked
                """, Endpoint.class)
                .setParameter("now", now)
                .setParameter("failing", failing)
                .setParameter("full", full)
                .setParameter("share", perEndpoint)
                .setParameter("shareOfOrders", PER_ENDPOINT_OF_ORDERS)
                .setParameter("ofOrders", Endpoint.OF_THE_ORDERS)
                .setParameter("most", atMost)
                .getResultList();
    }

    private int underWay(Endpoint endpoint, Instant now) {
        return ((Number) entities.createNativeQuery("""
                select count(*)
                from webhook_delivery
                where merchant_id = :merchant and endpoint_id = :endpoint and state = 'WAITING' and next_at > :now
                    and claim is not null
                """)
                        .setParameter("merchant", endpoint.merchantId())
                        .setParameter("endpoint", endpoint.id())
                        .setParameter("now", now)
                        .getSingleResult())
                .intValue();
    }

    private List<Delivery> nextOf(Endpoint endpoint, Instant now, int atMost) {
        return endpoint.ordersNameAddresses() ? nextOfHosts(endpoint, now, atMost) : longestDue(endpoint, now, atMost);
    }

    @SuppressWarnings("unchecked")
    private List<Delivery> longestDue(Endpoint endpoint, Instant now, int atMost) {
        return entities.createNativeQuery("""
                select *
                from webhook_delivery
                where merchant_id = :merchant and endpoint_id = :endpoint and state = 'WAITING' and next_at <= :now
                order by next_at
                limit :most
                for no key update skip locked
                """, Delivery.class)
                .setParameter("merchant", endpoint.merchantId())
                .setParameter("endpoint", endpoint.id())
                .setParameter("now", now)
                .setParameter("most", atMost)
                .getResultList();
    }

    /**
     * The longest due ones of each host, as many as may go to it now; those that were never tried come first, so that
     * repetitions to a host that does not answer do not delay what goes to others. Hosts are read from one to the next
     * in the index of what waits.
     */
    @SuppressWarnings("unchecked")
    private List<Delivery> nextOfHosts(Endpoint endpoint, Instant now, int atMost) {
        List<UUID> next = entities.createNativeQuery("""
                with recursive host as (
                    (select d.target_host as name
                    from webhook_delivery d
                    where d.merchant_id = :merchant and d.endpoint_id = :endpoint and d.state = 'WAITING' and d.target_host is not null
                    order by d.target_host
                    limit 1)
                    union all
                    select following.target_host
                    from host h
                    cross join lateral (
                        select d.target_host
                        from webhook_delivery d
                        where d.merchant_id = :merchant and d.endpoint_id = :endpoint and d.state = 'WAITING' and d.target_host > h.name
                        order by d.target_host
                        limit 1) following)
                select next.id
                from host h
                cross join lateral (
                    select d.id, d.round_tries, d.next_at
                    from webhook_delivery d
                    where d.merchant_id = :merchant and d.endpoint_id = :endpoint and d.state = 'WAITING' and d.target_host = h.name
                        and d.next_at <= :now
                    order by d.next_at
                    limit greatest(0, :perHost - (
                        select count(*)
                        from webhook_delivery c
                        where c.merchant_id = :merchant and c.endpoint_id = :endpoint and c.state = 'WAITING' and c.target_host = h.name
                            and c.next_at > :now and c.claim is not null))) next
                order by next.round_tries > 0, next.next_at
                limit :most
                """, UUID.class)
                .setParameter("merchant", endpoint.merchantId())
                .setParameter("endpoint", endpoint.id())
                .setParameter("now", now)
                .setParameter("perHost", PER_HOST)
                .setParameter("most", atMost)
                .getResultList();
        if (next.isEmpty()) return List.of();
        return entities.createNativeQuery("""
                select *
                from webhook_delivery
                where merchant_id = :merchant and id in (:next) and state = 'WAITING' and next_at <= :now
                for no key update skip locked
                """, Delivery.class)
                .setParameter("merchant", endpoint.merchantId())
                .setParameter("next", next)
                .setParameter("now", now)
                .getResultList();
    }

    private ClaimedDelivery claimed(Endpoint endpoint, Delivery delivery, Instant now) {
        var event = MerchantRows.find(entities, WebhookEvent.class, endpoint.merchantId(), delivery.eventId())
                .orElseThrow();
        var sealed = new ArrayList<String>();
        sealed.add(endpoint.sealed());
        endpoint.oldSealed(now).ifPresent(sealed::add);
        return new ClaimedDelivery(
                delivery.id(),
                delivery.claim(now, endpoint.enabledAt()),
                endpoint.id(),
                endpoint.merchantId(),
                event.order(),
                event.webhookId(),
                event.type(),
                delivery.payload().orElse(event.payload()),
                endpoint.name(),
                delivery.target().orElse(endpoint.url()),
                delivery.target().isPresent(),
                sealed,
                endpoint.format(),
                endpoint.failingSince().isPresent());
    }
}
