package io.cashdesk.refund;

import io.cashdesk.merchant.Mode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
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
    Refund locked(UUID id) {
        return entities.find(Refund.class, id, LockModeType.PESSIMISTIC_WRITE);
    }

    public Optional<Refund> byId(UUID id) {
        return Optional.ofNullable(entities.find(Refund.class, id));
    }

    /** Where a refund belongs: what must be locked before it is read. */
    record Place(UUID orderId, UUID receiptId) {}

    /** Read without the refund itself, which would be stale once its lock is there. */
    Place placeOf(UUID id) {
        var row = entities.createQuery("select r.orderId, r.receiptId from Refund r where r.id = :id", Object[].class)
                .setParameter("id", id)
                .getSingleResult();
        return new Place((UUID) row[0], (UUID) row[1]);
    }

    /** The refunds of an order that its merchant requested, the newest first. */
    public List<Refund> of(UUID order) {
        return allOf(order).stream().filter(r -> !r.cause().ofStrayPayment()).toList();
    }

    /** All refunds of an order, the automatic ones too, the newest first. */
    public List<Refund> allOf(UUID order) {
        return entities.createQuery("select r from Refund r where r.orderId = :order order by r.n desc", Refund.class)
                .setParameter("order", order)
                .getResultList();
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
    public Optional<UUID> orderByNumber(UUID merchant, Mode mode, String outRefundNo) {
        return byMerchantsNumber(merchant, mode, outRefundNo).map(Refund::orderId);
    }

    /** The order of a refund, by the provider's own number for it. */
    public Optional<UUID> orderByRefundId(UUID merchant, Mode mode, String refundId) {
        return entities.createQuery("""
                select r.orderId
                from Refund r
                where r.merchantId = :merchant and r.mode = :mode and r.refundId = :id
                """, UUID.class)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .setParameter("id", refundId)
                .getResultStream()
                .findFirst();
    }

    /** The refund that carries this number at the provider. */
    public Optional<UUID> idByProvidersNumber(String provider, String merchantNo, String refundNo) {
        return entities.createQuery("""
                select r.id
                from Refund r
                where r.provider = :provider and r.merchantNo = :merchantNo and r.refundNo = :no
                """, UUID.class)
                .setParameter("provider", provider)
                .setParameter("merchantNo", merchantNo)
                .setParameter("no", refundNo)
                .getResultStream()
                .findFirst();
    }

    /** Refunds whose next query is due: of each account the longest overdue first. */
    @SuppressWarnings("unchecked") // native queries have no types
    public List<Due> dueForQuery(Instant now, int atMostOfEach) {
        List<Object[]> rows = entities.createNativeQuery("""
                select due.id, account.id
                from provider_account account
                cross join lateral (
                    select id from refund
                    where account_id = account.id and next_ask_at <= :now
                    order by next_ask_at
                    limit :each) due
                """)
                .setParameter("now", now)
                .setParameter("each", atMostOfEach)
                .getResultList();
        return rows.stream().map(row -> new Due((UUID) row[0], (UUID) row[1])).toList();
    }

    /** A refund whose next query is due, and the account through which its money came. */
    public record Due(UUID refundId, UUID accountId) {}
}
