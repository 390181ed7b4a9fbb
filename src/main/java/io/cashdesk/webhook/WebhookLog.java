package io.cashdesk.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Endpoints, deliveries and tries as an operator reads them. Times are Unix milliseconds; what is not known is absent. */
@ApplicationScoped
public class WebhookLog {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /**
     * Which deliveries to show; what is empty does not matter.
     *
     * @param before the delivery behind which to go on: they come newest first
     */
    public record Filter(
            Optional<String> state,
            Optional<String> outTradeNo,
            Optional<Instant> from,
            Optional<Instant> to,
            Optional<UUID> before,
            int atMost) {}

    /** A delivery, what it carries, and the number of the order that is about; no number for a test. */
    private record Row(Delivery delivery, WebhookEvent event, String outTradeNo) {
        static Row of(Object[] row) {
            return new Row((Delivery) row[0], (WebhookEvent) row[1], (String) row[2]);
        }
    }

    private static final String ROWS =
            "select d, e, o.outTradeNo from Delivery d join WebhookEvent e on e.id = d.eventId"
                    + " left join PayOrder o on o.id = e.orderId where d.endpointId = :endpoint";

    /** The words for a delivery's state in {@link Filter} and in answers. */
    public static List<String> states() {
        return List.of(word(Delivery.State.WAITING), word(Delivery.State.HEARD), word(Delivery.State.GIVEN_UP));
    }

    public JsonArray endpoints(UUID merchant) {
        var all = Json.createArrayBuilder();
        entities.createQuery("select e from Endpoint e where e.merchantId = :merchant order by e.name", Endpoint.class)
                .setParameter("merchant", merchant)
                .getResultStream()
                .forEach(e -> all.add(json(e)));
        return all.build();
    }

    public JsonObject endpoint(UUID merchant, String name) {
        return json(named(merchant, name)).build();
    }

    private Endpoint named(UUID merchant, String name) {
        return entities.createQuery(
                        "select e from Endpoint e where e.merchantId = :merchant and e.name = :name", Endpoint.class)
                .setParameter("merchant", merchant)
                .setParameter("name", name)
                .getResultStream()
                .findFirst()
                .orElseThrow(() -> Endpoints.none(name));
    }

    private JsonObjectBuilder json(Endpoint endpoint) {
        var now = clock.instant();
        var json = Json.createObjectBuilder()
                .add("name", endpoint.name())
                .add("url", endpoint.url())
                .add("mode", word(endpoint.mode()))
                .add("format", endpoint.format())
                .add("events", texts(endpoint.events()))
                .add("types", texts(endpoint.types()))
                .add("enabled", endpoint.enabled())
                .add("failures", endpoint.failures());
        if (endpoint.envId() != null) json.add("env_id", endpoint.envId());
        moment(json, "disabled_at", endpoint.disabledAt());
        endpoint.disabledBecause().ifPresent(b -> json.add("disabled_because", word(b)));
        moment(json, "failing_since", endpoint.failingSince());
        moment(json, "paused_until", endpoint.pausedUntil().filter(now::isBefore));
        moment(json, "old_secret_until", endpoint.oldUntil().filter(now::isBefore));
        var counts = entities.createQuery(
                        "select count(d), min(d.createdAt) from Delivery d where d.endpointId = :endpoint and d.state = :waiting",
                        Object[].class)
                .setParameter("endpoint", endpoint.id())
                .setParameter("waiting", Delivery.State.WAITING)
                .getSingleResult();
        json.add("waiting", (Long) counts[0]);
        moment(json, "oldest_waiting", Optional.ofNullable((Instant) counts[1]));
        return json;
    }

