package io.cashdesk.settlement;

import io.cashdesk.ground.database.MerchantRows;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.OrderKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The stored settlements. */
@ApplicationScoped
public class Settlements {
    @PersistenceContext
    EntityManager entities;

    void add(Settlement settlement) {
        entities.persist(settlement);
    }

    /** The settlement, locked; lock its order before. */
    Settlement locked(SettlementKey key) {
        return MerchantRows.locked(entities, Settlement.class, key.order().merchantId(), key.id());
    }

    public Optional<Settlement> byKey(SettlementKey key) {
        return MerchantRows.find(entities, Settlement.class, key.order().merchantId(), key.id());
    }

    /** The settlements of this order's payments whose provider keeps the money, the oldest payment first. */
    List<SettlementKey> of(OrderKey order) {
        return entities.createQuery("""
                select s.id
                from Settlement s
                where s.merchantId = :merchant and s.orderId = :order
                order by s.paidAt, s.id
                """, UUID.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("order", order.id())
                .getResultStream()
                .map(id -> new SettlementKey(order, id))
                .toList();
    }

    /** The payment that it settles. Read without the settlement, which would be stale once its lock is there. */
    UUID receiptOf(SettlementKey key) {
        return entities.createQuery(
                        "select s.receiptId from Settlement s where s.merchantId = :merchant and s.id = :id",
                        UUID.class)
                .setParameter("merchant", key.order().merchantId())
                .setParameter("id", key.id())
                .getSingleResult();
    }

    /** A place in the list: when it was paid, and which settlement. */
    public record Place(Instant paidAt, UUID settlement) {
        /** The place before all settlements. */
        public static final Place FIRST = new Place(Instant.EPOCH, new UUID(0, 0));
    }

    /** A settlement, and the number of its order. */
    public record Listed(Settlement settlement, String outTradeNo) {}

    /**
     * Those of a merchant that are not settled and are needed, the oldest payment first.
     *
     * @param after the place after which to begin
     */
    public List<Listed> unsettled(UUID merchant, Mode mode, Place after, int atMost) {
        return listed(
                " and s.state not in (io.cashdesk.settlement.SettlementState.SETTLED,"
                        + " io.cashdesk.settlement.SettlementState.NOT_NEEDED)",
                merchant,
                mode,
                after,
                atMost);
    }

    /** Those of a merchant in these states, the oldest payment first. */
    public List<Listed> in(Set<SettlementState> states, UUID merchant, Mode mode, Place after, int atMost) {
        var only = states.containsAll(EnumSet.allOf(SettlementState.class)) ? "" : condition(states);
        return listed(only, merchant, mode, after, atMost);
    }

    /** As literals, and with what the partial index says: a parameter could be any state, so that it cannot be used. */
    private static String condition(Set<SettlementState> states) {
        var words = states.stream()
                .map(state -> SettlementState.class.getName() + "." + state.name())
                .collect(Collectors.joining(", "));
        var unsettled = states.stream().noneMatch(SettlementState::ended);
        return " and s.state in (" + words + ")"
                + (unsettled
                        ? " and s.state not in (io.cashdesk.settlement.SettlementState.SETTLED,"
                                + " io.cashdesk.settlement.SettlementState.NOT_NEEDED)"
                        : "");
    }

    private List<Listed> listed(String condition, UUID merchant, Mode mode, Place after, int atMost) {
        return entities.createQuery("""
                select s, o.outTradeNo
                from Settlement s
                join PayOrder o on o.merchantId = s.merchantId and o.id = s.orderId
                where s.merchantId = :merchant and s.mode = :mode
                    and (s.paidAt > :paid or (s.paidAt = :paid and s.id > :id))
                """ + condition + " order by s.paidAt, s.id", Object[].class)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .setParameter("paid", after.paidAt())
                .setParameter("id", after.settlement())
                .setMaxResults(atMost)
                .getResultStream()
                .map(row -> new Listed((Settlement) row[0], (String) row[1]))
                .toList();
    }

    /**
     * The account's settings have changed: what waits and was requested by no person is due by the present ones, and
     * what has failed is tried again.
     *
     * @param days after the payment; empty: only a person settles
     */
    void due(UUID merchant, UUID account, OptionalInt days, Instant now) {
        if (days.isEmpty()) {
            entities.createNativeQuery("""
                    update settlement
                    set due_at = null, next_at = null, version = version + 1
                    where merchant_id = :merchant and account_id = :account and state in ('WAITING', 'FAILED')
                        and asked_by is null and due_at is not null
                    """)
                    .setParameter("merchant", merchant)
                    .setParameter("account", account)
                    .executeUpdate();
            return;
        }
        entities.createNativeQuery("""
                update settlement
                set due_at = paid_at + cast(:days as int) * interval '24 hours',
                    next_at = greatest(cast(:now as timestamptz), paid_at + cast(:days as int) * interval '24 hours'),
                    version = version + 1
                where merchant_id = :merchant and account_id = :account and state in ('WAITING', 'FAILED')
                    and asked_by is null
                    and (state = 'FAILED'
                        or due_at is distinct from paid_at + cast(:days as int) * interval '24 hours')
                """)
                .setParameter("now", now)
                .setParameter("merchant", merchant)
                .setParameter("account", account)
                .setParameter("days", days.getAsInt())
                .executeUpdate();
    }

    /**
     * All of a merchant that have failed are tried again now.
     *
     * @param by who wants it
     * @return how many they are
     */
    public int tryAgain(UUID merchant, Mode mode, String by, Instant now) {
        return entities.createNativeQuery("""
                update settlement
                set asked_by = :by, next_at = cast(:now as timestamptz), version = version + 1
                where merchant_id = :merchant and mode = :mode and state = 'FAILED'
                    and state not in ('SETTLED', 'NOT_NEEDED')
                """)
                .setParameter("by", by)
                .setParameter("now", now)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode.name())
                .executeUpdate();
    }

