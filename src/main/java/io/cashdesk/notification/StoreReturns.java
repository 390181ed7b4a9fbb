package io.cashdesk.notification;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.OldRowsOfMerchants;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.Purchase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What stores have returned and charged again, by the purchase. Whoever reads or writes it holds the purchase's lock
 * ({@link ApplyPurchase.Seller#lock}). Rows of test mode are deleted with other old test rows; live ones are never
 * deleted, because the purchase may be posted at any age.
 */
@ApplicationScoped
class StoreReturns extends OldRowsOfMerchants {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** Stores a return, if it is not stored yet. */
    void add(ApplyPurchase.Seller seller, Purchase purchase, Purchase.Return back) {
        var known = of(seller, purchase).stream()
                .flatMap(stored -> stored.back().stream())
                .anyMatch(stored -> stored.refundNo().equals(back.refundNo()));
        if (!known) store(StoreReturn.of(seller, purchase, back, clock.instant()));
    }

    /**
     * Stores that the payer was charged again.
     *
     * @param at the store's moment, or null where it does not say
     */
    void addReversal(ApplyPurchase.Seller seller, Purchase purchase, Instant at) {
        store(StoreReturn.reversed(seller, purchase, at, clock.instant()));
    }

    /**
     * The returns that still hold: those that the store has reported, or says in the purchase itself, and that it has
     * not charged again since.
     */
    List<Purchase.Return> standing(ApplyPurchase.Seller seller, Purchase purchase) {
        var stored = of(seller, purchase);
        var all = new LinkedHashMap<String, Purchase.Return>();
        stored.forEach(row -> row.back().ifPresent(back -> all.put(back.refundNo(), back)));
        purchase.returned().ifPresent(back -> all.putIfAbsent(back.refundNo(), back));
        var charged = stored.stream()
                .filter(row -> row.back().isEmpty())
                .map(StoreReturn::happenedAt)
                .max(Instant::compareTo);
        return all.values().stream()
                .filter(back ->
                        charged.isEmpty() || back.at() == null || back.at().isAfter(charged.get()))
                .toList();
    }

    /** Stores it at once. */
    void store(StoreReturn row) {
        entities.persist(row);
        entities.flush();
    }

    /** All that is stored of a purchase, the oldest first. */
    List<StoreReturn> of(ApplyPurchase.Seller seller, Purchase purchase) {
        return entities.createQuery("""
                select r
                from StoreReturn r
                where r.merchantId = :merchant and r.transactionId = :id and r.mode = :mode
                    and r.provider = :provider and r.merchantNo = :merchantNo
                order by r.happenedAt, r.id
                """, StoreReturn.class)
                .setParameter("merchant", seller.merchant())
                .setParameter("id", purchase.transactionId())
                .setParameter("mode", seller.mode())
                .setParameter("provider", seller.provider())
                .setParameter("merchantNo", seller.merchantNo())
                .getResultList();
    }

    @Override
    public String name() {
        return "test returns of stores";
    }

    @Override
    protected Optional<Duration> kept() {
        return settings.testsKept();
    }

    @Override
    protected List<Row> oldest(Instant from, Instant before, int atMost) {
        return entities.createQuery("""
                select r.merchantId, r.id, r.createdAt
                from StoreReturn r
                where r.mode = io.cashdesk.merchant.Mode.TEST and r.createdAt >= :from and r.createdAt < :before
                order by r.createdAt
                """, Object[].class)
                .setParameter("from", from)
                .setParameter("before", before)
                .setMaxResults(atMost)
                .getResultStream()
                .map(row -> new Row((UUID) row[0], (UUID) row[1], (Instant) row[2]))
                .toList();
    }

    @Override
    protected void delete(UUID merchant, List<UUID> ids) {
        transactions.runInNew(
                () -> entities.createQuery("delete from StoreReturn r where r.merchantId = :merchant and r.id in :ids")
                        .setParameter("merchant", merchant)
                        .setParameter("ids", ids)
                        .executeUpdate());
    }
}
