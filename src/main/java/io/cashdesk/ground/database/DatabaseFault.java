package io.cashdesk.ground.database;

import jakarta.persistence.OptimisticLockException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/**
 * What can be wrong between us and the database without anybody having made a mistake, told from the SQLSTATE.
 *
 * @see <a href="https://www.postgresql.org/docs/15/errcodes-appendix.html">PostgreSQL Error Codes</a>
 */
public enum DatabaseFault {
    /** Another transaction was in the way, and ours was rolled back: the same work again is likely to succeed. */
    CONFLICT(true, true),
    /** Somebody wrote the same key first: the same work again finds his row. */
    DUPLICATE_KEY(true, false),
    /** The connection is lost, or there is nobody to connect to: a restart, a failover, a cut cable. */
    CONNECTION_LOST(true, true),
    /** It lives, but had no room for us in time: all connections taken, a row locked too long, a statement cut short. */
    BUSY(false, true),
    /** The connection was lost while it was told to commit: it may have. */
    COMMIT_UNKNOWN(false, true);

    private final boolean retryable;
    private final boolean temporary;

    DatabaseFault(boolean retryable, boolean temporary) {
        this.retryable = retryable;
        this.temporary = temporary;
    }

    /** Whether the whole transaction may be run again: nothing of it was kept, and waiting is not what it died of. */
    boolean retryable() {
        return retryable;
    }

    /** Whether it passes by itself, so that a caller should come back instead of being told that we are broken. */
    public boolean temporary() {
        return temporary;
    }

    /** The fault behind this, wherever among its causes it is; empty if it is none of the database's. */
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
                Optional.of(CONNECTION_LOST); // a standby that cannot write; a session that was cut off
            case "55P03", "57014" -> Optional.of(BUSY);
            default -> {
                if (state.startsWith("08") || state.startsWith("57P")) yield Optional.of(CONNECTION_LOST);
                yield state.startsWith("53") ? Optional.of(BUSY) : Optional.empty();
            }
        };
    }

    /** The pool says by this alone that it has no connection to give; the class belongs to the server, so its name must do. */
    private static boolean noConnection(Throwable thrown) {
        return thrown.getClass().getName().equals("jakarta.resource.ResourceException");
    }
}
