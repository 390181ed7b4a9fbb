package io.cashdesk.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.cashdesk.ground.database.MerchantRows;
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

/** Sends one delivery once, signed as Standard Webhooks prescribes, and stores the result. */
@ApplicationScoped
class DeliverOnce {
    private static final Logger LOG = Logger.getLogger(DeliverOnce.class);

    private static final String AGENT = "Cashdesk";

    @PersistenceContext
    EntityManager entities;

    @Inject
    Transactions transactions;

    @Inject
    PublicHttpClient outgoing;

    @Inject
    @Any
    Instance<EventFormat> formats;

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
        transactions.refuseOpenTransaction("sending a webhook");
        var result = send(claimed);
        transactions.runInNew(() -> store(claimed, result));
    }

    private DeliveryResult send(ClaimedDelivery claimed) {
        var start = System.nanoTime();
        var at = clock.instant();
        try {
            var format = formats.stream()
                    .filter(f -> f.format().equals(claimed.format()))
                    .findFirst();
            var called = format.flatMap(f -> f.called(claimed.merchant(), claimed.url(), claimed.payload()));
            var exchange =
                    called.isPresent() ? outgoing.get(called.get(), Map.of("User-Agent", AGENT)) : post(claimed, at);
            return format.map(f -> DeliveryResult.answered(at, exchange, f::refusal))
                    .orElseGet(() -> DeliveryResult.answered(at, exchange));
        } catch (IOException | WebhookSigningException | RuntimeException e) {
            return DeliveryResult.failed(at, e.toString(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
    }

    private PublicHttpClient.Exchange post(ClaimedDelivery claimed, Instant at)
            throws IOException, WebhookSigningException {
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
                AGENT);
        var ownShop = settings.demoFile().isPresent() && claimed.url().startsWith(settings.baseUrl() + "/demo/");
        return outgoing.post(URI.create(claimed.url()), headers, claimed.payload(), ownShop);
    }

    private void store(ClaimedDelivery claimed, DeliveryResult result) {
        var now = clock.instant();
        var order = claimed.order().map(orders::locked);
        var merchant = claimed.merchant();
        var endpoint = MerchantRows.find(entities, Endpoint.class, merchant, claimed.endpoint())
                .orElseThrow();
        // a success after a success changes nothing of the endpoint, so its row need not be locked
        var changesEndpoint = !claimed.ownAddress() && (!result.acknowledged() || endpoint.failures() > 0);
        // locked before the delivery, as resending and enabling do, so that no two transactions wait for each other
        if (changesEndpoint) {
            entities.detach(endpoint); // read without a lock, so it may be stale
            endpoint = MerchantRows.locked(entities, Endpoint.class, merchant, claimed.endpoint());
        }
        var delivery = MerchantRows.locked(entities, Delivery.class, merchant, claimed.delivery());
        if (result.acknowledged()) {
            var holdsClaim = delivery.isClaimedBy(claimed.claim());
            if (delivery.state() != DeliveryState.ACKNOWLEDGED || holdsClaim) delivery.acknowledged(now);
        } else if (delivery.isClaimedBy(claimed.claim())) {
            delivery.failed(
                    now, result.retryAfter(), ThreadLocalRandom.current().nextDouble());
        } else {
            delivery.failedAfterLease();
        }
        entities.persist(new WebhookTry(delivery, settings.node(), claimed, result));
        order.filter(o -> claimed.type().equals(PayOrderChanged.Kind.PAID.word()))
                .ifPresent(success::update);
        if (changesEndpoint) update(endpoint, claimed, result, now);
        if (delivery.state() == DeliveryState.GIVEN_UP) {
            LOG.errorf(
                    "Gave up sending to endpoint %s (%s) the event %s of order %s: %s",
                    claimed.name(),
                    claimed.endpoint(),
                    claimed.type(),
                    order.map(PayOrder::outTradeNo).orElse("none"),
                    result.error());
        }
    }

    /** Counts this try for the endpoint as a whole. */
    private void update(Endpoint endpoint, ClaimedDelivery claimed, DeliveryResult result, Instant now) {
        if (claimed.ownAddress()) return; // says nothing about the addresses of other orders
        // it got another address or was enabled while this try was under way
        if (!endpoint.isConcernedBy(claimed.url(), result.at())) return;
        if (result.acknowledged()) {
            LOG.infof("Endpoint %s (%s) acknowledges again", claimed.name(), claimed.endpoint());
            endpoint.succeeded();
            return;
        }
        var pause = result.overloaded() ? result.retryAfter() : Duration.ZERO;
        if (endpoint.failed(now, result.gone(), pause)) {
            LOG.warnf(
                    "Endpoint %s (%s) is disabled (%s): its last answer was %s, and it has failed %d times since %s;"
                            + " its deliveries wait until an operator enables it",
                    claimed.name(),
                    claimed.endpoint(),
                    endpoint.disabledBecause().orElseThrow(),
                    result.error(),
                    endpoint.failures(),
                    endpoint.failingSince().orElseThrow());
        }
    }
}
