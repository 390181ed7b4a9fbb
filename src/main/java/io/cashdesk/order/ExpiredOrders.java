package io.cashdesk.order;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.signal.Signals;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Closes orders at their deadline. An order of which an attempt may still be paid stays open: its provider decides. */
@ApplicationScoped
public class ExpiredOrders {
    /** Orders that are looked at in one transaction. */
    static final int AT_ONCE = 200;

    private static final String DUE = """
            select o.merchant_id, o.id
            from pay_order o
            where o.state = 'UNPAID' and o.needs_person is null and o.next_close_at <= :now
            order by o.next_close_at
            limit :most
            """;

    /**
     * When an order is looked at again of which an attempt may still be paid. Normally it is closed before, by
     * {@link #closeAfterAttempt}.
     */
    private static final Duration AGAIN = Duration.ofMinutes(15);

    @PersistenceContext
    EntityManager entities;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Signals signals;

    @Inject
    Transactions transactions;

    @Inject
    Event<PayOrderChanged> changes;

    /**
     * Closes the orders of one look, the longest overdue first; within a transaction. Those that are locked are passed
     * over. The attempts are read once the orders are locked: another transaction may have opened one until then.
     *
     * @return whether there may be more
     */
    @SuppressWarnings("unchecked") // native queries have no types
    public boolean closeSome(Instant now) {
        List<Object[]> due = entities.createNativeQuery(DUE + " for update skip locked")
                .setParameter("now", now)
                .setParameter("most", AT_ONCE)
                .getResultList();
        due.stream()
                .collect(groupingBy(row -> (UUID) row[0], mapping(row -> (UUID) row[1], toList())))
                .forEach((merchant, ids) -> closeOrLookAgain(merchant, ids, now));
        return due.size() == AT_ONCE;
    }

    /** What the next look would close; locks nothing. */
    @SuppressWarnings("unchecked") // native queries have no types
    public List<OrderKey> due(Instant now) {
        List<Object[]> due = entities.createNativeQuery(DUE)
                .setParameter("now", now)
                .setParameter("most", AT_ONCE)
                .getResultList();
        return due.stream()
                .map(row -> new OrderKey((UUID) row[0], (UUID) row[1]))
                .toList();
    }

    /** Closes one order, if it is still due; within a transaction. */
    public void close(OrderKey key, Instant now) {
        var order = orders.locked(key);
        if (order.takesAttempts() && now.isAfter(order.expiresAt())) {
            closeOrLookAgain(key.merchantId(), List.of(key.id()), now);
        }
    }

    /** Looks at this order again after a while; within a transaction. */
    public void lookAgain(OrderKey key, Instant now) {
        lookAgain(key.merchantId(), List.of(key.id()), now);
    }

    private void closeOrLookAgain(UUID merchant, List<UUID> ids, Instant now) {
        var payable = attempts.ordersThatMayBePaid(merchant, ids);
        if (!payable.isEmpty()) lookAgain(merchant, payable, now);
        var closable = ids.stream().filter(id -> !payable.contains(id)).toList();
        if (!closable.isEmpty()) close(merchant, closable, now);
    }

    /**
     * An attempt of this order has ended: closes the order if its deadline is over and no other attempt may be paid; in
     * the transaction that holds the order's lock.
     */
    public void closeAfterAttempt(PayOrder order, Instant now) {
        if (order.takesAttempts()
                && now.isAfter(order.expiresAt())
                && attempts.thatMayBePaid(order.key()).isEmpty()) {
            close(order, now);
        }
    }

    private void lookAgain(UUID merchant, Collection<UUID> ids, Instant now) {
        entities.createNativeQuery(
                        "update pay_order set next_close_at = :at where merchant_id = :merchant and id in (:ids)")
                .setParameter("at", now.plus(AGAIN))
                .setParameter("merchant", merchant)
                .setParameter("ids", ids)
                .executeUpdate();
    }

    private void close(UUID merchant, List<UUID> ids, Instant now) {
        entities.createQuery("select o from PayOrder o where o.merchantId = :merchant and o.id in :ids", PayOrder.class)
                .setParameter("merchant", merchant)
                .setParameter("ids", ids)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList()
                .forEach(order -> close(order, now));
    }

    private void close(PayOrder order, Instant now) {
        order.close(now);
        orders.record(new OrderEvent(order.key(), null, now, "closed", "deadline"));
        changes.fire(new PayOrderChanged(order, PayOrderChanged.Kind.CLOSED));
        transactions.afterCommit(() -> signals.changed(order.id()));
    }
}
