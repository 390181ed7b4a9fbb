package io.cashdesk.notification;

import io.cashdesk.order.TestOrdersExpired;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;

/** Deletes the notifications of old test orders, and the rows that say that they were applied. */
@ApplicationScoped
class NotificationsOfTestOrders {
    @PersistenceContext
    EntityManager entities;

    void on(@Observes TestOrdersExpired expired) {
        for (var statement :
                List.of("""
                delete from notification_applied a
                using notification n
                where n.merchant_id = :merchant and n.order_id in (:orders) and a.merchant_id = :merchant
                    and a.account_id = n.account_id and a.repeat_key = n.repeat_key
                """, "delete from notification where merchant_id = :merchant and order_id in (:orders)")) {
            entities.createNativeQuery(statement)
                    .setParameter("merchant", expired.merchantId())
                    .setParameter("orders", expired.ids())
                    .executeUpdate();
        }
    }
}
