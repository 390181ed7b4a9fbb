package io.cashdesk.handler;

import io.cashdesk.order.PayOrder;
import java.time.Instant;
import java.util.Optional;

/**
 * The run of the handler of a paid order as an operator reads it, at one moment.
 *
 * @param type the order's type, which selects the handler
 * @param tries how many tries have ended
 * @param nextTryAt the next try; empty once it has ended
 * @param error why the last try failed; empty if it succeeded or there was none
 */
public record HandlerRunView(
        String outTradeNo,
        String type,
        HandlerRunState state,
        int tries,
        Instant createdAt,
        Optional<Instant> succeededAt,
        Optional<Instant> nextTryAt,
        Optional<String> error) {
    static HandlerRunView of(PayOrder order, HandlerRun run) {
        return new HandlerRunView(
                order.outTradeNo(),
                order.type(),
                run.state(),
                run.tries(),
                run.createdAt(),
                run.succeededAt(),
                run.nextAt(),
                run.error());
    }
}
