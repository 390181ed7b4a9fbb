package io.cashdesk.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;

/**
 * Makes the deliveries due that waited when their endpoint was enabled: {@value #AT_ONCE} in a transaction, so that a
 * long backlog locks nothing for long. Those that are due already are left to {@link Delivery#claim}, which starts
 * their retry schedule anew.
 */
@ApplicationScoped
class Backlog {
    /** Rows of one transaction. */
    static final int AT_ONCE = 500;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /**
     * One step for one endpoint, within a transaction. The endpoint is locked, so that two nodes do not take the same
     * step; one that another node has locked is passed over.
     *
     * @return whether there may be more to do
     */
    boolean resumeSome() {
        var endpoints = entities.createNativeQuery("""
                select *
                from webhook_endpoint
                where resuming
                limit 1
                for no key update skip locked
                """, Endpoint.class).getResultList();
        if (endpoints.isEmpty()) return false;
        var endpoint = (Endpoint) endpoints.get(0);
        if (resumeSome(endpoint) < AT_ONCE) endpoint.resumed();
        return true;
    }

    /**
     * Rows that another transaction has locked are passed over: they are being sent again, or are claimed. A delivery
     * that was tried since the endpoint was enabled has a schedule of its own.
     */
    private int resumeSome(Endpoint endpoint) {
        return entities.createNativeQuery("""
                update webhook_delivery d
                set round_at = :enabled, round_tries = 0, next_at = :enabled, version = d.version + 1
                from (
                    select id
                    from webhook_delivery
                    where merchant_id = :merchant and endpoint_id = :endpoint and state = 'WAITING' and next_at > :now
                        and round_at < :enabled and claim is null
                    limit :most
                    for no key update skip locked) as waiting
                where d.merchant_id = :merchant and d.id = waiting.id
                """)
                .setParameter("enabled", endpoint.enabledAt())
                .setParameter("now", clock.instant())
                .setParameter("merchant", endpoint.merchantId())
                .setParameter("endpoint", endpoint.id())
                .setParameter("most", AT_ONCE)
                .executeUpdate();
    }
}
