package io.cashdesk.order;

import io.cashdesk.ground.database.MerchantRows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The stored payments that arrived. */
@ApplicationScoped
public class Receipts {
    /** Payments that show whether an account's notifications arrive. */
    static final int RECENT = 20;

    private static final String STORED = """
            select r.id
            from Receipt r
            where r.provider = :provider and r.merchantNo = :merchantNo and r.transactionId = :id
            """;

    @PersistenceContext
    EntityManager entities;

    /**
     * Stores it at once; fails by the constraint receipt_transaction_is_used_once if this payment is stored already.
     */
    public void add(Receipt receipt) {
        entities.persist(receipt);
        entities.flush();
    }

    public Optional<Receipt> byTransaction(UUID merchant, String provider, String merchantNo, String transactionId) {
        return entities.createQuery("""
                select r
                from Receipt r
                where r.merchantId = :merchant and r.provider = :provider and r.merchantNo = :merchantNo
                    and r.transactionId = :id
                """, Receipt.class)
                .setParameter("merchant", merchant)
                .setParameter("provider", provider)
                .setParameter("merchantNo", merchantNo)
                .setParameter("id", transactionId)
                .getResultStream()
                .findFirst();
    }

    /** A receipt's primary key and its order's. */
    public record Key(OrderKey order, UUID id) {}

    /** As {@link #byTransaction}; reads no receipt, so that its order can be locked before. */
    public Optional<Key> keyByTransaction(UUID merchant, String provider, String merchantNo, String transactionId) {
        return entities.createQuery("""
                select r.orderId, r.id
                from Receipt r
                where r.merchantId = :merchant and r.provider = :provider and r.merchantNo = :merchantNo
                    and r.transactionId = :id
                """, Object[].class)
                .setParameter("merchant", merchant)
                .setParameter("provider", provider)
                .setParameter("merchantNo", merchantNo)
                .setParameter("id", transactionId)
                .getResultStream()
                .findFirst()
                .map(row -> key(merchant, row));
    }

    /**
     * The payment of a subscription in a provider's store which its later payments follow: the first one that pays an
     * order of this merchant, otherwise the first one that was stored. Reads no receipt, so that its order can be
     * locked before.
     */
    public Optional<Key> ofSubscription(UUID merchant, String provider, String merchantNo, String firstTransactionId) {
        return entities.createQuery("""
                select r.orderId, r.id
                from Receipt r
                where r.merchantId = :merchant and r.provider = :provider and r.merchantNo = :merchantNo
                    and r.firstTransactionId = :first
                order by case when r.disposition = :counted then 0 else 1 end, r.reportedAt, r.id
                """, Object[].class)
                .setParameter("merchant", merchant)
                .setParameter("provider", provider)
                .setParameter("merchantNo", merchantNo)
                .setParameter("first", firstTransactionId)
                .setParameter("counted", Receipt.Disposition.COUNTED)
                .setMaxResults(1)
                .getResultStream()
                .findFirst()
                .map(row -> key(merchant, row));
    }

    private static Key key(UUID merchant, Object[] row) {
        return new Key(new OrderKey(merchant, (UUID) row[0]), (UUID) row[1]);
    }

    /**
     * Whether a payment with this number is stored, of whichever merchant: several may share a merchant number there.
     */
    public boolean isStored(String provider, String merchantNo, String transactionId) {
        return !entities.createQuery(STORED, UUID.class)
                .setParameter("provider", provider)
                .setParameter("merchantNo", merchantNo)
                .setParameter("id", transactionId)
                .getResultList()
                .isEmpty();
    }

    /** A receipt of this order. */
    public Optional<Receipt> byId(OrderKey order, UUID id) {
        return MerchantRows.find(entities, Receipt.class, order.merchantId(), id);
    }

    /** A receipt of this order, locked; lock the order before. */
    public Receipt locked(OrderKey order, UUID id) {
        return MerchantRows.locked(entities, Receipt.class, order.merchantId(), id);
    }

    /** The receipts of these orders that are held or being refunded, the oldest first. */
    public List<Receipt> unfinished(UUID merchant, Collection<UUID> orders) {
        return entities.createQuery("""
                select r
                from Receipt r
                where r.merchantId = :merchant and r.orderId in :orders and r.disposition in :unfinished
                order by r.reportedAt, r.id
                """, Receipt.class)
                .setParameter("merchant", merchant)
                .setParameter("orders", orders)
                .setParameter("unfinished", List.of(Receipt.Disposition.HELD, Receipt.Disposition.RETURNING))
                .getResultList();
    }

    /** How many of an account's last {@value #RECENT} payments were reported by a notification first. */
    int recentlyNotified(UUID merchant, UUID account) {
        return ((Number) entities.createNativeQuery("""
                select count(*) filter (where notified)
                from (
                    select notified from receipt
                    where merchant_id = :merchant and account_id = :account and notifiable
                    order by id desc
                    limit :recent) recent
                """)
                        .setParameter("merchant", merchant)
                        .setParameter("account", account)
                        .setParameter("recent", RECENT)
                        .getSingleResult())
                .intValue();
    }

    public List<Receipt> of(OrderKey order) {
        return entities.createQuery("""
                select r
                from Receipt r
                where r.merchantId = :merchant and r.orderId = :order
                order by r.reportedAt
                """, Receipt.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("order", order.id())
                .getResultList();
    }
}
