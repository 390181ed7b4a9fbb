package io.cashdesk.webhook;

import io.cashdesk.ground.job.Jobs;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.record.OrderRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.util.List;

/** Puts news in the outbox, in the transaction in which it became true: no news without its row, no row without its news. */
@ApplicationScoped
class Outbox {
    @PersistenceContext
    EntityManager entities;

    @Inject
    OrderRecord records;

    @Inject
    Jobs jobs;

    @Inject
    Clock clock;

    void on(@Observes PayOrderChanged change) {
        var order = change.order();
        var word = change.kind().word();
        var listeners = listeners(order, word);
        var now = clock.instant();
        var payload = Json.createObjectBuilder()
                .add("type", word)
                .add("timestamp", now.toString())
                .add("data", records.withCustomBeside(order))
                .build()
                .toString();
        var event = new WebhookEvent(order.id(), word, change.subject(), payload, now);
        entities.persist(event);
        for (var endpoint : listeners) {
            var delivery = new Delivery(event.id(), endpoint.id(), now);
            entities.persist(delivery);
            jobs.schedule(Deliver.KIND, delivery.id().toString(), now);
        }
        if (change.kind() == PayOrderChanged.Kind.PAID && !listeners.isEmpty()) order.expectHandler();
    }

    private List<Endpoint> listeners(PayOrder order, String event) {
        return entities.createQuery(
                        "select e from Endpoint e where e.merchantId = :merchant and e.mode = :mode", Endpoint.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("mode", order.mode())
                .getResultStream()
                .filter(e -> e.wants(event, order.type()))
                .toList();
    }
}
