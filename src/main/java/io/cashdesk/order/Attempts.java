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

/** All attempts. */
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

    /** Which attempt and order a provider means by its number. */
    public record Found(UUID attemptId, UUID orderId) {}

    public Optional<Found> byNumber(String provider, String merchantNo, String attemptNo) {
        return entities.createQuery(
                        "select a.id, a.orderId from Attempt a where a.provider = :provider and a.merchantNo = :merchantNo"
                                + " and a.attemptNo = :no",
                        Object[].class)
                .setParameter("provider", provider)
                .setParameter("merchantNo", merchantNo)
                .setParameter("no", attemptNo)
                .getResultStream()
                .findFirst()
                .map(row -> new Found((UUID) row[0], (UUID) row[1]));
    }

    /** The one attempt that stands in the way of another; at most one, the schema says so too. */
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

    /** The attempt in which this payment code was used, whichever order's it is. */
    public Optional<Attempt> byCode(String codeHash) {
        return entities.createQuery("select a from Attempt a where a.codeHash = :hash", Attempt.class)
                .setParameter("hash", codeHash)
                .getResultStream()
                .findFirst();
    }

    /** Every attempt of an order through which money may still come, the newest first. */
    public List<Attempt> thatMayBePaid(UUID order) {
        return entities.createQuery("select a from Attempt a where a.orderId = :order order by a.n desc", Attempt.class)
                .setParameter("order", order)
                .getResultStream()
                .filter(a -> a.state().mayBePaid())
                .toList();
    }

    /** An attempt that is due to be looked after, and the account through which it was made. */
    public record Due(UUID attemptId, UUID accountId) {}

    /**
     * Attempts that somebody should ask their provider about: of each account the longest overdue first, so that the many of a
     * provider that is down do not stand in front of the others. One look into the index for each account.
     */
    @SuppressWarnings("unchecked") // native queries have no types
    public List<Due> toAskAbout(Instant now, int atMostOfEach) {
        List<Object[]> rows = entities.createNativeQuery(
                        "select due.id, account.id from provider_account account cross join lateral"
                                + " (select id from attempt where account_id = account.id and next_ask_at <= :now"
                                + " order by next_ask_at limit :each) due")
                .setParameter("now", now)
                .setParameter("each", atMostOfEach)
                .getResultList();
        return rows.stream().map(row -> new Due((UUID) row[0], (UUID) row[1])).toList();
    }

    /** The other attempts of an order that has been paid are needed no more. */
    public void supersedeOthers(UUID order, UUID paid, Instant now) {
        entities.createQuery("select a.id from Attempt a where a.orderId = :order and a.state in :open", UUID.class)
                .setParameter("order", order)
                .setParameter("open", AttemptState.MAY_BE_PAID)
                .getResultStream()
                .filter(id -> !id.equals(paid))
                .forEach(id -> locked(id).superseded(now));
    }

    /** Nobody was asked after all, because nothing could be sent: it does not count, and is due again then. */
    public void askedNobody(UUID id, Instant nextAskAt) {
        entities.createQuery("update Attempt a set a.asks = a.asks - 1, a.nextAskAt = :next, a.version = a.version + 1"
                        + " where a.id = :id and a.asks > 0 and a.nextAskAt is not null")
                .setParameter("next", nextAskAt)
                .setParameter("id", id)
                .executeUpdate();
    }

    /**
     * Takes the right to ask about an attempt, so that simultaneous callers ask once; within a transaction.
     *
     * @param atMostEvery nobody may have asked for this long
     */
    public boolean claimAsking(UUID id, Duration atMostEvery, Instant now, Instant nextAskAt) {
        var claimed = entities.createQuery(
                                "update Attempt a set a.askedAt = :now, a.asks = a.asks + 1, a.version = a.version + 1"
                                        + " where a.id = :id and (a.askedAt is null or a.askedAt <= :before)")
                        .setParameter("now", now)
                        .setParameter("id", id)
                        .setParameter("before", now.minus(atMostEvery))
                        .executeUpdate()
                == 1;
        if (claimed) {
            entities.createQuery(
                            "update Attempt a set a.nextAskAt = :next where a.id = :id and a.nextAskAt is not null")
                    .setParameter("next", nextAskAt)
                    .setParameter("id", id)
                    .executeUpdate();
        }
        return claimed;
    }
}
