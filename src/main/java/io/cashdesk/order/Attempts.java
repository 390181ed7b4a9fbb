package io.cashdesk.order;

import io.cashdesk.ground.database.MerchantRows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
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

    private static final String NUMBERED_BY_PROVIDER = """
            select a.merchantId, a.orderId, a.id
            from Attempt a
            where a.merchantId = :merchant
                and a.provider = :provider and a.merchantNo = :merchantNo and a.providerNo = :no
            order by a.createdAt desc
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

    /** The attempt of this merchant to which the provider itself gave this number. */
    public Optional<AttemptKey> byProviderNo(UUID merchant, String provider, String merchantNo, String providerNo) {
        return carrying(NUMBERED_BY_PROVIDER, provider, merchantNo, providerNo)
                .setParameter("merchant", merchant)
                .getResultStream()
                .findFirst()
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

    /** The newest attempt of an order at this provider. */
    public Optional<AttemptKey> newestAt(OrderKey order, String provider) {
        return of(order, "and a.provider = :provider order by a.n desc")
                .setParameter("provider", provider)
                .setMaxResults(1)
                .getResultStream()
                .findFirst()
                .map(Attempt::key);
    }

    /** Nothing is done about it before it is to be closed: its provider cannot be queried. */
    public void waitsForItsEnd(AttemptKey key) {
        entities.createQuery("""
                update Attempt a
                set a.nextQueryAt = a.closeAt
                where a.merchantId = :merchant and a.id = :id and a.nextQueryAt < a.closeAt
                """)
                .setParameter("merchant", key.order().merchantId())
                .setParameter("id", key.id())
                .executeUpdate();
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

    /** Those of these orders of which an attempt may still be paid. */
    Set<UUID> ordersThatMayBePaid(UUID merchant, Collection<UUID> orders) {
        return new HashSet<>(entities.createQuery("""
                select a.orderId
                from Attempt a
                where a.merchantId = :merchant and a.orderId in :orders and a.state in :open
                """, UUID.class)
                .setParameter("merchant", merchant)
                .setParameter("orders", orders)
                .setParameter("open", AttemptState.MAY_BE_PAID)
                .getResultList());
    }

    /** @param rest the rest of the statement: more conditions, and the order */
    private TypedQuery<Attempt> of(OrderKey order, String rest) {
        return entities.createQuery(
                        "select a from Attempt a where a.merchantId = :merchant and a.orderId = :order " + rest,
                        Attempt.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("order", order.id());
    }

    /**
     * An attempt about which the sweeper does something now.
     *
     * @param accountId the account through which it was made
     * @param heldUntil until then no node takes it again
     */
    public record Due(AttemptKey key, UUID accountId, Instant heldUntil) {}

    /**
     * Claims attempts whose next step is due, the longest overdue first, within a transaction: until they have a new
     * moment no node takes them again before {@code heldUntil}. Reads one index entry for each, however many accounts
     * there are; rows that another node claims at this moment are passed over.
     */
    @SuppressWarnings("unchecked") // native queries have no types
    public List<Due> claimDue(NextStep step, Instant now, Instant heldUntil, int atMost) {
        List<Object[]> rows = entities.createNativeQuery("""
                with due as (
                    select merchant_id, id from attempt
                    where next_step = :step and next_query_at <= :now
                    order by next_query_at
                    limit :most
                    for update skip locked),
                claimed as (
                    update attempt a
                    set next_query_at = :held
                    from due
                    where a.merchant_id = due.merchant_id and a.id = due.id
                    returning a.merchant_id, a.order_id, a.id, a.account_id)
                select merchant_id, order_id, id, account_id from claimed
                """)
                .setParameter("step", step.name())
                .setParameter("now", now)
                .setParameter("held", heldUntil)
                .setParameter("most", atMost)
                .getResultList();
        return rows.stream()
                .map(row -> new Due(
                        new AttemptKey(new OrderKey((UUID) row[0], (UUID) row[1]), (UUID) row[2]),
                        (UUID) row[3],
                        heldUntil))
                .toList();
    }

    /** Claimed attempts for which there was no time are due at this moment, unless something was done about them. */
    public void moveOn(UUID merchant, Collection<Due> claimed, Instant at) {
        entities.createNativeQuery("""
                update attempt
                set next_query_at = :at
                where merchant_id = :merchant and id in (:ids) and next_query_at = :held
                """)
                .setParameter("at", at)
                .setParameter("merchant", merchant)
                .setParameter("ids", claimed.stream().map(due -> due.key().id()).toList())
                .setParameter("held", claimed.iterator().next().heldUntil())
                .executeUpdate();
    }

    /** Claimed attempts wait until {@link #wake}, unless something was done about them. */
    public void rest(UUID merchant, Collection<Due> claimed) {
        entities.createNativeQuery("""
                update attempt
                set next_step = 'RESTING'
                where merchant_id = :merchant and id in (:ids) and next_query_at = :held
                """)
                .setParameter("merchant", merchant)
                .setParameter("ids", claimed.stream().map(due -> due.key().id()).toList())
                .setParameter("held", claimed.iterator().next().heldUntil())
                .executeUpdate();
    }

    /** Whether any attempt of this account waits until it is woken. */
    public boolean anyRests(UUID merchant, UUID account) {
        return !entities.createQuery("""
                select a.id
                from Attempt a
                where a.merchantId = :merchant and a.accountId = :account and a.nextStep = io.cashdesk.order.NextStep.RESTING
                """, UUID.class)
                .setParameter("merchant", merchant)
                .setParameter("account", account)
                .setMaxResults(1)
                .getResultList()
                .isEmpty();
    }

    /**
     * Attempts of an account that rested are due now, the longest overdue first; what their next step is follows from
     * the row, as in {@link NextStep#of}.
     *
     * @return how many there were
     */
    public int wake(UUID merchant, UUID account, int atMost, Instant now) {
        return entities.createNativeQuery("""
                update attempt
                set next_query_at = :now,
                    next_step = case
                        when state = 'CLOSED' then 'QUERY'
                        when state in ('CALLING', 'UNKNOWN') or code_hash is not null then 'URGENT'
                        when state in ('CLOSING', 'PAYABLE') or close_at <= :now then 'CLOSE'
                        else 'QUERY' end
                where merchant_id = :merchant and id in (
                    select id from attempt
                    where merchant_id = :merchant and account_id = :account and next_step = 'RESTING'
                    order by next_query_at
                    limit :most
                    for update skip locked)
                """)
                .setParameter("now", now)
                .setParameter("merchant", merchant)
                .setParameter("account", account)
                .setParameter("most", atMost)
                .executeUpdate();
    }

    /** The other attempts of an order that has been paid are not needed any more. */
    public void supersedeOthers(OrderKey order, UUID paid, Instant now) {
        idsThatMayBePaid(order)
                .filter(id -> !id.equals(paid))
                .forEach(id -> locked(new AttemptKey(order, id)).superseded(now));
    }

    /** The order's deadline has moved; in the transaction that holds its lock. */
    public void moveDeadline(OrderKey order, Instant deadline, Instant now) {
        idsThatMayBePaid(order).forEach(id -> locked(new AttemptKey(order, id)).deadlineMoved(deadline, now));
    }

    private Stream<UUID> idsThatMayBePaid(OrderKey order) {
        return entities
                .createQuery("""
                select a.id
                from Attempt a
                where a.merchantId = :merchant and a.orderId = :order and a.state in :open
                """, UUID.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("order", order.id())
                .setParameter("open", AttemptState.MAY_BE_PAID)
                .getResultList()
                .stream();
    }

    /**
     * A claimed query was not sent, or not answered: it does not count, and is due again at this moment.
     *
     * <p>While a call about the attempt runs, the end of its lease stays.
     */
    public void queryUnanswered(AttemptKey key, Instant nextQueryAt) {
        entities.createQuery("""
                update Attempt a
                set a.queries = a.queries - 1, a.nextQueryAt = :next, a.version = a.version + 1
                where a.merchantId = :merchant and a.id = :id and a.queries > 0 and a.nextQueryAt is not null and a.lease.claim is null
                """)
                .setParameter("next", nextQueryAt)
                .setParameter("merchant", key.order().merchantId())
                .setParameter("id", key.id())
                .executeUpdate();
    }

    /** What is known of the last query, for pages that show it; money does not depend on it. */
    public void queryIs(AttemptKey key, QueryResult result) {
        entities.createQuery(
                        "update Attempt a set a.queryResult = :result where a.merchantId = :merchant and a.id = :id")
                .setParameter("result", result)
                .setParameter("merchant", key.order().merchantId())
                .setParameter("id", key.id())
                .executeUpdate();
    }

    /**
     * Takes the right to query the provider about an attempt, so that simultaneous callers send one query; within a
     * transaction.
     *
     * @param atMostEvery the last query must be at least this old
     * @param next when it is due next, and for what
     * @return false if it is younger
     */
    public boolean claimQuery(AttemptKey key, Duration atMostEvery, Instant now, NextQuery next) {
        var claimed = entities.createQuery("""
                update Attempt a
                set a.queriedAt = :now, a.queryResult = null, a.queries = a.queries + 1, a.version = a.version + 1
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
                    set a.nextQueryAt = :next, a.nextStep = :step
                    where a.merchantId = :merchant and a.id = :id and a.nextQueryAt is not null
                        and a.state = :state and a.closeAt = :closeAt
                    """)
                    .setParameter("next", next.at())
                    .setParameter("step", next.step())
                    .setParameter("state", next.seen().state())
                    .setParameter("closeAt", next.seen().closeAt())
                    .setParameter("merchant", key.order().merchantId())
                    .setParameter("id", key.id())
                    .executeUpdate();
        }
        return claimed;
    }
}
