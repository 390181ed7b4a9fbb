package io.cashdesk.handler;

import io.cashdesk.order.TestOrdersExpired;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** Deletes the handler runs of old test orders. A job of such a run ends when it finds no run. */
@ApplicationScoped
class RunsOfTestOrders {
    @PersistenceContext
    EntityManager entities;

    void on(@Observes TestOrdersExpired expired) {
        entities.createQuery("delete from HandlerRun r where r.merchantId = :merchant and r.orderId in :orders")
                .setParameter("merchant", expired.merchantId())
                .setParameter("orders", expired.ids())
                .executeUpdate();
    }
}
