package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.ComparesEvents;
import io.cashdesk.provider.RawNotification;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import org.jboss.logging.Logger;

/**
 * Compares what a verified notification says of a payment with what was requested. If it differs, an operator must
 * decide, and money that arrives through the attempt meanwhile is held ({@link ApplyReport}).
 */
@ApplicationScoped
class CompareEvent {
    private static final Logger LOG = Logger.getLogger(CompareEvent.class);

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Accounts accounts;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /**
     * Whether the notification differs and no operator has decided about that yet; then it must not be acknowledged,
     * because WeChat counts goods as delivered by the acknowledgement.
     */
    boolean differs(ComparesEvents provider, Accounts.Opened account, RawNotification raw, AttemptKey key) {
        var attempt = attempts.byKey(key).orElseThrow();
        var order = orders.byKey(key.order()).orElseThrow();
        if (order.mode() != account.mode()) return false;
        var there = accounts.atProvider(attempt);
        var difference = provider.difference(account.settings(), raw, there.ref(), goods(order));
        return difference.isPresent() && transactions.inNew(() -> isOpen(key, difference.get()));
    }

    static JsonObject goods(PayOrder order) {
        return order.goods().map(text -> JsonBody.parseText("goods", text)).orElse(JsonObject.EMPTY_JSON_OBJECT);
    }

    /** Every repetition differs too; an operator is required once. */
    private boolean isOpen(AttemptKey key, String difference) {
        var order = orders.locked(key.order());
        var attempt = attempts.byKey(key).orElseThrow();
        var reason = "a notification about the payment " + attempt.attemptNo() + " says: " + difference;
        var detail = Json.createObjectBuilder()
                .add("attempt", attempt.id().toString())
                .add("differs", difference)
                .build()
                .toString();
        if (orders.recorded(key.order(), OrderEvent.DIFFERS, detail)) {
            return order.openReasons().stream().anyMatch(open -> open.text().equals(reason));
        }
        LOG.warnf("Order %s: %s; needs a person", order.outTradeNo(), reason);
        order.requirePerson(reason);
        orders.record(new OrderEvent(key.order(), attempt.id(), clock.instant(), OrderEvent.DIFFERS, detail));
        return true;
    }

    /**
     * Whether an operator must still decide about something in the order, and a notification of this attempt differed.
     */
    static boolean differed(PayOrders orders, PayOrder order, Attempt attempt) {
        return order.needsPerson().isPresent()
                && orders.events(order.key(), OrderEvent.DIFFERS).stream().anyMatch(e -> e.isAbout(attempt.id()));
    }
}
