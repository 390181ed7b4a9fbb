package io.cashdesk.webhook;

import io.cashdesk.ground.database.MerchantRows;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Sends deliveries again, and test events. Within a transaction of the caller's. */
@ApplicationScoped
public class Resend {
    /** How many events one call reads; the answer names where the next call begins. */
    static final int AT_ONCE = 1_000;

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Endpoints endpoints;

    @Inject
    Outbox outbox;

    @Inject
    Dispatch dispatch;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /**
     * The result of resending a range.
     *
     * @param resent how many events are sent again
     * @param next the last event that was read, if there are later ones
     */
    public record Range(int resent, Optional<String> next) {}

    /** An event of the range, and the order it is about. */
    private record Found(WebhookEvent event, PayOrder order) {}

    /** @return false if a node is sending it at this moment */
    public boolean one(UUID merchant, String name, UUID id) {
        var endpoint = endpoints.enabled(merchant, name);
        var delivery = MerchantRows.findLocked(entities, Delivery.class, merchant, id)
                .filter(d -> d.endpointId().equals(endpoint.id()))
                .orElseThrow(() -> Endpoints.notFound(name + "/deliveries/" + id));
        transactions.afterCommit(dispatch::wakeUp);
        return delivery.resend(clock.instant());
    }

    /**
     * Sends every event of a time that the endpoint receives by its present settings, including those that happened
     * while it was disabled or did not exist.
     *
     * @param from the first moment
     * @param to the first moment that does not belong to it any more
     * @param acknowledgedToo also those that it has acknowledged
     * @param after the {@code webhook-id} behind which to go on, or empty
     */
    public Range range(
            UUID merchant, String name, Instant from, Instant to, boolean acknowledgedToo, Optional<String> after) {
        var endpoint = endpoints.enabled(merchant, name);
        var now = clock.instant();
        var resent = 0;
        var behind = after.map(id -> WebhookEvent.idOf(id)
                        .orElseThrow(() -> ProblemType.field(
                                "after", new LocalizedText("webhook-id", "a webhook-id"), LocalizedText.quoted(id))))
                .orElse(BEFORE_ALL);
        var found = found(endpoint, from, to, behind);
        for (var each : found) if (resend(endpoint, each, acknowledgedToo, now)) resent++;
        transactions.afterCommit(dispatch::wakeUp);
        var last = found.size() < AT_ONCE
                ? Optional.<String>empty()
                : Optional.of(found.get(found.size() - 1).event().webhookId());
        return new Range(resent, last);
    }

    private List<Found> found(Endpoint endpoint, Instant from, Instant to, UUID after) {
        return entities.createQuery("""
                select e, o
                from WebhookEvent e
                join PayOrder o on o.merchantId = e.merchantId and o.id = e.orderId
                where e.merchantId = :merchant and e.mode = :mode and e.createdAt >= :from and e.createdAt < :to
                    and e.id > :after
                order by e.id
                """, Object[].class)
                .setParameter("merchant", endpoint.merchantId())
                .setParameter("mode", endpoint.mode())
                .setParameter("from", from)
                .setParameter("to", to)
                .setParameter("after", after)
                .setMaxResults(AT_ONCE)
                .getResultStream()
                .map(row -> new Found((WebhookEvent) row[0], (PayOrder) row[1]))
                .toList();
    }

    private boolean resend(Endpoint endpoint, Found found, boolean acknowledgedToo, Instant now) {
        var known = entities.createQuery("""
                select d
                from Delivery d
                where d.merchantId = :merchant and d.eventId = :event and d.endpointId = :endpoint
                """, Delivery.class)
                .setParameter("merchant", endpoint.merchantId())
                .setParameter("event", found.event().id())
                .setParameter("endpoint", endpoint.id())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst();
        if (known.isPresent()) {
            return (acknowledgedToo || known.get().acknowledgedAt().isEmpty())
                    && known.get().resend(now);
        }
        var change = new PayOrderChanged(
                found.order(),
                kind(found.event()),
                found.event().subject(),
                JsonObject.EMPTY_JSON_OBJECT); // the body was written when it happened and stays what it is
        var missed = outbox.deliveryOf(change, found.event(), endpoint, now);
        missed.ifPresent(outbox::add);
        return missed.isPresent();
    }

    private static PayOrderChanged.Kind kind(WebhookEvent event) {
        return Arrays.stream(PayOrderChanged.Kind.values())
                .filter(kind -> kind.word().equals(event.type()))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Sends a test event, which is about no order.
     *
     * @return its delivery
     */
    public UUID test(UUID merchant, String pid, String name) {
        var endpoint = endpoints.enabled(merchant, name);
        if (!endpoint.format().equals(Endpoint.STANDARD)) {
            throw ProblemType.notSupported(
                    new LocalizedText(
                            "格式 " + endpoint.format() + " 的测试事件", "a test event for format " + endpoint.format()),
                    new LocalizedText("只有 \"standard\" 格式有测试事件", "only \"standard\" has one"));
        }
        var now = clock.instant();
        var payload = Json.createObjectBuilder()
                .add("type", WebhookEvent.TEST)
                .add("timestamp", now.toString())
                .add(
                        "data",
                        Json.createObjectBuilder()
                                .add("pid", pid)
                                .add("webhook", name)
                                .add("mode", endpoint.mode().word()))
                .build();
        var event = WebhookEvent.test(endpoint, payload.toString(), now);
        entities.persist(event);
        var delivery = new Delivery(event, endpoint.id(), null, now);
        outbox.add(delivery);
        return delivery.id();
    }
}
