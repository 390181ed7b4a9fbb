package io.cashdesk.webhook;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.merchant.Mode;
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
import jakarta.persistence.FlushModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes an event and its deliveries in the transaction that changes the order: either all of it is committed, or
 * nothing.
 */
@ApplicationScoped
class Outbox {
    @PersistenceContext
    EntityManager entities;

    @Inject
    OrderViews views;

    @Inject
    @Any
    Instance<EventFormat> formats;

    @Inject
    Transactions transactions;

    @Inject
    Dispatch dispatch;

    @Inject
    Clock clock;

    void on(@Observes PayOrderChanged change) {
        var order = change.order();
        var word = change.kind().word();
        // a refund can fail twice, and its failure is reported once; all else happens once
        if (change.kind() == PayOrderChanged.Kind.REFUND_FAILED && isStored(order, word, change.subject())) return;
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
                .flatMap(endpoint -> deliveryOf(change, event, endpoint, now).stream())
                .toList();
        deliveries.forEach(this::add);
        if (change.kind() == PayOrderChanged.Kind.PAID && !deliveries.isEmpty()) order.expectHandler();
    }

    private boolean isStored(PayOrder order, String type, UUID subject) {
        return !entities.createQuery("""
                select e.id
                from WebhookEvent e
                where e.merchantId = :merchant and e.orderId = :order and e.type = :type and e.subject = :subject
                """, UUID.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("order", order.id())
                .setParameter("type", type)
                .setParameter("subject", subject)
                .getResultList()
                .isEmpty();
    }

    /** The delivery to this endpoint, if it receives the event, or is the callback of its subject. */
    Optional<Delivery> deliveryOf(PayOrderChanged change, WebhookEvent event, Endpoint endpoint, Instant now) {
        if (endpoint.receives(change.kind().word(), change.order().type())) {
            return Optional.of(new Delivery(event, endpoint.id(), null, now));
        }
        return formats.stream()
                .filter(f -> f.format().equals(endpoint.format()))
                .filter(f ->
                        f.callback(change).filter(endpoint::receivesCallback).isPresent())
                .findFirst()
                .map(f -> new Delivery(event, endpoint.id(), f.body(change), now).to(f.target(change)));
    }

    /** Stores a delivery; it is sent as soon as this transaction has committed. */
    void add(Delivery delivery) {
        entities.persist(delivery);
        transactions.afterCommit(dispatch::wakeUp);
    }

    /** The merchant's endpoints; a transaction that closes many orders reads them once. */
    private List<Endpoint> endpoints(PayOrder order) {
        return transactions.oncePerTransaction(
                new EndpointsOf(order.merchantId(), order.mode()),
                () -> entities.createQuery(
                                "select e from Endpoint e where e.merchantId = :merchant and e.mode = :mode",
                                Endpoint.class)
                        .setFlushMode(FlushModeType.COMMIT) // no endpoint changes together with an order
                        .setParameter("merchant", order.merchantId())
                        .setParameter("mode", order.mode())
                        .getResultList());
    }

    private record EndpointsOf(UUID merchant, Mode mode) {}
}