    /**
     * Claims settlements about which something is due, the longest overdue first, within a transaction: no node takes
     * them again before {@code heldUntil}. Rows that another node claims at this moment are passed over.
     */
    @SuppressWarnings("unchecked") // native queries have no types
    public List<Due> claimDue(Instant now, Instant heldUntil, int atMost) {
        List<Object[]> rows = entities.createNativeQuery("""
                with due as (
                    select merchant_id, id from settlement
                    where next_at <= :now
                    order by next_at
                    limit :most
                    for update skip locked),
                claimed as (
                    update settlement s
                    set next_at = :held
                    from due
                    where s.merchant_id = due.merchant_id and s.id = due.id
                    returning s.merchant_id, s.order_id, s.id, s.account_id)
                select merchant_id, order_id, id, account_id from claimed
                """)
                .setParameter("now", now)
                .setParameter("held", heldUntil)
                .setParameter("most", atMost)
                .getResultList();
        return rows.stream()
                .map(row -> new Due(
                        new SettlementKey(new OrderKey((UUID) row[0], (UUID) row[1]), (UUID) row[2]),
                        (UUID) row[3],
                        heldUntil))
                .toList();
    }

    /** Whether nothing was done about a claimed settlement since. */
    public boolean holds(Due due) {
        return !entities.createQuery(
                        "select s.id from Settlement s where s.merchantId = :merchant and s.id = :id and s.nextAt = :held",
                        UUID.class)
                .setParameter("merchant", due.key().order().merchantId())
                .setParameter("id", due.key().id())
                .setParameter("held", due.heldUntil())
                .getResultList()
                .isEmpty();
    }

    /** Claimed settlements for which there was no time are due at this moment, unless something was done about them. */
    public void moveOn(UUID merchant, Collection<Due> claimed, Instant at) {
        entities.createNativeQuery("""
                update settlement
                set next_at = :at
                where merchant_id = :merchant and id in (:ids) and next_at = :held
                """)
                .setParameter("at", at)
                .setParameter("merchant", merchant)
                .setParameter("ids", claimed.stream().map(due -> due.key().id()).toList())
                .setParameter("held", claimed.iterator().next().heldUntil())
                .executeUpdate();
    }

    /**
     * A settlement about which the job does something now.
     *
     * @param accountId the account through which its money came
     * @param heldUntil until then no node takes it again
     */
    public record Due(SettlementKey key, UUID accountId, Instant heldUntil) {}
}
