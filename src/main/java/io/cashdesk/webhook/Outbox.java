package io.cashdesk.webhook;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.payload.OrderPayload;
import io.cashdesk.view.OrderViews;
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
import java.util.Optional;
import java.util.UUID;

/** Puts news in the outbox, in the transaction in which it became true: no news without its row, no row without its news. */
@ApplicationScoped
class Outbox {
    @PersistenceContext
    EntityManager entities;

    @Inject
    OrderViews views;

    @Inject
    @Any
    Instance<EventFormat> shapes;

    @Inject
    Transactions transactions;

    @Inject
    Dispatch dispatch;

    @Inject
    Clock clock;

    void on(@Observes PayOrderChanged change) {
        var order = change.order();
        var word = change.kind().word();
        if (said(order, word, change.subject())) return; // a refund can fail twice; it is told once
        var now = clock.instant();
        var payload = Json.createObjectBuilder()
                .add("type", word)
                .add("timestamp", now.toString())
                .add("data", OrderPayload.withCustomBeside(views.of(order)));
        change.details().forEach(payload::add);
        var event =
                new WebhookEvent(order, word, change.subject(), payload.build().toString(), now);
        entities.persist(event);
        var deliveries = endpoints(order).stream()
                .flatMap(endpoint -> addressed(change, event, endpoint, now).stream())
                .toList();
        deliveries.forEach(this::send);
        if (change.kind() == PayOrderChanged.Kind.PAID && !deliveries.isEmpty()) order.expectHandler();
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

    /** The event on its way to this endpoint, if it wants it, or was named to hear of this one in a shape of its own. */
    Optional<Delivery> addressed(PayOrderChanged change, WebhookEvent event, Endpoint endpoint, Instant now) {
        if (endpoint.wants(change.kind().word(), change.order().type())) {
            return Optional.of(new Delivery(event.id(), endpoint.id(), null, now));
        }
        return shapes.stream()
                .filter(shape -> shape.format().equals(endpoint.format()))
                .filter(shape ->
                        shape.callback(change).filter(endpoint::isCalledBack).isPresent())
                .findFirst()
                .map(shape -> new Delivery(event.id(), endpoint.id(), shape.body(change), now));
    }

    /** Keeps a delivery, to be carried as soon as this transaction has committed. */
    void send(Delivery delivery) {
        entities.persist(delivery);
        transactions.afterCommit(dispatch::look);
    }

    private List<Endpoint> endpoints(PayOrder order) {
        return entities.createQuery(
                        "select e from Endpoint e where e.merchantId = :merchant and e.mode = :mode", Endpoint.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("mode", order.mode())
                .getResultList();
    }
}
