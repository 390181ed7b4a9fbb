package io.cashdesk.idempotency;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One Idempotency-Key inside the real server, for the lease's contract: its lease is kept by SQL alone. */
@Dependent
public class LeasedKey {
    @Inject
    IdempotencyKeys keys;

    @Inject
    Transactions transactions;

    @PersistenceContext
    EntityManager entities;

    private final KeyedCall call = new KeyedCall("lease", UUID.randomUUID().toString(), "refund", "0".repeat(64));
    private final Map<UUID, ClaimResult.Claimed> taken = new HashMap<>();

    public Duration length() {
        return IdempotencyKeys.LEASE;
    }

    public Optional<UUID> take() {
        try {
            if (!(keys.claim(call) instanceof ClaimResult.Claimed claimed)) return Optional.empty();
            taken.put(claimed.claim(), claimed);
            return Optional.of(claimed.claim());
        } catch (Problem problem) {
            if (problem.type() == ProblemType.IDEMPOTENCY_KEY_RUNNING) return Optional.empty();
            throw problem;
        }
    }

    public boolean finish(UUID claim) {
        var before = answered();
        keys.finish(taken.get(claim), new ClaimResult.Answered(200, "application/json", "{}"));
        return !before && answered();
    }

    /** The row's clock cannot be moved, so its lease is. */
    public void pass(Duration time) {
        transactions.runInNew(() -> entities.createNativeQuery("""
                update idempotency_key
                set lease_until = lease_until - make_interval(secs => :seconds)
                where owner = :owner and key = :key
                """)
                .setParameter("seconds", (double) time.toSeconds())
                .setParameter("owner", call.owner())
                .setParameter("key", call.key())
                .executeUpdate());
    }

    private boolean answered() {
        return transactions.inNew(() -> !entities.createNativeQuery(
                        "select status from idempotency_key where owner = :owner and key = :key and status is not null",
                        Integer.class)
                .setParameter("owner", call.owner())
                .setParameter("key", call.key())
                .getResultList()
                .isEmpty());
    }
}
