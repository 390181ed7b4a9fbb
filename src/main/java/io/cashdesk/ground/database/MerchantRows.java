package io.cashdesk.ground.database;

import jakarta.persistence.EntityManager;
import jakarta.persistence.FlushModeType;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.engine.spi.SessionImplementor;

/**
 * Reads entities by their whole primary key, {@code (merchant_id, id)}. {@link EntityManager#find} names the id alone:
 * that is no prefix of the key, and a database that is distributed by merchant would have to ask all of its shards
 * (docs/operations.md, "More than one PostgreSQL"). The entity must have the fields {@code merchantId} and {@code id}.
 *
 * <p>As with {@code find}, an entity that the open transaction has read or stored already is not read again, and one
 * that it has locked is not locked again.
 */
public final class MerchantRows {
    private MerchantRows() {}

    /** The row, or empty if there is none. */
    public static <T> Optional<T> find(EntityManager entities, Class<T> type, UUID merchantId, UUID id) {
        var managed = managed(entities, type, merchantId, id);
        return managed.isPresent()
                ? managed
                : query(entities, type, merchantId, id).getResultList().stream().findFirst();
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
        var locked = managed(entities, type, merchantId, id)
                .filter(entity -> entities.getLockMode(entity) == LockModeType.PESSIMISTIC_WRITE);
        return locked.isPresent()
                ? locked
                : query(entities, type, merchantId, id)
                        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                        .getResultList()
                        .stream()
                        .findFirst();
    }

    /** The entity, if the open transaction has it; JPA itself has no call for this that does not read. */
    private static <T> Optional<T> managed(EntityManager entities, Class<T> type, UUID merchantId, UUID id) {
        if (!entities.isJoinedToTransaction()) return Optional.empty();
        var session = entities.unwrap(SessionImplementor.class);
        var persister = session.getFactory().getMappingMetamodel().getEntityDescriptor(type);
        var entity = session.getPersistenceContextInternal().getEntity(session.generateEntityKey(id, persister));
        return Optional.ofNullable(type.cast(entity))
                .filter(found -> merchantId.equals(persister.getPropertyValue(found, "merchantId")));
    }

    private static <T> TypedQuery<T> query(EntityManager entities, Class<T> type, UUID merchantId, UUID id) {
        return entities.createQuery(
                        "select e from " + type.getSimpleName() + " e where e.merchantId = :merchant and e.id = :id",
                        type)
                .setFlushMode(FlushModeType.COMMIT) // what this transaction has changed is managed, and is not read
                .setParameter("merchant", merchantId)
                .setParameter("id", id);
    }
}
