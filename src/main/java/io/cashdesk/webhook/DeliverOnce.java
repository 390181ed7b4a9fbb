package io.cashdesk.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.http.PublicHttpClient;
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
class DeliverOnce {
    private static final Logger LOG = Logger.getLogger(DeliverOnce.class);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Transactions transactions;

    @Inject
    PublicHttpClient outgoing;

    @Inject
    @Any
    Instance<EventFormat> shapes;

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

    void of(ClaimedDelivery claimed) {
        transactions.refuseOpenTransaction("telling a merchant");
        var result = tell(claimed);
        transactions.runInNew(() -> writeDown(claimed, result));
    }

    private DeliveryResult tell(ClaimedDelivery claimed) {
        var start = System.nanoTime();
        var at = clock.instant();
        try {
            var seconds = at.getEpochSecond();
            var signatures = new ArrayList<String>();
            for (var sealed : claimed.sealed()) {
                var secret = vault.open(sealed, claimed.endpoint().toString());
                signatures.add(new Webhook(secret).sign(claimed.webhookId(), seconds, claimed.payload()));
            }
            var headers = Map.of(
                    "webhook-id",
                    claimed.webhookId(),
                    "webhook-timestamp",
                    Long.toString(seconds),
                    "webhook-signature",
                    String.join(" ", signatures),
                    "User-Agent",
                    "Cashdesk");
            var ownShop = settings.demoFile().isPresent() && claimed.url().startsWith(settings.baseUrl() + "/demo/");
            var exchange = outgoing.post(URI.create(claimed.url()), headers, claimed.payload(), ownShop);
            return shapes.stream()
                    .filter(shape -> shape.format().equals(claimed.format()))
                    .findFirst()
                    .map(shape -> DeliveryResult.answered(at, exchange, shape::refusal))
                    .orElseGet(() -> DeliveryResult.answered(at, exchange));
        } catch (IOException | WebhookSigningException | RuntimeException e) {
            return DeliveryResult.failed(at, e.toString(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
    }

    private void writeDown(ClaimedDelivery claimed, DeliveryResult result) {
        var now = clock.instant();
        var order = claimed.order().map(orders::locked);
        var endpoint = entities.find(Endpoint.class, claimed.endpoint());
        // if it hears as ever there is nothing new to say of it, and no need to queue for its row
        var judged = !result.heard() || endpoint.failures() > 0;
        // before the delivery, as whoever sends again or enables does, so that no two wait for each other
        if (judged) entities.refresh(endpoint, LockModeType.PESSIMISTIC_WRITE);
        var delivery = entities.find(Delivery.class, claimed.delivery(), LockModeType.PESSIMISTIC_WRITE);
        if (result.heard()) {
            if (delivery.state() != Delivery.State.HEARD || delivery.isClaimedBy(claimed.claim())) delivery.heard(now);
        } else if (delivery.isClaimedBy(claimed.claim())) {
            delivery.notHeard(now, result.rest(), ThreadLocalRandom.current().nextDouble());
        } else {
            delivery.notHeardLate();
        }
        entities.persist(new WebhookTry(delivery, settings.node(), claimed, result));
        order.filter(o -> claimed.type().equals(PayOrderChanged.Kind.PAID.word()))
                .ifPresent(success::sum);
        if (judged) judge(endpoint, claimed, result, now);
        if (delivery.state() == Delivery.State.GIVEN_UP) {
            LOG.errorf(
                    "Gave up telling endpoint %s (%s) of %s for order %s: %s",
                    claimed.name(),
                    claimed.endpoint(),
                    claimed.type(),
                    order.map(PayOrder::outTradeNo).orElse("none"),
                    result.error());
        }
    }

    /** What this try says of the endpoint as a whole. */
    private void judge(Endpoint endpoint, ClaimedDelivery claimed, DeliveryResult result, Instant now) {
        // it was moved or enabled while this try was under way
        if (!endpoint.isMeantBy(claimed.url(), result.at())) return;
        if (result.heard()) {
            LOG.infof("Endpoint %s (%s) hears again", claimed.name(), claimed.endpoint());
            endpoint.heard();
            return;
        }
        var rest = result.overloaded() ? result.rest() : Duration.ZERO;
        if (endpoint.notHeard(now, result.gone(), rest)) {
            LOG.warnf(
                    "Endpoint %s (%s) is disabled (%s): its last answer was %s, and it has failed %d times since %s;"
                            + " what it missed waits until somebody enables it",
                    claimed.name(),
                    claimed.endpoint(),
                    endpoint.disabledBecause().orElseThrow(),
                    result.error(),
                    endpoint.failures(),
                    endpoint.failingSince().orElseThrow());
        }
    }
}
