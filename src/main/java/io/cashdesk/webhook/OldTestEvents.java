package io.cashdesk.webhook;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.OldRows;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The events {@code webhook.test} of test mode, which belong to no order. Those of live mode are kept. */
@ApplicationScoped
class OldTestEvents implements OldRows {
    private static final int AT_ONCE = 50;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Inject
    EventsOfTestOrders events;

    @Override
    public String name() {
        return "test webhooks";
    }

    @Override
    public boolean deleteSome(Instant now) {
        var kept = settings.testsKept();
        if (kept.isEmpty()) return false;
        var before = now.minus(kept.get());
        var more = false;
        for (var merchant : merchants(before)) {
            more |= transactions.inNew(() -> delete(merchant, before)) == AT_ONCE;
        }
        return more;
    }

    @SuppressWarnings("unchecked") // native queries have no types
    private List<UUID> merchants(Instant before) {
        return entities.createNativeQuery("""
                select m.id from merchant m
                where exists (
                    select 1 from webhook_event e
                    where e.merchant_id = m.id and e.mode = 'TEST' and e.order_id is null and e.created_at < :before)
                """, UUID.class)
                .setParameter("before", before)
                .getResultList();
    }

    @SuppressWarnings("unchecked") // native queries have no types
    private int delete(UUID merchant, Instant before) {
        List<UUID> old = entities.createNativeQuery("""
                select id from webhook_event
                where merchant_id = :merchant and mode = 'TEST' and order_id is null and created_at < :before
                order by created_at
                limit :most
                for update skip locked
                """, UUID.class)
                .setParameter("merchant", merchant)
                .setParameter("before", before)
                .setParameter("most", AT_ONCE)
                .getResultList();
        events.delete(merchant, old);
        return old.size();
    }
}
