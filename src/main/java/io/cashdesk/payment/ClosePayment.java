package io.cashdesk.payment;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.merchant.Authority;
import io.cashdesk.notification.QueryAttempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.OrderState;
import io.cashdesk.order.OutTradeNo;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Clock;
import java.time.Duration;

/**
 * A merchant closes an unpaid order. The provider is queried first, then called to close it, and only then is the order
 * closed here, so that no payer who is just paying sees a closed order.
 */
@ApplicationScoped
public class ClosePayment {
    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    CloseAttempt closeAttempt;

    @Inject
    QueryAttempt queryAttempt;

    @Inject
    Signals signals;

    @Inject
    Event<PayOrderChanged> changes;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /** Closing a closed order succeeds and changes nothing; closing a paid one is refused with its status. */
    public JsonObject of(Authority authority, JsonBody body) {
        body.only("out_trade_no", "pid");
        var number = new OutTradeNo(body.json().get("out_trade_no") instanceof JsonString s ? s.getString() : null);
        var merchant = authority.secret().merchant(body.text("pid", 64).orElse(null));
        var order = orders.byNumber(merchant, authority.mode(), number.value())
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number.value()));
        var now = of(order);
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("msg", "订单已关闭")
                .add("out_trade_no", now.outTradeNo())
                .add("status", now.status())
                .build();
    }

    /** The same for an order that was found already; returns it as it is afterwards. */
    public PayOrder of(PayOrder order) {
        if (order.state() == OrderState.UNPAID) close(order.key());
        var now = read(order.key());
        if (now.paid()) throw ProblemType.ORDER_PAID.with(now.outTradeNo(), now.status());
        return now;
    }

    private void close(OrderKey key) {
        refuseWhileFlagged(read(key));
        for (var attempt : attempts.thatMayBePaid(key)) {
            if (attempt.beingCalled(clock.instant())) {
                throw ProblemType.CALL_RUNNING.with(read(key).outTradeNo()).retryAfter(Duration.ofSeconds(5));
            }
            queryAttempt.unlessRecent(attempt, Duration.ofSeconds(1));
        }
        refuseWhileFlagged(read(key)); // before anything is closed at a provider: the answer may have been money
        closeAttempt.liveOf(key);
        transactions.runInNew(() -> {
            var order = orders.locked(key);
            if (order.state() != OrderState.UNPAID) return;
            refuseWhileFlagged(order);
            if (attempts.liveOf(key).isPresent()) { // opened in the meantime
                throw ProblemType.CALL_RUNNING.with(order.outTradeNo()).retryAfter(Duration.ofSeconds(5));
            }
            order.close(clock.instant());
            orders.record(new OrderEvent(key, null, clock.instant(), "closed", "merchant"));
            changes.fire(new PayOrderChanged(order, PayOrderChanged.Kind.CLOSED));
            transactions.afterCommit(() -> signals.changed(key.id()));
        });
    }

    /** An operator must decide first: money arrived that did not pay the order, and closing would hide it. */
    private static void refuseWhileFlagged(PayOrder order) {
        if (order.state() == OrderState.UNPAID && order.needsPerson().isPresent()) {
            throw ProblemType.ORDER_NEEDS_PERSON.with(order.outTradeNo());
        }
    }

    private PayOrder read(OrderKey key) {
        return transactions.inNew(() -> orders.byKey(key).orElseThrow());
    }
}
