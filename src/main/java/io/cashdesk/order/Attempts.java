package io.cashdesk.order;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The stored attempts. */
@ApplicationScoped
public class Attempts {
    private static final Set<AttemptState> LIVE =
            EnumSet.of(AttemptState.CALLING, AttemptState.SHOWN, AttemptState.UNKNOWN, AttemptState.CLOSING);

    @PersistenceContext
    EntityManager entities;

    public void add(Attempt attempt) {
        entities.persist(attempt);
    }

    /** The attempt, locked; lock its order before. */
    public Attempt locked(UUID id) {
        var attempt = entities.find(Attempt.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (attempt == null) throw new IllegalStateException("no attempt " + id);
        return attempt;
    }

    public Optional<Attempt> byId(UUID id) {
        return Optional.ofNullable(entities.find(Attempt.class, id));
    }

    /** The attempt that carries this number at the provider. */
    public Optional<AttemptKey> byNumber(String provider, String merchantNo, String attemptNo) {
        return entities.createQuery("""
                select a.id, a.orderId
                from Attempt a
                where a.provider = :provider and a.merchantNo = :merchantNo and a.attemptNo = :no
                """, Object[].class)
                .setParameter("provider", provider)
                .setParameter("merchantNo", merchantNo)
                .setParameter("no", attemptNo)
                .getResultStream()
                .findFirst()
                .map(row -> new AttemptKey((UUID) row[0], (UUID) row[1]));
    }

    /** The attempt that must be closed before another is opened; at most one, by the index attempt_only_one_is_live. */
    public Optional<Attempt> liveOf(UUID order) {
        return entities.createQuery(
                        "select a from Attempt a where a.orderId = :order and a.state in :live", Attempt.class)
                .setParameter("order", order)
                .setParameter("live", LIVE)
                .getResultStream()
                .findFirst();
    }

    public Optional<Attempt> latestOf(UUID order) {
        return entities.createQuery("select a from Attempt a where a.orderId = :order order by a.n desc", Attempt.class)
                .setParameter("order", order)
                .setMaxResults(1)
                .getResultStream()
                .findFirst();
    }

    /** The attempt in which this payment code was used, of whichever order. */
    public Optional<Attempt> byCode(String codeHash) {
        return entities.createQuery("select a from Attempt a where a.codeHash = :hash", Attempt.class)
                .setParameter("hash", codeHash)
                .getResultStream()
                .findFirst();
    }

    /** The attempts of an order that may still be paid, the newest first. */
    public List<Attempt> thatMayBePaid(UUID order) {
        return entities.createQuery("select a from Attempt a where a.orderId = :order order by a.n desc", Attempt.class)
                .setParameter("order", order)
                .getResultStream()
                .filter(a -> a.state().mayBePaid())
                .toList();
    }

    /** An attempt whose next query is due, and the account through which it was made. */
    public record Due(UUID attemptId, UUID accountId) {}

    /**
     * Attempts whose next query is due: of each account the longest overdue first, so that the many of a provider that
     * is down do not hide the others. One index look-up for each account.
     */
    @SuppressWarnings("unchecked") // native queries have no types
    public List<Due> dueForQuery(Instant now, int atMostOfEach) {
        List<Object[]> rows = entities.createNativeQuery("""
                select due.id, account.id
                from provider_account account
                cross join lateral (
                    select id from attempt
                    where account_id = account.id and next_ask_at <= :now
                    order by next_ask_at
                    limit :each) due
                """)
                .setParameter("now", now)
                .setParameter("each", atMostOfEach)
                .getResultList();
        return rows.stream().map(row -> new Due((UUID) row[0], (UUID) row[1])).toList();
    }

    /** The other attempts of an order that has been paid are not needed any more. */
    public void supersedeOthers(UUID order, UUID paid, Instant now) {
        entities.createQuery("select a.id from Attempt a where a.orderId = :order and a.state in :open", UUID.class)
                .setParameter("order", order)
                .setParameter("open", AttemptState.MAY_BE_PAID)
                .getResultStream()
                .filter(id -> !id.equals(paid))
                .forEach(id -> locked(id).superseded(now));
    }

    /** A claimed query could not be sent: it does not count, and the attempt is due again at this moment. */
    public void queryNotSent(UUID id, Instant nextQueryAt) {
        entities.createQuery("""
                update Attempt a
                set a.queries = a.queries - 1, a.nextQueryAt = :next, a.version = a.version + 1
                where a.id = :id and a.queries > 0 and a.nextQueryAt is not null
                """)
                .setParameter("next", nextQueryAt)
                .setParameter("id", id)
                .executeUpdate();
    }

    /**
     * Takes the right to query the provider about an attempt, so that simultaneous callers send one query; within a
     * transaction.
     *
     * @param atMostEvery the last query must be at least this old
     * @return false if it is younger
     */
    public boolean claimQuery(UUID id, Duration atMostEvery, Instant now, Instant nextQueryAt) {
        var claimed = entities.createQuery("""
                update Attempt a
                set a.queriedAt = :now, a.queries = a.queries + 1, a.version = a.version + 1
                where a.id = :id and (a.queriedAt is null or a.queriedAt <= :before)
                """)
                        .setParameter("now", now)
                        .setParameter("id", id)
                        .setParameter("before", now.minus(atMostEvery))
                        .executeUpdate()
                == 1;
        if (claimed) {
            entities.createQuery(
                            "update Attempt a set a.nextQueryAt = :next where a.id = :id and a.nextQueryAt is not null")
                    .setParameter("next", nextQueryAt)
                    .setParameter("id", id)
                    .executeUpdate();
        }
        return claimed;
    }
}
