package io.cashdesk.order;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.OldRows;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Orders in test mode, whatever their state, with all that belongs to them. Live orders are never deleted. An order
 * that is being worked on (locked) is left for the next run. A notification that comes afterwards is answered like one
 * for an unknown attempt.
 */
@ApplicationScoped
class OldTestOrders implements OldRows {
    /** Orders deleted in one transaction; each has about ten rows in other tables. */
    static final int AT_ONCE = 50;

    /** Rows of these orders that are locked elsewhere (an attempt's claim, a delivery's) are left for the next run. */
    private static final int LOCK_MILLIS = 1_000;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Inject
    Event<TestOrdersExpired> expired;

    @Override
    public String name() {
        return "test orders";
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

    /** The merchants with such orders; one look into the index for each merchant. */
    @SuppressWarnings("unchecked") // native queries have no types
    private List<UUID> merchants(Instant before) {
        return entities.createNativeQuery("""
                select m.id from merchant m
                where exists (
                    select 1 from pay_order o
                    where o.merchant_id = m.id and o.mode = 'TEST' and o.created_at < :before)
                """, UUID.class)
                .setParameter("before", before)
                .getResultList();
    }

    private int delete(UUID merchant, Instant before) {
        transactions.lockTimeout(LOCK_MILLIS);
        var orders = lockOldest(merchant, before);
        if (orders.isEmpty()) return 0;
        expired.fire(new TestOrdersExpired(merchant, orders));
        for (var statement : List.of(
                "delete from OrderEvent e where e.merchantId = :merchant and e.orderId in :orders",
                "delete from Receipt r where r.merchantId = :merchant and r.orderId in :orders",
                "delete from Attempt a where a.merchantId = :merchant and a.orderId in :orders",
                "delete from PayOrder o where o.merchantId = :merchant and o.id in :orders")) {
            entities.createQuery(statement)
                    .setParameter("merchant", merchant)
                    .setParameter("orders", orders)
                    .executeUpdate();
        }
        return orders.size();
    }

    @SuppressWarnings("unchecked") // native queries have no types
    private List<UUID> lockOldest(UUID merchant, Instant before) {
        return entities.createNativeQuery("""
                select id from pay_order
                where merchant_id = :merchant and mode = 'TEST' and created_at < :before
                order by created_at
                limit :most
                for update skip locked
                """, UUID.class)
                .setParameter("merchant", merchant)
                .setParameter("before", before)
                .setParameter("most", AT_ONCE)
                .getResultList();
    }
}
