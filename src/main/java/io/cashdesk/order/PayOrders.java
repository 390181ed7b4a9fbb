package io.cashdesk.order;

import io.cashdesk.ground.database.MerchantRows;
import io.cashdesk.merchant.Mode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The stored pay orders. A transaction that changes money locks the order first and reads everything else after that.
 */
@ApplicationScoped
public class PayOrders {
    @PersistenceContext
    EntityManager entities;

    /** Stores a new order; fails by a constraint if its number is taken. */
    public void add(PayOrder order) {
        entities.persist(order);
        entities.flush();
    }

    /** The order, locked until the transaction ends: the first statement of every money transaction. */
    public PayOrder locked(OrderKey key) {
        return MerchantRows.locked(entities, PayOrder.class, key.merchantId(), key.id());
    }

    public Optional<PayOrder> byKey(OrderKey key) {
        return MerchantRows.find(entities, PayOrder.class, key.merchantId(), key.id());
    }

    public Optional<PayOrder> byNumber(UUID merchant, Mode mode, String outTradeNo) {
        return entities.createQuery(
                        "select o from PayOrder o where o.merchantId = :merchant and o.mode = :mode and o.outTradeNo = :no",
                        PayOrder.class)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .setParameter("no", outTradeNo)
                .getResultStream()
                .findFirst();
    }

    public Optional<OrderKey> keyByNumber(UUID merchant, Mode mode, String outTradeNo) {
        return entities.createQuery(
                        "select o.id from PayOrder o where o.merchantId = :merchant and o.mode = :mode and o.outTradeNo = :no",
                        UUID.class)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .setParameter("no", outTradeNo)
                .getResultStream()
                .findFirst()
                .map(id -> new OrderKey(merchant, id));
    }

    /**
     * Orders of shops that speak epay, the newest first.
     *
     * @param offset how many to pass over
     */
    public List<PayOrder> ofEpay(UUID merchant, Mode mode, int offset, int atMost) {
        return entities.createQuery("""
                select o
                from PayOrder o
                where o.merchantId = :merchant and o.mode = :mode and o.epay is not null
                order by o.createdAt desc, o.id desc
                """, PayOrder.class)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .setFirstResult(offset)
                .setMaxResults(atMost)
                .getResultList();
    }

    /** How many orders of shops that speak epay were created from this moment on, and before that one. */
    public long countOfEpay(UUID merchant, Mode mode, Instant from, Instant before) {
        return entities.createQuery("""
                select count(o)
                from PayOrder o
                where o.merchantId = :merchant and o.mode = :mode and o.epay is not null
                    and o.createdAt >= :from and o.createdAt < :before
                """, Long.class)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .setParameter("from", from)
                .setParameter("before", before)
                .getSingleResult();
    }

    /** By the provider's own number of the payment that counts. */
    public Optional<PayOrder> byTransaction(UUID merchant, Mode mode, String transactionId) {
        return entities.createQuery("""
                select o
                from PayOrder o
                where o.merchantId = :merchant and o.mode = :mode and o.transactionId = :id
                """, PayOrder.class)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .setParameter("id", transactionId)
                .getResultStream()
                .findFirst();
    }

    /** @param token as a browser sent it: PostgreSQL takes no U+0000, so no order has one with it */
    public Optional<PayOrder> byCheckoutToken(String token) {
        if (token.indexOf('\0') >= 0) return Optional.empty();
        return entities.createQuery("select o from PayOrder o where o.checkoutToken = :token", PayOrder.class)
                .setParameter("token", token)
                .getResultStream()
                .findFirst();
    }

    /**
     * A phone has opened the code for any phone; within a transaction. Pages on other screens show it, so the version
     * grows.
     *
     * @param atMostEvery how old the last time that was recorded must be
     * @return whether it was recorded: not so soon after the last time, nor after the order has ended
     */
    public boolean openedOnPhone(OrderKey order, Duration atMostEvery, Instant now) {
        return entities.createQuery("""
                update PayOrder o
                set o.phoneOpenedAt = :now, o.version = o.version + 1
                where o.merchantId = :merchant and o.id = :id
                    and (o.phoneOpenedAt is null or o.phoneOpenedAt <= :before)
                    and o.state = io.cashdesk.order.OrderState.UNPAID
                """)
                        .setParameter("now", now)
                        .setParameter("before", now.minus(atMostEvery))
                        .setParameter("merchant", order.merchantId())
                        .setParameter("id", order.id())
                        .executeUpdate()
                == 1;
    }

    /** A place in the list of orders that need a person: since when, and the order. */
    public record Flagged(Instant since, UUID order) {
        /** The place before all orders. */
        public static final Flagged FIRST = new Flagged(Instant.EPOCH, new UUID(0, 0));
    }

    /**
     * Orders about which an operator must decide, the longest waiting first.
     *
     * @param after the place after which to begin
     */
    public List<PayOrder> needingPerson(UUID merchant, Mode mode, Flagged after, int atMost) {
        return entities.createQuery("""
                select o
                from PayOrder o
                where o.merchantId = :merchant and o.mode = :mode and o.needsPerson is not null
                    and (o.needsPersonSince > :since or (o.needsPersonSince = :since and o.id > :id))
                order by o.needsPersonSince, o.id
                """, PayOrder.class)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .setParameter("since", after.since())
                .setParameter("id", after.order())
                .setMaxResults(atMost)
                .getResultList();
    }

    /** The evidence of one kind, the oldest first. */
    public List<OrderEvent> events(OrderKey order, String kind) {
        return entities.createQuery("""
                select e
                from OrderEvent e
                where e.merchantId = :merchant and e.orderId = :order and e.kind = :kind
                order by e.at
                """, OrderEvent.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("order", order.id())
                .setParameter("kind", kind)
                .getResultList();
    }

    /** Stores what happened, in the transaction in which it happened. */
    public void record(OrderEvent event) {
        entities.persist(event);
    }

    /** Whether an event of this kind with exactly this detail was recorded for the order. */
    public boolean recorded(OrderKey order, String kind, String detail) {
        return !entities.createQuery("""
                select e.id
                from OrderEvent e
                where e.orderId = :order and e.merchantId = :merchant and e.kind = :kind and e.detail = :detail
                """, UUID.class)
                .setParameter("order", order.id())
                .setParameter("merchant", order.merchantId())
                .setParameter("kind", kind)
                .setParameter("detail", detail)
                .setMaxResults(1)
                .getResultList()
                .isEmpty();
    }
}
