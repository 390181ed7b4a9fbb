package io.cashdesk.handler;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.UUID;

/**
 * Reads the run of the handler of a paid order, and starts it again for an operator. Within a transaction of the
 * caller's.
 */
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

    /** Reads it. */
    public HandlerRunView view(UUID merchant, Mode mode, String outTradeNo) {
        var order = order(merchant, mode, outTradeNo);
        return HandlerRunView.of(order, runs.of(order.key()).orElseThrow(() -> notFound(outTradeNo)));
    }

    /**
     * Starts it now unless it has succeeded; for an order that was paid before there was a handler, for the first time.
     */
    public HandlerRunView of(UUID merchant, Mode mode, String outTradeNo) {
        var order = orders.locked(order(merchant, mode, outTradeNo).key());
        if (!order.paid()) throw ProblemType.ORDER_UNPAID.with(outTradeNo);
        var known = runs.locked(order.key());
        if (known.isPresent() && known.get().state() == HandlerRunState.SUCCEEDED) {
            return HandlerRunView.of(order, known.get());
        }
        if (handlers.of(order.type()).isEmpty()) throw notFound(outTradeNo);
        if (known.isEmpty()) return HandlerRunView.of(order, runs.open(order));
        known.get().restart(clock.instant());
        runs.schedule(known.get());
        return HandlerRunView.of(order, known.get());
    }

    private PayOrder order(UUID merchant, Mode mode, String outTradeNo) {
        return orders.byNumber(merchant, mode, outTradeNo)
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(outTradeNo));
    }

    private static RuntimeException notFound(String outTradeNo) {
        return ProblemType.NOT_FOUND.with("handlers/" + outTradeNo);
    }
}
