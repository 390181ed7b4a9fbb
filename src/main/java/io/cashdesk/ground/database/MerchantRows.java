package io.cashdesk.ground.database;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads entities by their whole primary key, {@code (merchant_id, id)}. {@link EntityManager#find} names the id alone:
 * that is no prefix of the key, and a database that is distributed by merchant would have to ask all of its shards
 * (docs/operations.md, "More than one PostgreSQL"). The entity must have the fields {@code merchantId} and {@code id}.
 */
public final class MerchantRows {
    private MerchantRows() {}

    /** The row, or empty if there is none. */
    public static <T> Optional<T> find(EntityManager entities, Class<T> type, UUID merchantId, UUID id) {
        return query(entities, type, merchantId, id).getResultStream().findFirst();
    }

    /**
     * The row, locked until the transaction ends.
     *
     * @throws IllegalStateException if there is no such row
     */
    public static <T> T locked(EntityManager entities, Class<T> type, UUID merchantId, UUID id) {
        return findLocked(entities, type, merchantId, id)
                .orElseThrow(() -> new IllegalStateException(
                        "merchant " + merchantId + " has no " + type.getSimpleName() + " " + id));
    }

    /** The row, locked until the transaction ends, or empty if there is none. */
    public static <T> Optional<T> findLocked(EntityManager entities, Class<T> type, UUID merchantId, UUID id) {
        return query(entities, type, merchantId, id)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst();
    }

    private static <T> TypedQuery<T> query(EntityManager entities, Class<T> type, UUID merchantId, UUID id) {
        return entities.createQuery(
                        "select e from " + type.getSimpleName() + " e where e.merchantId = :merchant and e.id = :id",
                        type)
                .setParameter("merchant", merchantId)
                .setParameter("id", id);
    }
}
