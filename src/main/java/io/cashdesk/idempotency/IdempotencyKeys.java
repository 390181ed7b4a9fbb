package io.cashdesk.idempotency;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signing.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The keys of the last 24 hours: each runs under a claim with a lease, or has its answer, sealed. */
@ApplicationScoped
class IdempotencyKeys {
    static final Duration KEPT = Duration.ofHours(24);

    /**
     * How long a claim holds. Longer than any usual call; the rare one that waits for several slow providers in turn may outlive it,
     * and a repetition then runs beside it, which is what a repetition without a key does too.
     */
    static final Duration LEASE = Duration.ofSeconds(60);

    private static final Duration COME_BACK = Duration.ofSeconds(2);
    private static final int TRIES = 3;
    private static final String THIS = " where owner = :owner and key = :key";

    @PersistenceContext
    EntityManager entities;

    @Inject
    Transactions transactions;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    /** Takes the turn or hears the answer; a problem if the key stands for something else, or if its first call is still running. */
    ClaimResult begin(KeyedCall use) {
        for (int i = 0; i < TRIES; i++) {
            var claim = UUID.randomUUID();
            var seed = transactions.inNew(() -> claimed(use, claim));
            if (!seed.isEmpty()) return new ClaimResult.Ours(use, claim, seed.get(0));
            var rows = transactions.inNew(() -> stored(use));
            if (!rows.isEmpty()) return read(use, rows.get(0));
            // gone between the two statements: its first call was refused, or it grew old
        }
        throw running(use);
    }

    /**
     * In one statement, so that of many at once one gets it: a new key, one that grew old, or the same call whose lease ended
     * without a lasting answer, which goes on with the seed that it began with.
     */
    @SuppressWarnings("unchecked")
    private List<UUID> claimed(KeyedCall use, UUID claim) {
        var now = clock.instant();
        return entities.createNativeQuery(
                        "insert into idempotency_key as k"
                                + " (owner, key, call, body_hash, seed, claim, lease_until, created_at)"
                                + " values (:owner, :key, :call, :hash, :claim, :claim, :lease, :now)"
                                + " on conflict on constraint idempotency_key_is_used_once do update set"
                                + " call = excluded.call, body_hash = excluded.body_hash,"
                                + " seed = case when k.created_at < :old then excluded.seed else k.seed end,"
                                + " created_at = case when k.created_at < :old then excluded.created_at else k.created_at end,"
                                + " claim = excluded.claim, lease_until = excluded.lease_until,"
                                + " status = null, media_type = null, answer = null"
                                + " where k.created_at < :old or (k.lease_until <= :now"
                                + " and k.call = excluded.call and k.body_hash = excluded.body_hash)"
                                + " returning seed",
                        UUID.class)
                .setParameter("owner", use.owner())
                .setParameter("key", use.key())
                .setParameter("call", use.call())
                .setParameter("hash", use.bodyHash())
                .setParameter("claim", claim)
                .setParameter("lease", now.plus(LEASE))
                .setParameter("now", now)
                .setParameter("old", now.minus(KEPT))
                .getResultList();
    }

    @SuppressWarnings("unchecked")
    private List<Object[]> stored(KeyedCall use) {
        return about(use, "select call, body_hash, status, media_type, answer from idempotency_key" + THIS)
                .getResultList();
    }

    private ClaimResult read(KeyedCall use, Object[] row) {
        if (!row[0].equals(use.call())) throw ProblemType.IDEMPOTENCY_KEY_USED.with(use.key(), "call (" + row[0] + ")");
        if (!row[1].equals(use.bodyHash())) throw ProblemType.IDEMPOTENCY_KEY_USED.with(use.key(), "body");
        if (row[2] == null) throw running(use);
        return new ClaimResult.Answered(
                ((Number) row[2]).intValue(), (String) row[3], vault.open((String) row[4], use.place()));
    }

    private static RuntimeException running(KeyedCall use) {
        return ProblemType.IDEMPOTENCY_KEY_RUNNING.with(use.key()).retryAfter(COME_BACK);
    }

    /** Keeps the answer, unless the lease ended and somebody else carries the call out meanwhile. */
    void finish(ClaimResult.Ours turn, ClaimResult.Answered answer) {
        transactions.runInNew(() -> about(
                        turn.use(),
                        "update idempotency_key set claim = null, lease_until = null, status = :status,"
                                + " media_type = :type, answer = :answer" + THIS + " and claim = :claim")
                .setParameter("claim", turn.claim())
                .setParameter("status", answer.status())
                .setParameter("type", answer.mediaType())
                .setParameter("answer", vault.seal(answer.body(), turn.use().place()))
                .executeUpdate());
    }

    /** Nobody knows, or it passes: the same call is carried out again as soon as somebody asks, and no other takes the key. */
    void release(ClaimResult.Ours turn) {
        transactions.runInNew(
                () -> about(turn.use(), "update idempotency_key set lease_until = :now" + THIS + " and claim = :claim")
                        .setParameter("claim", turn.claim())
                        .setParameter("now", clock.instant())
                        .executeUpdate());
    }

    /** Nothing was done: the next call with this key is carried out, whatever it asks for. */
    void free(ClaimResult.Ours turn) {
        transactions.runInNew(() -> about(turn.use(), "delete from idempotency_key" + THIS + " and claim = :claim")
                .setParameter("claim", turn.claim())
                .executeUpdate());
    }

    /** Deletes at most this many that grew old, without waiting for those in use; how many. */
    int forget(int atMost) {
        return transactions.inNew(
                () -> entities.createNativeQuery("delete from idempotency_key where (owner, key) in (select owner, key"
                                + " from idempotency_key where created_at < :old order by created_at limit :most"
                                + " for update skip locked)")
                        .setParameter("old", clock.instant().minus(KEPT))
                        .setParameter("most", atMost)
                        .executeUpdate());
    }

    private Query about(KeyedCall use, String sql) {
        return entities.createNativeQuery(sql)
                .setParameter("owner", use.owner())
                .setParameter("key", use.key());
    }
}
