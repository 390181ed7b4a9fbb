package io.cashdesk.order;

import io.cashdesk.ground.database.MerchantRows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** The stored attempts. */
@ApplicationScoped
public class Attempts {
    private static final Set<AttemptState> LIVE =
            EnumSet.of(AttemptState.CALLING, AttemptState.SHOWN, AttemptState.UNKNOWN, AttemptState.CLOSING);

    private static final String KNOWN_THERE = """
            select a.merchantId, a.orderId, a.id
            from Attempt a
            where a.merchantId = :merchant
                and a.provider = :provider and a.merchantNo = :merchantNo and a.attemptNo = :no and a.knownThere
            """;

    private static final String NOT_KNOWN_THERE = """
            select a.merchantId, a.orderId, a.id
            from Attempt a
            where a.merchantId = :merchant
                and a.provider = :provider and a.merchantNo = :merchantNo and a.attemptNo = :no and not a.knownThere
            order by a.createdAt desc, a.n desc
            """;

    private static final String ANY_KNOWN_THERE = """
            select a.merchantId, a.id
            from Attempt a
            where a.provider = :provider and a.merchantNo = :merchantNo and a.attemptNo = :no and a.knownThere
            """;

    private static final String ANY_PAID_AFTER_A_REFUSAL = """
            select a.merchantId, a.id
            from Attempt a
            where a.provider = :provider and a.merchantNo = :merchantNo and a.attemptNo = :no
                and not a.knownThere and a.state = io.cashdesk.order.AttemptState.PAID
            """;

    @PersistenceContext
    EntityManager entities;

    public void add(Attempt attempt) {
        entities.persist(attempt);
    }

    /** The attempt, locked; lock its order before. */
    public Attempt locked(AttemptKey key) {
        return MerchantRows.locked(entities, Attempt.class, key.order().merchantId(), key.id());
    }

    public Optional<Attempt> byKey(AttemptKey key) {
        return MerchantRows.find(entities, Attempt.class, key.order().merchantId(), key.id());
    }

    /**
     * The attempt of this merchant that carries this number at the provider. Several may, if the provider refused the
     * earlier ones before it knew the number: then the one that it may know, or else the newest.
     */
    public Optional<AttemptKey> byNumber(UUID merchant, String provider, String merchantNo, String attemptNo) {
        return carrying(KNOWN_THERE, provider, merchantNo, attemptNo)
                .setParameter("merchant", merchant)
                .getResultStream()
                .findFirst()
                .or(() -> carrying(NOT_KNOWN_THERE, provider, merchantNo, attemptNo)
                        .setParameter("merchant", merchant)
                        .getResultStream()
                        .findFirst())
                .map(row -> new AttemptKey(new OrderKey((UUID) row[0], (UUID) row[1]), (UUID) row[2]));
    }

    /** The attempts that carry this number at the provider, their rows or ids as the statement selects them. */
    private TypedQuery<Object[]> carrying(String statement, String provider, String merchantNo, String attemptNo) {
        return entities.createQuery(statement, Object[].class)
                .setParameter("provider", provider)
                .setParameter("merchantNo", merchantNo)
                .setParameter("no", attemptNo)
                .setMaxResults(1);
    }

    /**
     * The attempt to which a payment under this attempt's number belongs: itself, unless the provider never knew it and
     * a later attempt of the order carries the number; locked. Lock the order before.
     */
    public Attempt lockedForPayment(AttemptKey key) {
        var attempt = locked(key);
        if (attempt.knownThere() || attempt.state() == AttemptState.PAID) return attempt;
        return byNumber(attempt.merchantId(), attempt.provider(), attempt.merchantNo(), attempt.attemptNo())
                .filter(carrier -> carrier.order().equals(key.order()))
                .map(this::locked)
                .orElse(attempt);
    }

    /** Whether an earlier attempt of the order carried this attempt's number. */
    public boolean carriedBefore(Attempt attempt) {
        return of(attempt.orderKey(), "and a.n < :n and a.attemptNo = :no")
                .setParameter("n", attempt.n())
                .setParameter("no", attempt.attemptNo())
                .getResultStream()
                .anyMatch(a -> a.provider().equals(attempt.provider())
                        && a.merchantNo().equals(attempt.merchantNo()));
    }

    /**
     * Whether the provider may know this number from an attempt of any merchant: several may share a merchant number
     * there.
     */
    public boolean isUsed(String provider, String merchantNo, String attemptNo) {
        return Stream.of(ANY_KNOWN_THERE, ANY_PAID_AFTER_A_REFUSAL)
                .anyMatch(statement -> !carrying(statement, provider, merchantNo, attemptNo)
                        .getResultList()
                        .isEmpty());
    }

    /** The attempt that must be closed before another is opened; at most one, by the index attempt_only_one_is_live. */
    public Optional<Attempt> liveOf(OrderKey order) {
        return of(order, "and a.state in :live")
                .setParameter("live", LIVE)
                .getResultStream()
                .findFirst();
    }

