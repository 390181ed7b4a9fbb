package io.cashdesk.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.http.Outgoing;
import io.cashdesk.ground.job.JobHandler;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.ground.signing.Vault;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Tells one merchant of one event, signed by Standard Webhooks, again and again until it has heard or three days are over. */
@ApplicationScoped
class Deliver implements JobHandler {
    static final String KIND = "webhook-deliver";

    private static final Logger LOG = Logger.getLogger(Deliver.class);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Transactions transactions;

    @Inject
    Outgoing outgoing;

    @Inject
    @Any
    Instance<EventShape> shapes;

    @Inject
    PayOrders orders;

    @Inject
    Signals signals;

    @Inject
    Settings settings;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    /** What is needed to tell, read in one go so that nothing is open while the merchant thinks. */
    private record Letter(
            UUID delivery,
            UUID order,
            String eventId,
            String type,
            String payload,
            String url,
            String secret,
            String format) {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Optional<Instant> run(String id) {
        var letter = transactions.inNew(() -> read(UUID.fromString(id)));
        if (letter.isEmpty()) return Optional.empty();
        transactions.refuseInside("telling a merchant");
        var told = tell(letter.get());
        return transactions.inNew(() -> writeDown(letter.get(), told));
    }

    private Optional<Letter> read(UUID id) {
        var delivery = entities.find(Delivery.class, id);
        if (delivery == null || delivery.state() != Delivery.State.WAITING) return Optional.empty();
        var event = entities.find(WebhookEvent.class, delivery.eventId());
        var endpoint = entities.find(Endpoint.class, delivery.endpointId());
        return Optional.of(new Letter(
                id,
                event.orderId(),
                "msg_" + event.id().toString().replace("-", ""),
                event.type(),
                delivery.payload().orElse(event.payload()),
                endpoint.url(),
                vault.open(endpoint.sealed(), endpoint.id().toString()),
                endpoint.format()));
    }

    private Told tell(Letter letter) {
        var start = System.nanoTime();
        try {
            var seconds = clock.instant().getEpochSecond();
            var signature = new Webhook(letter.secret()).sign(letter.eventId(), seconds, letter.payload());
            var headers = Map.of(
                    "webhook-id",
                    letter.eventId(),
                    "webhook-timestamp",
                    Long.toString(seconds),
                    "webhook-signature",
                    signature,
                    "User-Agent",
                    "Cashdesk");
            var ownShop = settings.demoFile().isPresent() && letter.url().startsWith(settings.baseUrl() + "/demo/");
            var exchange = outgoing.post(URI.create(letter.url()), headers, letter.payload(), ownShop);
            return shapes.stream()
                    .filter(shape -> shape.format().equals(letter.format()))
                    .findFirst()
                    .map(shape -> Told.answered(exchange, shape::refusal))
                    .orElseGet(() -> Told.answered(exchange));
        } catch (IOException | WebhookSigningException | RuntimeException e) {
            return Told.failed(e.toString(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
    }

    private Optional<Instant> writeDown(Letter letter, Told told) {
        var now = clock.instant();
        var order = orders.locked(letter.order());
        var delivery = entities.find(Delivery.class, letter.delivery(), LockModeType.PESSIMISTIC_WRITE);
        Optional<Instant> again = Optional.empty();
        if (told.heard()) delivery.heard(now);
        else again = delivery.notHeard(now, ThreadLocalRandom.current().nextDouble());
        entities.persist(new WebhookTry(delivery, now, told));
        if (letter.type().equals(PayOrderChanged.Kind.PAID.word())) {
            whatAllHeard(delivery.eventId()).ifPresent(order::delivered);
            transactions.afterCommit(() -> signals.changed(order.id()));
        }
        if (delivery.state() == Delivery.State.GIVEN_UP) {
            LOG.errorf(
                    "Gave up telling %s of %s for order %s: %s",
                    letter.url(), letter.type(), order.outTradeNo(), told.error());
        }
        return again;
    }

    /** D12: true once every endpoint has heard; false as soon as one has not; empty while one has not been tried yet. */
    private Optional<Boolean> whatAllHeard(UUID event) {
        entities.flush();
        var deliveries = entities.createQuery("select d from Delivery d where d.eventId = :event", Delivery.class)
                .setParameter("event", event)
                .getResultList();
        if (deliveries.stream().allMatch(d -> d.state() == Delivery.State.HEARD)) return Optional.of(true);
        var failed = deliveries.stream().anyMatch(d -> d.tries() > 0 && d.state() != Delivery.State.HEARD);
        return failed ? Optional.of(false) : Optional.empty();
    }
}
