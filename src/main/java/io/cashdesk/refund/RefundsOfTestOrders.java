package io.cashdesk.refund;

import io.cashdesk.order.TestOrdersExpired;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;

/** Deletes the refunds of old test orders, and the requests of payers for them. */
@ApplicationScoped
class RefundsOfTestOrders {
    @PersistenceContext
    EntityManager entities;

    void on(@Observes TestOrdersExpired expired) {
        for (var statement : List.of(
                "delete from PayerRefundRequest r where r.merchantId = :merchant and r.orderId in :orders",
                "delete from Refund r where r.merchantId = :merchant and r.orderId in :orders")) {
            entities.createQuery(statement)
                    .setParameter("merchant", expired.merchantId())
                    .setParameter("orders", expired.ids())
                    .executeUpdate();
        }
    }
}
