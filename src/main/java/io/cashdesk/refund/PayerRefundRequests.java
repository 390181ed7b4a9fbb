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
import java.util.Set;
import java.util.UUID;

/** The stored requests of payers for refunds. */
@ApplicationScoped
public class PayerRefundRequests {
    @PersistenceContext
    EntityManager entities;

    void add(PayerRefundRequest request) {
        entities.persist(request);
        entities.flush(); // fails by a constraint if it is stored already
    }

    /** The request, locked; lock its order before. */
    PayerRefundRequest locked(PayerRefundKey key) {
        return MerchantRows.locked(
                entities, PayerRefundRequest.class, key.order().merchantId(), key.id());
    }

    public Optional<PayerRefundRequest> byKey(PayerRefundKey key) {
        return MerchantRows.find(entities, PayerRefundRequest.class, key.order().merchantId(), key.id());
    }

    /** By the provider's number for it. */
    Optional<PayerRefundKey> byNumber(UUID merchant, String provider, String refundId) {
        return entities.createQuery("""
                select r.orderId, r.id
                from PayerRefundRequest r
                where r.refundId = :id and r.merchantId = :merchant and r.provider = :provider
                """, Object[].class)
                .setParameter("id", refundId)
                .setParameter("merchant", merchant)
                .setParameter("provider", provider)
                .getResultStream()
                .findFirst()
                .map(row -> new PayerRefundKey(new OrderKey(merchant, (UUID) row[0]), (UUID) row[1]));
    }

    /** By the provider's number for it, of whichever provider, in this mode. */
    public Optional<PayerRefundRequest> byNumber(UUID merchant, Mode mode, String refundId) {
        return entities.createQuery("""
                select r
                from PayerRefundRequest r
                where r.refundId = :id and r.merchantId = :merchant and r.mode = :mode
                """, PayerRefundRequest.class)
                .setParameter("id", refundId)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .getResultStream()
                .findFirst();
    }

    /**
     * The payers' requests about this order that wait for the merchant's decision, or their refusal for the provider;
     * the oldest first.
     */
    List<PayerRefundRequest> toDecide(OrderKey order) {
        return entities.createQuery("""
                select r
                from PayerRefundRequest r
                where r.merchantId = :merchant and r.orderId = :order
                order by r.createdAt, r.id
                """, PayerRefundRequest.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("order", order.id())
                .getResultStream()
                .filter(request -> request.state().undecided())
                .toList();
    }

    /** Whether there is one of them. */
    public boolean undecided(OrderKey order) {
        return !toDecide(order).isEmpty();
    }

    /** The open ones of these orders, the oldest first. */
    public List<PayerRefundRequest> open(UUID merchant, Collection<UUID> orders) {
        return entities.createQuery("""
                select r
                from PayerRefundRequest r
                where r.merchantId = :merchant and r.orderId in :orders
                    and r.state = io.cashdesk.refund.PayerRefundState.OPEN
                order by r.createdAt, r.id
                """, PayerRefundRequest.class)
                .setParameter("merchant", merchant)
                .setParameter("orders", orders)
                .getResultList();
    }

    /** A place in the list: since when it is stored, and which request. */
    public record Place(Instant since, UUID request) {
        /** The place before all requests. */
        public static final Place FIRST = new Place(Instant.EPOCH, new UUID(0, 0));
    }

    /**
     * A request, and the number of its order.
     *
     * @param outRefundNo the number of the refund that it became, if it did
     */
    public record Listed(PayerRefundRequest request, String outTradeNo, Optional<String> outRefundNo) {}

    /**
     * The requests of a merchant in these states, the oldest first.
     *
     * @param states empty: in every state
     * @param after the place after which to begin
     */
    public List<Listed> in(Set<PayerRefundState> states, UUID merchant, Mode mode, Place after, int atMost) {
        var open = states.equals(Set.of(PayerRefundState.OPEN)); // a literal, so that its own index is used
        var condition = states.isEmpty()
                ? ""
                : open ? " and r.state = io.cashdesk.refund.PayerRefundState.OPEN" : " and r.state in :states";
        var query = entities.createQuery(LISTED + """
                where r.merchantId = :merchant and r.mode = :mode
                    and (r.createdAt > :since or (r.createdAt = :since and r.id > :id))
                """ + condition + " order by r.createdAt, r.id", Object[].class)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .setParameter("since", after.since())
                .setParameter("id", after.request());
        if (!states.isEmpty() && !open) query.setParameter("states", states);
        return query.setMaxResults(atMost)
                .getResultStream()
                .map(PayerRefundRequests::listed)
                .toList();
    }

    private static final String LISTED = """
            select r, o.outTradeNo, f.outRefundNo
            from PayerRefundRequest r
            join PayOrder o on o.merchantId = r.merchantId and o.id = r.orderId
            left join Refund f on f.merchantId = r.merchantId and f.id = r.refund
            """;

    /** The request with the numbers of its order and its refund. */
    public Optional<Listed> listed(PayerRefundKey key) {
        return entities.createQuery(LISTED + "where r.merchantId = :merchant and r.id = :id", Object[].class)
                .setParameter("merchant", key.order().merchantId())
                .setParameter("id", key.id())
                .getResultStream()
                .findFirst()
                .map(PayerRefundRequests::listed);
    }

    private static Listed listed(Object[] row) {
        return new Listed((PayerRefundRequest) row[0], (String) row[1], Optional.ofNullable((String) row[2]));
    }

    /**
     * Claims requests about which something is due, the longest overdue first, within a transaction: no node takes them
     * again before {@code heldUntil}. Rows that another node claims at this moment are passed over.
     */
    @SuppressWarnings("unchecked") // native queries have no types
    public List<Due> claimDue(Instant now, Instant heldUntil, int atMost) {
        List<Object[]> rows = entities.createNativeQuery("""
                with due as (
                    select merchant_id, id from payer_refund_request
                    where next_at <= :now
                    order by next_at
                    limit :most
                    for update skip locked),
                claimed as (
                    update payer_refund_request r
                    set next_at = :held
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
                        new PayerRefundKey(new OrderKey((UUID) row[0], (UUID) row[1]), (UUID) row[2]),
                        (UUID) row[3],
                        heldUntil))
                .toList();
    }

    /** Whether nothing was done about a claimed request since. */
    public boolean holds(Due due) {
        return !entities.createQuery("""
                select r.id
                from PayerRefundRequest r
                where r.merchantId = :merchant and r.id = :id and r.nextAt = :held
                """, UUID.class)
                .setParameter("merchant", due.key().order().merchantId())
                .setParameter("id", due.key().id())
                .setParameter("held", due.heldUntil())
                .getResultList()
                .isEmpty();
    }

    /** Claimed requests for which there was no time are due at this moment, unless something was done about them. */
    public void moveOn(UUID merchant, Collection<Due> claimed, Instant at) {
        entities.createNativeQuery("""
                update payer_refund_request
                set next_at = :at
                where merchant_id = :merchant and id in (:ids) and next_at = :held
                """)
                .setParameter("at", at)
                .setParameter("merchant", merchant)
                .setParameter("ids", claimed.stream().map(due -> due.key().id()).toList())
                .setParameter("held", claimed.iterator().next().heldUntil())
                .executeUpdate();
    }

    /**
     * A request about which the job does something now.
     *
     * @param accountId the account of its payment
     * @param heldUntil until then no node takes it again
     */
    public record Due(PayerRefundKey key, UUID accountId, Instant heldUntil) {}
}
