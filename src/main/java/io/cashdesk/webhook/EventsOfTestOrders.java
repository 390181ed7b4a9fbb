package io.cashdesk.webhook;

import io.cashdesk.order.TestOrdersExpired;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.UUID;

/** Deletes events with their deliveries and tries. */
@ApplicationScoped
class EventsOfTestOrders {
    @PersistenceContext
    EntityManager entities;

    void on(@Observes TestOrdersExpired expired) {
        delete(
                expired.merchantId(),
                entities.createQuery(
                                "select e.id from WebhookEvent e where e.merchantId = :merchant and e.orderId in :orders",
                                UUID.class)
                        .setParameter("merchant", expired.merchantId())
                        .setParameter("orders", expired.ids())
                        .getResultList());
    }

    /** Deletes these events of one merchant, in the open transaction. */
    void delete(UUID merchant, List<UUID> events) {
        if (events.isEmpty()) return;
        for (var statement :
                List.of("""
                delete from WebhookTry t
                where t.merchantId = :merchant and t.deliveryId in (
                    select d.id from Delivery d where d.merchantId = :merchant and d.eventId in :events)
                """, "delete from Delivery d where d.merchantId = :merchant and d.eventId in :events", """
                delete from WebhookEvent e where e.merchantId = :merchant and e.id in :events
                """)) {
            entities.createQuery(statement)
                    .setParameter("merchant", merchant)
                    .setParameter("events", events)
                    .executeUpdate();
        }
    }
}
