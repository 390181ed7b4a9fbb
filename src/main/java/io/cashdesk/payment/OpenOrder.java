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
import io.cashdesk.provider.SubMerchant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

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
     * An order that can be paid, committed.
     *
     * @param checked what the call's own check has made of the sub-merchant
     * @param change what the call changes about a stored order, to be applied by {@link #change} in the transaction
     *     that decides that the call is not refused; empty for a new order
     * @param returnUrl where the payer's browser goes: the call's own address, otherwise the stored one
     */
    record Opened<T>(OrderKey key, T checked, Optional<NewOrder> change, Optional<String> returnUrl) {}

    /**
     * For a call that pays: stores a new order; changes nothing about a stored one. Problems: the order is paid,
     * closed, past its deadline, or was created with other values.
     *
     * @param noticed refuses a deadline that is too near; not called for the stored deadline
     * @param check of what depends on the sub-merchant, without side effects; it is given the one that the call names,
     *     otherwise the stored one
     */
    <T> Opened<T> toPay(UUID merchant, Mode mode, NewOrder wanted, Runnable noticed, Function<SubMerchant, T> check) {
        return transactions.inNew(
                () -> { // run again, if another caller was faster
                    var stored = stored(merchant, mode, wanted, noticed);
                    if (stored.isPresent()) {
                        var order = stored.get();
                        var checked = check.apply(subMerchants.effective(order, SealedSubMerchants.named(wanted)));
                        var returnUrl =
                                Optional.ofNullable(wanted.origin().returnUrl()).or(order::returnUrl);
                        return new Opened<>(order.key(), checked, Optional.of(wanted), returnUrl);
                    }
                    var checked = check.apply(SealedSubMerchants.named(wanted));
                    return new Opened<>(
                            insert(merchant, mode, wanted),
                            checked,
                            Optional.empty(),
                            Optional.ofNullable(wanted.origin().returnUrl()));
                });
    }

    /** For a page that pays later: stores a new order, or changes the stored one. Problems as above. */
    OrderKey forPage(UUID merchant, Mode mode, NewOrder wanted, Runnable noticed) {
        return transactions.inNew(() -> {
            var stored = stored(merchant, mode, wanted, noticed);
            if (stored.isEmpty()) return insert(merchant, mode, wanted);
            var order = stored.get();
            subMerchants.effective(order, SealedSubMerchants.named(wanted));
            wanted.onBehalf().ifPresent(sub -> subMerchants.requireSameApp(order, sub));
            change(order, wanted);
            return order.key();
        });
    }

    /** The stored order of this number, locked, if it can be paid and is the same. */
    private Optional<PayOrder> stored(UUID merchant, Mode mode, NewOrder wanted, Runnable noticed) {
        var known = orders.keyByNumber(merchant, mode, wanted.outTradeNo().value());
        if (known.isEmpty()) {
            noticed.run();
            return Optional.empty();
        }
        var order = orders.locked(known.get());
        requirePayable(order, clock.instant());
        order.differsFrom(wanted).ifPresent(d -> {
            throw ProblemType.ORDER_DIFFERS.with(order.outTradeNo(), d.field(), d.stored(), d.requested());
        });
        if (!wanted.deadline().at().equals(order.expiresAt())) noticed.run();
        return Optional.of(order);
    }

    private OrderKey insert(UUID merchant, Mode mode, NewOrder wanted) {
        var order = new PayOrder(merchant, mode, wanted, clock.instant());
        wanted.onBehalf().ifPresent(sub -> subMerchants.keep(order, sub));
        orders.add(order);
        orders.record(new OrderEvent(order.key(), null, clock.instant(), "created", "{}"));
        opened.fire(new OrderOpened(order));
        return order.key();
    }

    /**
     * Applies what a repeated call changes, under the order's lock. Nothing changes about an order that was paid or
     * closed.
     */
    void change(PayOrder order, NewOrder wanted) {
        if (order.state() != OrderState.UNPAID) return;
        wanted.onBehalf().ifPresent(sub -> subMerchants.keep(order, sub));
        order.refresh(wanted);
        if (wanted.deadline().named()) moveDeadline(order, wanted.deadline().at());
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
