package io.cashdesk.ground.database;

import jakarta.persistence.OptimisticLockException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/**
 * Classifies database errors that are not programming errors, by their SQLSTATE.
 *
 * @see <a href="https://www.postgresql.org/docs/15/errcodes-appendix.html">PostgreSQL Error Codes</a>
 */
public enum DatabaseFault {
    /** Serialization failure, deadlock or optimistic lock conflict; rolled back, and likely to succeed when retried. */
    CONFLICT(true, true),
    /** A concurrent transaction inserted the same unique key; rolled back, and a retry finds that row. */
    DUPLICATE_KEY(true, false),
    /** The connection is lost or cannot be opened: restart, failover, network failure. */
    CONNECTION_LOST(true, true),
    /** The database works but did not serve in time: pool exhausted, lock timeout, statement timeout. */
    BUSY(false, true),
    /** The connection was lost during the commit; see {@link CommitUnknown}. */
    COMMIT_UNKNOWN(false, true);

    private final boolean retryable;
    private final boolean temporary;

    DatabaseFault(boolean retryable, boolean temporary) {
        this.retryable = retryable;
        this.temporary = temporary;
    }

    /** Whether the whole transaction can be retried at once: it was rolled back, and not because of a timeout. */
    boolean retryable() {
        return retryable;
    }

    /** Whether the cause ends by itself, so that the caller gets 503 with Retry-After instead of 500. */
    public boolean temporary() {
        return temporary;
    }

    /**
     * The fault in this exception, its causes, its suppressed exceptions and the chain of
     * {@link SQLException#getNextException}; empty if none of them is a database fault.
     */
    public static Optional<DatabaseFault> of(Throwable thrown) {
        return of(thrown, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static Optional<DatabaseFault> of(Throwable thrown, Set<Throwable> seen) {
        if (thrown == null || !seen.add(thrown)) return Optional.empty();
        if (thrown instanceof CommitUnknown) return Optional.of(COMMIT_UNKNOWN);
        if (thrown instanceof SQLException sql && sql.getSQLState() != null) {
            var fault = ofState(sql.getSQLState());
            if (fault.isPresent()) return fault;
        }
        var deeper = of(thrown.getCause(), seen);
        if (deeper.isEmpty() && thrown instanceof SQLException sql) deeper = of(sql.getNextException(), seen);
        for (var suppressed : thrown.getSuppressed()) if (deeper.isEmpty()) deeper = of(suppressed, seen);
        if (deeper.isPresent()) return deeper;
        if (thrown instanceof OptimisticLockException) return Optional.of(CONFLICT);
        return noConnection(thrown) || thrown instanceof SQLTransientException ? Optional.of(BUSY) : Optional.empty();
    }

    private static Optional<DatabaseFault> ofState(String state) {
        return switch (state) {
            case "40001", "40P01" -> Optional.of(CONFLICT);
            case "23505" -> Optional.of(DUPLICATE_KEY);
            case "25006", "25P03" ->
                Optional.of(CONNECTION_LOST); // read-only standby; idle_in_transaction_session_timeout
            case "55P03", "57014" -> Optional.of(BUSY);
            default -> {
                if (state.startsWith("08") || state.startsWith("57P")) yield Optional.of(CONNECTION_LOST);
                yield state.startsWith("53") ? Optional.of(BUSY) : Optional.empty();
            }
        };
    }

    /** The pool's exception when it has no free connection. Compared by name, because the class is the server's own. */
    private static boolean noConnection(Throwable thrown) {
        return thrown.getClass().getName().equals("jakarta.resource.ResourceException");
    }
}
