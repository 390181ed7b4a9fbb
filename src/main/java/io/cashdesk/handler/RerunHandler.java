package io.cashdesk.handler;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.util.Locale;
import java.util.UUID;

/** Shows an operator what came of a paid order in its handler, and runs it again for him. Within a transaction of the caller's. */
@ApplicationScoped
public class RerunHandler {
    @Inject
    PayOrders orders;

    @Inject
    HandlerRuns runs;

    @Inject
    Handlers handlers;

    @Inject
    Clock clock;

    /** Times are Unix milliseconds; what is not known is absent. */
    public JsonObject shown(UUID merchant, Mode mode, String outTradeNo) {
        var order = order(merchant, mode, outTradeNo);
        return json(order, runs.of(order.id()).orElseThrow(() -> none(outTradeNo)));
    }

    /** Runs it now unless it has succeeded; for an order that was paid before there was a handler, for the first time. */
    public JsonObject of(UUID merchant, Mode mode, String outTradeNo) {
        var order = orders.locked(order(merchant, mode, outTradeNo).id());
        if (!order.paid()) throw ProblemType.ORDER_UNPAID.with(outTradeNo);
        var known = runs.locked(order.id());
        if (known.isPresent() && known.get().state() == HandlerRun.State.SUCCEEDED) return json(order, known.get());
        if (handlers.of(order.type()).isEmpty()) throw none(outTradeNo);
        if (known.isEmpty()) return json(order, runs.open(order));
        known.get().again(clock.instant());
        runs.schedule(known.get());
        return json(order, known.get());
    }

    private PayOrder order(UUID merchant, Mode mode, String outTradeNo) {
        return orders.byNumber(merchant, mode, outTradeNo)
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(outTradeNo));
    }

    private static RuntimeException none(String outTradeNo) {
        return ProblemType.NOT_FOUND.with("handlers/" + outTradeNo);
    }

    private static JsonObject json(PayOrder order, HandlerRun run) {
        var json = Json.createObjectBuilder()
                .add("out_trade_no", order.outTradeNo())
                .add("type", order.type())
                .add("state", run.state().name().toLowerCase(Locale.ROOT))
                .add("tries", run.tries())
                .add("created_at", run.createdAt().toEpochMilli());
        run.succeededAt().ifPresent(t -> json.add("succeeded_at", t.toEpochMilli()));
        run.nextAt().ifPresent(t -> json.add("next_try_at", t.toEpochMilli()));
        run.error().ifPresent(e -> json.add("error", e));
        return json.build();
    }
}
