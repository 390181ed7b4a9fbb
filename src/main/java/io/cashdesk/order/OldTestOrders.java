package io.cashdesk.order;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.OldRowsOfMerchants;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Orders in test mode, whatever their state, with all that belongs to them. Live orders are never deleted. An order
 * that is being worked on (locked) is left for the next run. A notification that comes afterwards is answered like one
 * for an unknown attempt.
 */
@ApplicationScoped
class OldTestOrders extends OldRowsOfMerchants {
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
    protected Optional<Duration> kept() {
        return settings.testsKept();
    }

    @Override
    protected List<Row> oldest(Instant from, Instant before, int atMost) {
        return entities.createQuery("""
                select o.merchantId, o.id, o.createdAt
                from PayOrder o
                where o.mode = io.cashdesk.merchant.Mode.TEST and o.createdAt >= :from and o.createdAt < :before
                order by o.createdAt
                """, Object[].class)
                .setParameter("from", from)
                .setParameter("before", before)
                .setMaxResults(atMost)
                .getResultStream()
                .map(row -> new Row((UUID) row[0], (UUID) row[1], (Instant) row[2]))
                .toList();
    }

    @Override
    protected void delete(UUID merchant, List<UUID> ids) {
        transactions.runInNew(() -> {
            transactions.lockTimeout(LOCK_MILLIS);
            var orders = locked(merchant, ids);
            if (!orders.isEmpty()) deleteLocked(merchant, orders);
        });
    }

    @SuppressWarnings("unchecked") // native queries have no types
    private List<UUID> locked(UUID merchant, List<UUID> ids) {
        return entities.createNativeQuery("""
                select id from pay_order
                where merchant_id = :merchant and id in (:ids) and mode = 'TEST'
                for update skip locked
                """, UUID.class)
                .setParameter("merchant", merchant)
                .setParameter("ids", ids)
                .getResultList();
    }

    private void deleteLocked(UUID merchant, List<UUID> orders) {
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
    }
}
