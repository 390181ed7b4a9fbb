package io.cashdesk.idempotency;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signing.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The Idempotency-Keys of the last 24 hours: the call of each runs under a claim with a lease, or has its answer,
 * sealed.
 */
@ApplicationScoped
class IdempotencyKeys {
    static final Duration KEPT_FOR = Duration.ofHours(24);

    /**
     * How long a claim holds. Longer than nearly all calls. One that waits for several slow providers in turn may take
     * longer; a repetition then runs beside it, as one without a key would.
     */
    static final Duration LEASE = Duration.ofSeconds(60);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final int TRIES = 3;
    private static final String BY_KEY = " where owner = :owner and key = :key";

    @PersistenceContext
    EntityManager entities;

    @Inject
    Transactions transactions;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    /**
     * Claims the key for this call, or reads the answer of its first execution.
     *
     * @throws io.cashdesk.ground.problem.Problem IDEMPOTENCY_KEY_USED for another call or body, IDEMPOTENCY_KEY_RUNNING
     *     while the first execution runs
     */
    ClaimResult claim(KeyedCall call) {
        for (int i = 0; i < TRIES; i++) {
            var claim = UUID.randomUUID();
            var seed = transactions.inNew(() -> insertOrTakeOver(call, claim));
            if (!seed.isEmpty()) return new ClaimResult.Claimed(call, claim, seed.get(0));
            var rows = transactions.inNew(() -> stored(call));
            if (!rows.isEmpty()) return read(call, rows.get(0));
            // deleted between the two statements: its first call was refused, or it expired
        }
        throw running(call);
    }

    /**
     * In one statement, so that one of many concurrent callers gets it: a new key, one that expired, or the same call
     * whose lease ended without a final answer, which keeps the seed of its first execution.
     *
     * @return the seed; empty if the key could not be claimed
     */
    @SuppressWarnings("unchecked")
    private List<UUID> insertOrTakeOver(KeyedCall call, UUID claim) {
        var now = clock.instant();
        return entities.createNativeQuery("""
                insert into idempotency_key as k
                    (owner, key, call, body_hash, seed, claim, lease_until, created_at)
                values (:owner, :key, :call, :hash, :claim, :claim, :lease, :now)
                on conflict on constraint idempotency_key_is_used_once
                do update set
                    call = excluded.call,
                    body_hash = excluded.body_hash,
                    seed = case when k.created_at < :old then excluded.seed else k.seed end,
                    created_at = case when k.created_at < :old then excluded.created_at else k.created_at end,
                    claim = excluded.claim,
                    lease_until = excluded.lease_until,
                    status = null,
                    media_type = null,
                    answer = null
                where k.created_at < :old
                    or (k.lease_until <= :now and k.call = excluded.call and k.body_hash = excluded.body_hash)
                returning seed
                """, UUID.class)
                .setParameter("owner", call.owner())
                .setParameter("key", call.key())
                .setParameter("call", call.call())
                .setParameter("hash", call.bodyHash())
                .setParameter("claim", claim)
                .setParameter("lease", now.plus(LEASE))
                .setParameter("now", now)
                .setParameter("old", now.minus(KEPT_FOR))
                .getResultList();
    }

    @SuppressWarnings("unchecked")
    private List<Object[]> stored(KeyedCall call) {
        return query(call, "select call, body_hash, status, media_type, answer from idempotency_key" + BY_KEY)
                .getResultList();
    }

    private ClaimResult read(KeyedCall call, Object[] row) {
        if (!row[0].equals(call.call()))
            throw ProblemType.IDEMPOTENCY_KEY_USED.with(
                    call.key(), new LocalizedText("接口为 " + row[0], "call (" + row[0] + ")"));
        if (!row[1].equals(call.bodyHash()))
            throw ProblemType.IDEMPOTENCY_KEY_USED.with(call.key(), new LocalizedText("请求体不同", "body"));
        if (row[2] == null) throw running(call);
        return new ClaimResult.Answered(
                ((Number) row[2]).intValue(), (String) row[3], vault.open((String) row[4], call.sealedFor()));
    }

    private static RuntimeException running(KeyedCall call) {
        return ProblemType.IDEMPOTENCY_KEY_RUNNING.with(call.key()).retryAfter(RETRY_AFTER);
    }

    /** Stores the answer, unless the lease ended and another claim was made since. */
    void finish(ClaimResult.Claimed claimed, ClaimResult.Answered answer) {
        transactions.runInNew(() -> query(claimed.call(), """
                update idempotency_key
                set claim = null, lease_until = null, status = :status, media_type = :type, answer = :answer
                %s and claim = :claim
                """.formatted(BY_KEY))
                .setParameter("claim", claimed.claim())
                .setParameter("status", answer.status())
                .setParameter("type", answer.mediaType())
                .setParameter("answer", vault.seal(answer.body(), claimed.call().sealedFor()))
                .executeUpdate());
    }

    /** Lets the next repetition of the same call be carried out; the key stays closed to other calls. */
    void endLease(ClaimResult.Claimed claimed) {
        transactions.runInNew(() -> query(
                        claimed.call(),
                        "update idempotency_key set lease_until = :now" + BY_KEY + " and claim = :claim")
                .setParameter("claim", claimed.claim())
                .setParameter("now", clock.instant())
                .executeUpdate());
    }

    /** Lets the key be used for any call. */
    void delete(ClaimResult.Claimed claimed) {
        transactions.runInNew(
                () -> query(claimed.call(), "delete from idempotency_key" + BY_KEY + " and claim = :claim")
                        .setParameter("claim", claimed.claim())
                        .executeUpdate());
    }

    /**
     * Deletes expired keys that no transaction has locked.
     *
     * @return how many
     */
    int deleteExpired(Instant now, int atMost) {
        return transactions.inNew(() -> entities.createNativeQuery("""
                delete from idempotency_key
                where (owner, key) in (
                    select owner, key from idempotency_key
                    where created_at < :old
                    order by created_at
                    limit :most
                    for update skip locked)
                """)
                .setParameter("old", now.minus(KEPT_FOR))
                .setParameter("most", atMost)
                .executeUpdate());
    }

    private Query query(KeyedCall call, String sql) {
        return entities.createNativeQuery(sql)
                .setParameter("owner", call.owner())
                .setParameter("key", call.key());
    }
}
