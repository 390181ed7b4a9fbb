package io.cashdesk.refund;

import io.cashdesk.order.TestOrdersExpired;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** Deletes the refunds of old test orders. */
@ApplicationScoped
class RefundsOfTestOrders {
    @PersistenceContext
    EntityManager entities;

    void on(@Observes TestOrdersExpired expired) {
        entities.createQuery("delete from Refund r where r.merchantId = :merchant and r.orderId in :orders")
                .setParameter("merchant", expired.merchantId())
                .setParameter("orders", expired.ids())
                .executeUpdate();
    }
}
