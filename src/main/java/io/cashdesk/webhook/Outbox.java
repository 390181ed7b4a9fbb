package io.cashdesk.webhook;

import io.cashdesk.ground.job.Jobs;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.record.OrderRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Puts news in the outbox, in the transaction in which it became true: no news without its row, no row without its news. */
@ApplicationScoped
class Outbox {
    @PersistenceContext
    EntityManager entities;

    @Inject
    OrderRecord records;

    @Inject
    @Any
    Instance<EventShape> shapes;

    @Inject
    Jobs jobs;

    @Inject
    Clock clock;

    void on(@Observes PayOrderChanged change) {
        var order = change.order();
        var word = change.kind().word();
        if (said(order, word, change.subject())) return; // a refund can fail twice; it is told once
        var listeners = listeners(order, word);
        var now = clock.instant();
        var payload = Json.createObjectBuilder()
                .add("type", word)
                .add("timestamp", now.toString())
                .add("data", records.withCustomBeside(order));
        change.details().forEach(payload::add);
        var event = new WebhookEvent(
                order.id(), word, change.subject(), payload.build().toString(), now);
        entities.persist(event);
        for (var endpoint : listeners) send(event, endpoint, null, now);
        var calledBack = callBack(change, event, now);
        var heard = calledBack || !listeners.isEmpty();
        if (change.kind() == PayOrderChanged.Kind.PAID && heard) order.expectHandler();
    }

    private boolean said(PayOrder order, String type, UUID subject) {
        return !entities.createQuery(
                        "select e.id from WebhookEvent e where e.orderId = :order and e.type = :type and e.subject = :subject",
                        UUID.class)
                .setParameter("order", order.id())
                .setParameter("type", type)
                .setParameter("subject", subject)
                .getResultList()
                .isEmpty();
    }

    /** Whoever was named for this one order or refund hears in a shape of his own. */
    private boolean callBack(PayOrderChanged change, WebhookEvent event, Instant now) {
        var any = false;
        for (var shape : shapes) {
            var name = shape.callback(change);
            if (name.isEmpty()) continue;
            for (var endpoint : endpoints(change.order())) {
                if (!endpoint.isCalledBack(name.get()) || !endpoint.format().equals(shape.format())) continue;
                send(event, endpoint, shape.body(change), now);
                any = true;
            }
        }
        return any;
    }

    private void send(WebhookEvent event, Endpoint endpoint, String payload, Instant now) {
        var delivery = new Delivery(event.id(), endpoint.id(), payload, now);
        entities.persist(delivery);
        jobs.schedule(Deliver.KIND, delivery.id().toString(), now);
    }

    private List<Endpoint> listeners(PayOrder order, String event) {
        return endpoints(order).stream()
                .filter(e -> e.wants(event, order.type()))
                .toList();
    }

    private List<Endpoint> endpoints(PayOrder order) {
        return entities.createQuery(
                        "select e from Endpoint e where e.merchantId = :merchant and e.mode = :mode", Endpoint.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("mode", order.mode())
                .getResultList();
    }
}