    /** All attempts of an order, the newest first. */
    public List<Attempt> allOf(OrderKey order) {
        return of(order, "order by a.n desc").getResultList();
    }

    /** The live attempt, or else the newest. */
    public Optional<Attempt> currentOf(OrderKey order) {
        return liveOf(order).or(() -> latestOf(order));
    }

    private Optional<Attempt> latestOf(OrderKey order) {
        return of(order, "order by a.n desc").setMaxResults(1).getResultStream().findFirst();
    }

    /** The attempt in which this payment code was used, of whichever order. */
    public Optional<Attempt> byCode(String codeHash) {
        return entities.createQuery("select a from Attempt a where a.codeHash = :hash", Attempt.class)
                .setParameter("hash", codeHash)
                .getResultStream()
                .findFirst();
    }

    /** The attempts of an order that may still be paid, the newest first. */
    public List<Attempt> thatMayBePaid(OrderKey order) {
        return of(order, "order by a.n desc")
                .getResultStream()
                .filter(a -> a.state().mayBePaid())
                .toList();
    }

    /** @param rest the rest of the statement: more conditions, and the order */
    private TypedQuery<Attempt> of(OrderKey order, String rest) {
        return entities.createQuery(
                        "select a from Attempt a where a.merchantId = :merchant and a.orderId = :order " + rest,
                        Attempt.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("order", order.id());
    }

    /** An attempt whose next query is due, and the account through which it was made. */
    public record Due(AttemptKey key, UUID accountId) {}

    /**
     * Attempts whose next query is due: of each account the longest overdue first, so that the many of a provider that
     * is down do not hide the others. One index look-up for each account.
     */
    @SuppressWarnings("unchecked") // native queries have no types
    public List<Due> dueForQuery(Instant now, int atMostOfEach) {
        List<Object[]> rows = entities.createNativeQuery("""
                select due.merchant_id, due.order_id, due.id, account.id
                from provider_account account
                cross join lateral (
                    select merchant_id, order_id, id from attempt
                    where merchant_id = account.merchant_id and account_id = account.id and next_query_at <= :now
                    order by next_query_at
                    limit :each) due
                """)
                .setParameter("now", now)
                .setParameter("each", atMostOfEach)
                .getResultList();
        return rows.stream()
                .map(row -> new Due(
                        new AttemptKey(new OrderKey((UUID) row[0], (UUID) row[1]), (UUID) row[2]), (UUID) row[3]))
                .toList();
    }

    /** The other attempts of an order that has been paid are not needed any more. */
    public void supersedeOthers(OrderKey order, UUID paid, Instant now) {
        entities.createQuery("""
                select a.id
                from Attempt a
                where a.merchantId = :merchant and a.orderId = :order and a.state in :open
                """, UUID.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("order", order.id())
                .setParameter("open", AttemptState.MAY_BE_PAID)
                .getResultStream()
                .filter(id -> !id.equals(paid))
                .forEach(id -> locked(new AttemptKey(order, id)).superseded(now));
    }

    /** A claimed query could not be sent: it does not count, and the attempt is due again at this moment. */
    public void queryNotSent(AttemptKey key, Instant nextQueryAt) {
        entities.createQuery("""
                update Attempt a
                set a.queries = a.queries - 1, a.nextQueryAt = :next, a.version = a.version + 1
                where a.merchantId = :merchant and a.id = :id and a.queries > 0 and a.nextQueryAt is not null
                """)
                .setParameter("next", nextQueryAt)
                .setParameter("merchant", key.order().merchantId())
                .setParameter("id", key.id())
                .executeUpdate();
    }

    /**
     * Takes the right to query the provider about an attempt, so that simultaneous callers send one query; within a
     * transaction.
     *
     * @param atMostEvery the last query must be at least this old
     * @return false if it is younger
     */
    public boolean claimQuery(AttemptKey key, Duration atMostEvery, Instant now, Instant nextQueryAt) {
        var claimed = entities.createQuery("""
                update Attempt a
                set a.queriedAt = :now, a.queries = a.queries + 1, a.version = a.version + 1
                where a.merchantId = :merchant and a.id = :id and (a.queriedAt is null or a.queriedAt <= :before)
                """)
                        .setParameter("now", now)
                        .setParameter("merchant", key.order().merchantId())
                        .setParameter("id", key.id())
                        .setParameter("before", now.minus(atMostEvery))
                        .executeUpdate()
                == 1;
        if (claimed) {
            entities.createQuery("""
                    update Attempt a
                    set a.nextQueryAt = :next
                    where a.merchantId = :merchant and a.id = :id and a.nextQueryAt is not null
                    """)
                    .setParameter("next", nextQueryAt)
                    .setParameter("merchant", key.order().merchantId())
                    .setParameter("id", key.id())
                    .executeUpdate();
        }
        return claimed;
    }
}
