package io.cashdesk.webhook;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.OldRowsOfMerchants;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The events {@code webhook.test} of test mode, which belong to no order. Those of live mode are kept. */
@ApplicationScoped
class OldTestEvents extends OldRowsOfMerchants {
    /** A delivery whose result is being stored is left for the next run. */
    private static final int LOCK_MILLIS = 1_000;

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
    protected Optional<Duration> kept() {
        return settings.testsKept();
    }

    @Override
    protected List<Row> oldest(Instant from, Instant before, int atMost) {
        return entities.createQuery("""
                select o.merchantId, o.id, o.createdAt
                from WebhookEvent o
                where o.orderId is null and o.mode = io.cashdesk.merchant.Mode.TEST and o.createdAt >= :from and o.createdAt < :before
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
            events.delete(merchant, ids);
        });
    }
}
