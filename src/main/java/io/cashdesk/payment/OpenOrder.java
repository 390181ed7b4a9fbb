package io.cashdesk.payment;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.NewOrder;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.OrderOpened;
import io.cashdesk.order.OrderState;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/**
 * Stores what a merchant wants paid, or finds the stored order and checks that it is the same (docs/api.md, "The same
 * number again").
 */
@ApplicationScoped
class OpenOrder {
    @Inject
    PayOrders orders;

    @Inject
    SealedSubMerchants subMerchants;

    @Inject
    Attempts attempts;

    @Inject
    Signals signals;

    @Inject
    Transactions transactions;

    @Inject
    Event<OrderOpened> opened;

    @Inject
    Clock clock;

    /**
     * The order's key, committed. Problems: the order is paid, closed, past its deadline, or was created with other
     * values.
     */
    OrderKey of(UUID merchant, Mode mode, NewOrder wanted) {
        return transactions.inNew(
                () -> insertOrRefresh(merchant, mode, wanted)); // run again, if another caller was faster
    }

    private OrderKey insertOrRefresh(UUID merchant, Mode mode, NewOrder wanted) {
        var known = orders.keyByNumber(merchant, mode, wanted.outTradeNo().value());
        if (known.isEmpty()) {
            var order = new PayOrder(merchant, mode, wanted, clock.instant());
            wanted.onBehalf().ifPresent(sub -> subMerchants.keep(order, sub));
            orders.add(order);
            orders.record(new OrderEvent(order.key(), null, clock.instant(), "created", "{}"));
            opened.fire(new OrderOpened(order));
            return order.key();
        }
        var order = orders.locked(known.get());
        requirePayable(order, clock.instant());
        order.differsFrom(wanted).ifPresent(d -> {
            throw ProblemType.ORDER_DIFFERS.with(order.outTradeNo(), d.field(), d.stored(), d.requested());
        });
        wanted.onBehalf().ifPresent(sub -> subMerchants.keep(order, sub));
        order.refresh(wanted);
        if (wanted.deadline().named()) moveDeadline(order, wanted.deadline().at());
        return order.key();
    }

    /** The order's attempts are closed at the new deadline too; the prompt of one may end before. */
    private void moveDeadline(PayOrder order, Instant deadline) {
        if (!order.moveDeadline(deadline)) return;
        attempts.moveDeadline(order.key(), deadline, clock.instant());
        orders.record(new OrderEvent(order.key(), null, clock.instant(), "deadline", deadline.toString()));
        transactions.afterCommit(() -> signals.changed(order.id()));
    }

    /** Refuses, by its state, an order that takes no payment any more. */
    static void requirePayable(PayOrder order, Instant now) {
        if (order.paid()) throw ProblemType.ORDER_PAID.with(order.outTradeNo(), order.status());
        if (order.state() == OrderState.CLOSED || !now.isBefore(order.expiresAt())) {
            throw ProblemType.ORDER_CLOSED.with(order.outTradeNo());
        }
        if (order.needsPerson().isPresent()) throw ProblemType.ORDER_NEEDS_PERSON.with(order.outTradeNo());
    }
}