    /** Deliveries to an endpoint, the newest first. */
    public JsonArray deliveries(UUID merchant, String name, Filter filter) {
        var where = new StringBuilder(ROWS);
        filter.state().ifPresent(s -> where.append(" and d.state = :state"));
        filter.outTradeNo().ifPresent(n -> where.append(" and o.outTradeNo = :number"));
        filter.from().ifPresent(t -> where.append(" and d.createdAt >= :from"));
        filter.to().ifPresent(t -> where.append(" and d.createdAt < :to"));
        filter.before().ifPresent(id -> where.append(" and d.id < :before"));
        var query = entities.createQuery(where.append(" order by d.id desc").toString(), Object[].class)
                .setParameter("endpoint", named(merchant, name).id())
                .setMaxResults(filter.atMost());
        filter.state().ifPresent(s -> query.setParameter("state", Delivery.State.valueOf(s.toUpperCase(Locale.ROOT))));
        filter.outTradeNo().ifPresent(n -> query.setParameter("number", n));
        filter.from().ifPresent(t -> query.setParameter("from", t));
        filter.to().ifPresent(t -> query.setParameter("to", t));
        filter.before().ifPresent(id -> query.setParameter("before", id));
        var all = Json.createArrayBuilder();
        query.getResultStream().map(Row::of).forEach(row -> all.add(json(row)));
        return all.build();
    }

    /** One delivery with its body and every try. */
    public JsonObject delivery(UUID merchant, String name, UUID id) {
        var row = entities.createQuery(ROWS + " and d.id = :id", Object[].class)
                .setParameter("endpoint", named(merchant, name).id())
                .setParameter("id", id)
                .getResultStream()
                .map(Row::of)
                .findFirst()
                .orElseThrow(() -> Endpoints.none(name + "/deliveries/" + id));
        return json(row)
                .add("body", row.delivery().payload().orElse(row.event().payload()))
                .add("log", tries(row))
                .build();
    }

    private JsonObjectBuilder json(Row row) {
        var delivery = row.delivery();
        var json = Json.createObjectBuilder()
                .add("id", delivery.id().toString())
                .add("webhook_id", row.event().webhookId())
                .add("type", row.event().type())
                .add("state", word(delivery.state()))
                .add("tries", delivery.tries());
        if (row.outTradeNo() != null) json.add("out_trade_no", row.outTradeNo());
        moment(json, "happened_at", Optional.of(row.event().createdAt()));
        moment(json, "created_at", Optional.of(delivery.createdAt()));
        moment(json, "heard_at", delivery.heardAt());
        moment(json, "next_try_at", delivery.nextAt());
        return json;
    }

    private JsonArrayBuilder tries(Row row) {
        var all = Json.createArrayBuilder();
        entities.createQuery("select t from WebhookTry t where t.deliveryId = :id order by t.n, t.at", WebhookTry.class)
                .setParameter("id", row.delivery().id())
                .getResultStream()
                .forEach(t -> all.add(json(t, row.event())));
        return all;
    }

    private static JsonObjectBuilder json(WebhookTry tried, WebhookEvent event) {
        var request = Json.createObjectBuilder()
                .add("webhook-id", event.webhookId())
                .add("webhook-timestamp", Long.toString(tried.at().getEpochSecond()))
                .add("signatures", tried.signatures());
        tried.url().ifPresent(u -> request.add("url", u));
        tried.address().ifPresent(a -> request.add("address", a));
        var json = Json.createObjectBuilder()
                .add("n", tried.n())
                .add("at", tried.at().toEpochMilli())
                .add("took_ms", tried.tookMs())
                .add("heard", tried.error().isEmpty())
                .add("request", request);
        tried.node().ifPresent(n -> json.add("node", n));
        tried.status().ifPresent(s -> json.add("status", s));
        tried.answer().ifPresent(a -> json.add("answer", a));
        tried.error().ifPresent(e -> json.add("error", e));
        return json;
    }

    private static JsonArrayBuilder texts(List<String> texts) {
        return Json.createArrayBuilder(texts);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void moment(JsonObjectBuilder json, String name, Optional<Instant> at) {
        at.ifPresent(t -> json.add(name, t.toEpochMilli()));
    }
}
