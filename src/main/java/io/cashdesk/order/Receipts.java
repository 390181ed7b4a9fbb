package io.cashdesk.order;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The stored payments that arrived. */
@ApplicationScoped
public class Receipts {
    @PersistenceContext
    EntityManager entities;

    /**
     * Stores it at once; fails by the constraint receipt_transaction_is_used_once if this payment is stored already.
     */
    public void add(Receipt receipt) {
        entities.persist(receipt);
        entities.flush();
    }

    public Optional<Receipt> byTransaction(String provider, String merchantNo, String transactionId) {
        return entities.createQuery("""
                select r
                from Receipt r
                where r.provider = :provider and r.merchantNo = :merchantNo and r.transactionId = :id
                """, Receipt.class)
                .setParameter("provider", provider)
                .setParameter("merchantNo", merchantNo)
                .setParameter("id", transactionId)
                .getResultStream()
                .findFirst();
    }

    public Optional<Receipt> byId(UUID id) {
        return Optional.ofNullable(entities.find(Receipt.class, id));
    }

    /** The receipt, locked; lock its order before. */
    public Receipt locked(UUID id) {
        var receipt = entities.find(Receipt.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (receipt == null) throw new IllegalStateException("no receipt " + id);
        return receipt;
    }

    public List<Receipt> of(UUID order) {
        return entities.createQuery(
                        "select r from Receipt r where r.orderId = :order order by r.reportedAt", Receipt.class)
                .setParameter("order", order)
                .getResultList();
    }
}
