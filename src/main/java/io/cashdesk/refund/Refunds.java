package io.cashdesk.refund;

import io.cashdesk.ground.database.MerchantRows;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.OrderKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The stored refunds. */
@ApplicationScoped
public class Refunds {
    @PersistenceContext
    EntityManager entities;

    void add(Refund refund) {
        entities.persist(refund);
        entities.flush(); // fails by a constraint if one of its numbers is taken
    }

    /** The refund, locked; lock its order before. */
    Refund locked(RefundKey key) {
        return MerchantRows.locked(entities, Refund.class, key.order().merchantId(), key.id());
    }

    public Optional<Refund> byKey(RefundKey key) {
        return MerchantRows.find(entities, Refund.class, key.order().merchantId(), key.id());
    }

    /** The receipt that it refunds. Read without the refund itself, which would be stale once its lock is there. */
    UUID receiptOf(RefundKey key) {
        return entities.createQuery(
                        "select r.receiptId from Refund r where r.merchantId = :merchant and r.id = :id", UUID.class)
                .setParameter("merchant", key.order().merchantId())
                .setParameter("id", key.id())
                .getSingleResult();
    }

    /** The refunds of an order that its merchant requested, the newest first. */
    public List<Refund> of(OrderKey order) {
        return allOf(order).stream().filter(r -> !r.cause().ofStrayPayment()).toList();
    }

    /** All refunds of an order, the automatic ones too, the newest first. */
    public List<Refund> allOf(OrderKey order) {
        return entities.createQuery("""
                select r
                from Refund r
                where r.merchantId = :merchant and r.orderId = :order
                order by r.n desc
                """, Refund.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("order", order.id())
                .getResultList();
    }

    /** Those of these orders about which a person must decide, the oldest first. */
    public List<Refund> needingDecision(UUID merchant, Collection<UUID> orders) {
        return entities
                .createQuery("""
                select r
                from Refund r
                where r.merchantId = :merchant and r.orderId in :orders and r.state = :unknown
                order by r.createdAt, r.n
                """, Refund.class)
                .setParameter("merchant", merchant)
                .setParameter("orders", orders)
                .setParameter("unknown", RefundState.UNKNOWN)
                .getResultList()
                .stream()
                .filter(Refund::needsDecision)
                .toList();
    }

    Optional<Refund> byMerchantsNumber(UUID merchant, Mode mode, String outRefundNo) {
        return entities.createQuery(
                        "select r from Refund r where r.merchantId = :merchant and r.mode = :mode and r.outRefundNo = :no",
                        Refund.class)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .setParameter("no", outRefundNo)
                .getResultStream()
                .findFirst();
    }

    /** The order of a refund, by the merchant's own number for it. */
    public Optional<OrderKey> orderByNumber(UUID merchant, Mode mode, String outRefundNo) {
        return byMerchantsNumber(merchant, mode, outRefundNo).map(Refund::orderKey);
    }

    /** The order of a refund, by the provider's own number for it. */
    public Optional<OrderKey> orderByRefundId(UUID merchant, Mode mode, String refundId) {
        return entities.createQuery("""
                select r.orderId
                from Refund r
                where r.merchantId = :merchant and r.mode = :mode and r.refundId = :id
                """, UUID.class)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .setParameter("id", refundId)
                .getResultStream()
                .findFirst()
                .map(id -> new OrderKey(merchant, id));
    }

    /** The refund of this merchant that carries this number at the provider. */
    public Optional<RefundKey> byProvidersNumber(UUID merchant, String provider, String merchantNo, String refundNo) {
        return entities.createQuery("""
                select r.orderId, r.id
                from Refund r
                where r.merchantId = :merchant and r.provider = :provider and r.merchantNo = :merchantNo
                    and r.refundNo = :no
                """, Object[].class)
                .setParameter("merchant", merchant)
                .setParameter("provider", provider)
                .setParameter("merchantNo", merchantNo)
                .setParameter("no", refundNo)
                .getResultStream()
                .findFirst()
                .map(row -> new RefundKey(new OrderKey(merchant, (UUID) row[0]), (UUID) row[1]));
    }

    /**
     * Claims refunds whose next query is due, the longest overdue first, within a transaction: no node takes them again
     * before {@code heldUntil}. Rows that another node claims at this moment are passed over.
     */
    @SuppressWarnings("unchecked") // native queries have no types
    public List<Due> claimDue(Instant now, Instant heldUntil, int atMost) {
        List<Object[]> rows = entities.createNativeQuery("""
                with due as (
                    select merchant_id, id from refund
                    where next_query_at <= :now
                    order by next_query_at
                    limit :most
                    for update skip locked),
                claimed as (
                    update refund r
                    set next_query_at = :held
                    from due
                    where r.merchant_id = due.merchant_id and r.id = due.id
                    returning r.merchant_id, r.order_id, r.id, r.account_id)
                select merchant_id, order_id, id, account_id from claimed
                """)
                .setParameter("now", now)
                .setParameter("held", heldUntil)
                .setParameter("most", atMost)
                .getResultList();
        return rows.stream()
                .map(row -> new Due(
                        new RefundKey(new OrderKey((UUID) row[0], (UUID) row[1]), (UUID) row[2]),
                        (UUID) row[3],
                        heldUntil))
                .toList();
    }

    /** Whether nothing was done about a claimed refund since. */
    public boolean holds(Due due) {
        return !entities.createQuery(
                        "select r.id from Refund r where r.merchantId = :merchant and r.id = :id and r.nextQueryAt = :held",
                        UUID.class)
                .setParameter("merchant", due.key().order().merchantId())
                .setParameter("id", due.key().id())
                .setParameter("held", due.heldUntil())
                .getResultList()
                .isEmpty();
    }

    /** Claimed refunds for which there was no time are due at this moment, unless something was done about them. */
    public void moveOn(UUID merchant, Collection<Due> claimed, Instant at) {
        entities.createNativeQuery("""
                update refund
                set next_query_at = :at
                where merchant_id = :merchant and id in (:ids) and next_query_at = :held
                """)
                .setParameter("at", at)
                .setParameter("merchant", merchant)
                .setParameter("ids", claimed.stream().map(due -> due.key().id()).toList())
                .setParameter("held", claimed.iterator().next().heldUntil())
                .executeUpdate();
    }

    /**
     * A refund about which the sweeper does something now.
     *
     * @param accountId the account through which its money came
     * @param heldUntil until then no node takes it again
     */
    public record Due(RefundKey key, UUID accountId, Instant heldUntil) {}
}
