package io.cashdesk.webhook;

import io.cashdesk.order.PaidRecipients;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** The result of the deliveries of {@code payment.paid} of an order. */
@ApplicationScoped
class PaidDeliveries implements PaidRecipients {
    @PersistenceContext
    EntityManager entities;

    @Override
    public Result of(PayOrder order) {
        var deliveries = entities.createQuery("""
                select d
                from Delivery d
                join WebhookEvent e on e.merchantId = d.merchantId and e.id = d.eventId
                where e.merchantId = :merchant and e.orderId = :order and e.type = :paid
                """, Delivery.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("order", order.id())
                .setParameter("paid", PayOrderChanged.Kind.PAID.word())
                .getResultList();
        if (deliveries.isEmpty()) return Result.NONE;
        if (deliveries.stream().allMatch(d -> d.acknowledgedAt().isPresent())) return Result.SUCCEEDED;
        var failed = deliveries.stream()
                .anyMatch(d -> d.tries() > 0 && d.acknowledgedAt().isEmpty());
        return failed ? Result.FAILED : Result.WAITING;
    }
}
