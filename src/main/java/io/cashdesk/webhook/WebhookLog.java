package io.cashdesk.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Endpoints, deliveries and tries as an operator reads them. */
@ApplicationScoped
public class WebhookLog {
    private static final String ROWS = """
            select d, e, o.outTradeNo from Delivery d
            join WebhookEvent e on e.merchantId = d.merchantId and e.id = d.eventId
            left join PayOrder o on o.merchantId = e.merchantId and o.id = e.orderId
            where d.merchantId = :merchant and d.endpointId = :endpoint""";

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /**
     * Which deliveries to read; an empty criterion matches all.
     *
     * @param from the first moment of creation that matches
     * @param to the first moment of creation that does not match any more
     * @param before only deliveries that are older than this one: the last of the page before
     */
    public record Filter(
            Optional<DeliveryState> state,
            Optional<String> outTradeNo,
            Optional<Instant> from,
            Optional<Instant> to,
            Optional<UUID> before,
            int atMost) {}

    /** A delivery, its event, and the number of the order that the event is about. */
    private record Row(Delivery delivery, WebhookEvent event, Optional<String> outTradeNo) {
        static Row of(Object[] row) {
            return new Row((Delivery) row[0], (WebhookEvent) row[1], Optional.ofNullable((String) row[2]));
        }

        DeliveryView view() {
            return DeliveryView.of(delivery, event, outTradeNo);
        }
    }

    /** All endpoints of a merchant by name. */
    public List<EndpointView> endpoints(UUID merchant) {
        return entities.createQuery(
                        "select e from Endpoint e where e.merchantId = :merchant order by e.name", Endpoint.class)
                .setParameter("merchant", merchant)
                .getResultStream()
                .map(this::view)
                .toList();
    }

    public EndpointView endpoint(UUID merchant, String name) {
        return view(named(merchant, name));
    }

    private Endpoint named(UUID merchant, String name) {
        return entities.createQuery(
                        "select e from Endpoint e where e.merchantId = :merchant and e.name = :name", Endpoint.class)
                .setParameter("merchant", merchant)
                .setParameter("name", name)
                .getResultStream()
                .findFirst()
                .orElseThrow(() -> Endpoints.notFound(name));
    }

    private EndpointView view(Endpoint endpoint) {
        var now = clock.instant();
        var waiting = entities.createQuery("""
                        select count(d), min(d.createdAt) from Delivery d
                        where d.merchantId = :merchant and d.endpointId = :endpoint and d.state = :waiting""", Object[].class)
                .setParameter("merchant", endpoint.merchantId())
                .setParameter("endpoint", endpoint.id())
                .setParameter("waiting", DeliveryState.WAITING)
                .getSingleResult();
        return new EndpointView(
                endpoint.name(),
                endpoint.settings(),
                endpoint.enabled(),
                endpoint.disabledAt(),
                endpoint.disabledBecause(),
                endpoint.failures(),
                endpoint.failingSince(),
                endpoint.pausedUntil().filter(now::isBefore),
                endpoint.oldUntil().filter(now::isBefore),
                (Long) waiting[0],
                Optional.ofNullable((Instant) waiting[1]));
    }

    /** Deliveries to an endpoint, the newest first. */
    public List<DeliveryView> deliveries(UUID merchant, String name, Filter filter) {
        var where = new StringBuilder(ROWS);
        filter.state().ifPresent(s -> where.append(" and d.state = :state"));
        filter.outTradeNo().ifPresent(n -> where.append(" and o.outTradeNo = :number"));
        filter.from().ifPresent(t -> where.append(" and d.createdAt >= :from"));
        filter.to().ifPresent(t -> where.append(" and d.createdAt < :to"));
        filter.before().ifPresent(id -> where.append(" and d.id < :before"));
        var query = entities.createQuery(where.append(" order by d.id desc").toString(), Object[].class)
                .setParameter("merchant", merchant)
                .setParameter("endpoint", named(merchant, name).id())
                .setMaxResults(filter.atMost());
        filter.state().ifPresent(s -> query.setParameter("state", s));
        filter.outTradeNo().ifPresent(n -> query.setParameter("number", n));
        filter.from().ifPresent(t -> query.setParameter("from", t));
        filter.to().ifPresent(t -> query.setParameter("to", t));
        filter.before().ifPresent(id -> query.setParameter("before", id));
        return query.getResultStream().map(Row::of).map(Row::view).toList();
    }

    /** One delivery with its body and every try. */
    public DeliveryView.Detail delivery(UUID merchant, String name, UUID id) {
        var row = entities.createQuery(ROWS + " and d.id = :id", Object[].class)
                .setParameter("merchant", merchant)
                .setParameter("endpoint", named(merchant, name).id())
                .setParameter("id", id)
                .getResultStream()
                .map(Row::of)
                .findFirst()
                .orElseThrow(() -> Endpoints.notFound(name + "/deliveries/" + id));
        var body = row.delivery().payload().orElse(row.event().payload());
        return new DeliveryView.Detail(row.view(), body, tries(row));
    }

    private List<TryView> tries(Row row) {
        return entities.createQuery("""
                select t
                from WebhookTry t
                where t.merchantId = :merchant and t.deliveryId = :id
                order by t.n, t.at
                """, WebhookTry.class)
                .setParameter("merchant", row.delivery().merchantId())
                .setParameter("id", row.delivery().id())
                .getResultStream()
                .map(t -> TryView.of(t, row.event()))
                .toList();
    }
}
