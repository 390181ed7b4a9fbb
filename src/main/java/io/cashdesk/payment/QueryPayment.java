package io.cashdesk.payment;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.merchant.Authority;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.OutTradeNo;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payload.OrderPayload;
import io.cashdesk.view.OrderViews;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Whether an order is paid: for the merchant, who causes a query to the provider; and for the payer, who reads our row
 * alone. A publishable key reads less of the order than a secret one (docs/api.md, "What a publishable key may do").
 */
@ApplicationScoped
public class QueryPayment {
    /** How long await_notify waits for a notification before it queries (docs/api.md, "The active callback"). */
    private static final Duration NOTIFICATION_FIRST = Duration.ofMillis(500);

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    QueryOrder queryOrder;

    @Inject
    OrderViews views;

    @Inject
    Signals signals;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /**
     * @param atMost how long it waits for the merchant's handler; empty if it does not
     * @param client whether a publishable key reads the order, which anybody may have
     */
    private record Options(Optional<Duration> atMost, boolean wholeOrder, boolean client) {}

    /** Completes with the answer of queryPayment. */
    public CompletionStage<JsonObject> of(Authority authority, JsonBody body) {
        body.only("out_trade_no", "transaction_id", "await_notify", "await_max_time", "pay_order_info", "pid");
        var options = new Options(waitsFor(body), body.flag("pay_order_info", false), PaymentCall.isClient(authority));
        if (options.client() && body.has("transaction_id")) throw ProblemType.KEY_MAY_NOT.with();
        var merchant = authority.merchant(body.text("pid", 64).orElse(null));
        var order = find(merchant, authority, body);
        return options.atMost().isPresent()
                ? awaited(order, options)
                : CompletableFuture.completedFuture(answer(queryOrder.of(order), options));
    }

    /** How long the call waits for the merchant's handler; empty if it does not. */
    Optional<Duration> waitsFor(JsonBody body) {
        var atMost = Duration.ofSeconds(body.whole("await_max_time").orElse(20L));
        if (atMost.toSeconds() < 5 || atMost.toSeconds() > 40) {
            throw body.malformed("await_max_time", "5 至 40 的秒数", "a number of seconds from 5 to 40");
        }
        return body.flag("await_notify", false) ? Optional.of(atMost) : Optional.empty();
    }

    /** The order as it is now or, if the call waits, as soon as the merchant's handler has ended. */
    CompletionStage<PayOrder> afterHandler(OrderKey order, Optional<Duration> atMost) {
        return atMost.map(time -> handled(order, clock.instant().plus(time)))
                .orElseGet(() -> CompletableFuture.completedFuture(read(order)));
    }

    private CompletionStage<JsonObject> awaited(PayOrder order, Options options) {
        var until = clock.instant().plus(options.atMost().orElseThrow());
        CompletionStage<PayOrder> known;
        if (order.paid() || attempts.thatMayBePaid(order.key()).isEmpty()) {
            known = CompletableFuture.completedFuture(order);
        } else {
            var waiter = signals.park(order.merchantId(), order.id());
            var now = read(order.key());
            if (now.paid()) {
                waiter.leave();
                known = CompletableFuture.completedFuture(now);
            } else {
                known = waiter.await(now.version(), NOTIFICATION_FIRST)
                        .thenApplyAsync(changed -> queryOrder.of(read(order.key())), signals.executor());
            }
        }
        return known.thenCompose(o -> handled(o.key(), until)).thenApply(o -> answer(o, options));
    }

    /** By the merchant's number, or (if that is absent) by the provider's, which is known once it is paid. */
    private PayOrder find(UUID merchant, Authority authority, JsonBody body) {
        var transaction = body.text("transaction_id", 64).filter(t -> !body.has("out_trade_no"));
        if (transaction.isPresent()) {
            return orders.byTransaction(merchant, authority.mode(), transaction.get())
                    .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(transaction.get()));
        }
        var number = new OutTradeNo(body.json().get("out_trade_no") instanceof JsonString s ? s.getString() : null);
        return orders.byNumber(merchant, authority.mode(), number.value())
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number.value()));
    }

    /** Waits for the merchant's handler, if the order is paid and there is one; an unpaid order is answered at once. */
    private CompletionStage<PayOrder> handled(OrderKey key, Instant until) {
        var waiter = signals.park(key.merchantId(), key.id());
        var order = read(key);
        var left = Duration.between(clock.instant(), until);
        var waiting = order.paid()
                && order.handlerExpected()
                && order.userOrderSuccess().isEmpty();
        if (!waiting || signals.suspended() || left.isNegative() || left.isZero()) {
            waiter.leave();
            return CompletableFuture.completedFuture(order);
        }
        return waiter.await(order.version(), left).thenCompose(changed -> handled(key, until));
    }

    private PayOrder read(OrderKey key) {
        return transactions.inNew(() -> orders.byKey(key).orElseThrow());
    }

    private JsonObject answer(PayOrder order, Options options) {
        var answer = options.client() ? resultForClient(order, false) : result(order, false);
        if (options.wholeOrder()) {
            var view = views.of(order);
            var record = options.client() ? OrderPayload.forClient(view) : OrderPayload.of(view);
            answer.add("payOrder", record).add("pay_order", record); // both spellings are in use
        }
        return answer.build();
    }

    /** The result fields of queryPayment, read from our own row and nothing else. */
    public JsonObject fromOurRow(PayOrder order, boolean english) {
        return result(order, english).build();
    }

    private static JsonObjectBuilder result(PayOrder order, boolean english) {
        var result = resultForClient(order, english);
        order.transactionId().ifPresent(t -> result.add("transaction_id", t));
        return result;
    }

    /** Nothing of the provider's. */
    private static JsonObjectBuilder resultForClient(PayOrder order, boolean english) {
        var status = order.status();
        var result = Json.createObjectBuilder()
                .add("code", status == 1 || status == 2 ? 0 : -1)
                .add("msg", message(status, english))
                .add("orderPaid", order.paid())
                .add("out_trade_no", order.outTradeNo())
                .add("status", status);
        order.userOrderSuccess().ifPresent(s -> result.add("user_order_success", s));
        return result;
    }

    static String message(int status, boolean english) {
        return switch (status) {
            case -1 -> english ? "The order is closed" : "订单已关闭";
            case 0 -> english ? "The order is not paid" : "订单未支付";
            case 3 -> english ? "The order was refunded" : "订单已退款";
            default -> english ? "The order is paid" : "订单已支付";
        };
    }
}
