package io.cashdesk.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.http.Outgoing;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signing.Vault;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.UserOrderSuccess;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Tells one merchant once, signed by Standard Webhooks, and writes down what came of it. */
@ApplicationScoped
class Deliver {
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
    UserOrderSuccess success;

    @Inject
    Vault vault;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    void of(Letter letter) {
        transactions.refuseInside("telling a merchant");
        var told = tell(letter);
        transactions.runInNew(() -> writeDown(letter, told));
    }

    private Told tell(Letter letter) {
        var start = System.nanoTime();
        var at = clock.instant();
        try {
            var seconds = at.getEpochSecond();
            var signatures = new ArrayList<String>();
            for (var sealed : letter.sealed()) {
                var secret = vault.open(sealed, letter.endpoint().toString());
                signatures.add(new Webhook(secret).sign(letter.webhookId(), seconds, letter.payload()));
            }
            var headers = Map.of(
                    "webhook-id",
                    letter.webhookId(),
                    "webhook-timestamp",
                    Long.toString(seconds),
                    "webhook-signature",
                    String.join(" ", signatures),
                    "User-Agent",
                    "Cashdesk");
            var ownShop = settings.demoFile().isPresent() && letter.url().startsWith(settings.baseUrl() + "/demo/");
            var exchange = outgoing.post(URI.create(letter.url()), headers, letter.payload(), ownShop);
            return shapes.stream()
                    .filter(shape -> shape.format().equals(letter.format()))
                    .findFirst()
                    .map(shape -> Told.answered(at, exchange, shape::refusal))
                    .orElseGet(() -> Told.answered(at, exchange));
        } catch (IOException | WebhookSigningException | RuntimeException e) {
            return Told.failed(at, e.toString(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
    }

    private void writeDown(Letter letter, Told told) {
        var now = clock.instant();
        var order = letter.order().map(orders::locked);
        var endpoint = entities.find(Endpoint.class, letter.endpoint());
        // if it hears as ever there is nothing new to say of it, and no need to queue for its row
        var judged = !told.heard() || endpoint.failures() > 0;
        // before the delivery, as whoever sends again or enables does, so that no two wait for each other
        if (judged) entities.refresh(endpoint, LockModeType.PESSIMISTIC_WRITE);
        var delivery = entities.find(Delivery.class, letter.delivery(), LockModeType.PESSIMISTIC_WRITE);
        if (told.heard()) {
            if (delivery.state() != Delivery.State.HEARD || delivery.isClaimedBy(letter.claim())) delivery.heard(now);
        } else if (delivery.isClaimedBy(letter.claim())) {
            delivery.notHeard(now, told.rest(), ThreadLocalRandom.current().nextDouble());
        } else {
            delivery.notHeardLate();
        }
        entities.persist(new WebhookTry(delivery, settings.node(), letter, told));
        order.filter(o -> letter.type().equals(PayOrderChanged.Kind.PAID.word()))
                .ifPresent(success::sum);
        if (judged) judge(endpoint, letter, told, now);
        if (delivery.state() == Delivery.State.GIVEN_UP) {
            LOG.errorf(
                    "Gave up telling endpoint %s (%s) of %s for order %s: %s",
                    letter.name(),
                    letter.endpoint(),
                    letter.type(),
                    order.map(PayOrder::outTradeNo).orElse("none"),
                    told.error());
        }
    }

    /** What this try says of the endpoint as a whole. */
    private void judge(Endpoint endpoint, Letter letter, Told told, Instant now) {
        // it was moved or enabled while this try was under way
        if (!endpoint.isMeantBy(letter.url(), told.at())) return;
        if (told.heard()) {
            LOG.infof("Endpoint %s (%s) hears again", letter.name(), letter.endpoint());
            endpoint.heard();
            return;
        }
        var rest = told.overloaded() ? told.rest() : Duration.ZERO;
        if (endpoint.notHeard(now, told.gone(), rest)) {
            LOG.warnf(
                    "Endpoint %s (%s) is disabled (%s): its last answer was %s, and it has failed %d times since %s;"
                            + " what it missed waits until somebody enables it",
                    letter.name(),
                    letter.endpoint(),
                    endpoint.disabledBecause().orElseThrow(),
                    told.error(),
                    endpoint.failures(),
                    endpoint.failingSince().orElseThrow());
        }
    }
}
