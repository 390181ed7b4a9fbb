package io.cashdesk.ground.database;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.InvalidTransactionException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Runs blocks of code in JTA transactions, for callers whose steps need separate transactions.
 *
 * <p>A transaction that the database rolled back because of a {@link DatabaseFault} (deadlock, connection lost before
 * the commit, duplicate key from a concurrent transaction) is retried as a whole, up to {@value #TRIES} times within
 * two seconds. The work can therefore run more than once: it must change only the database, and leave other effects to
 * {@link #afterCommit}.
 */
@ApplicationScoped
public class Transactions {
    private static final Logger LOG = Logger.getLogger(Transactions.class);

    /** Rolls back without a retry, whatever its cause: for work that has effects outside of the database. */
    public static class DoNotRetry extends RuntimeException {
        private static final long serialVersionUID = 1L;

        protected DoNotRetry(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /** Maximum number of tries of the same work. */
    private static final int TRIES = 5;

    /** No new try begins later than this. WeChat Pay waits five seconds for the acknowledgement of a notification. */
    private static final Duration RETRY_LIMIT = Duration.ofSeconds(2);

    /** WildFly's own JNDI names, because java:comp does not exist on the threads of background jobs. */
    @Resource(lookup = "java:jboss/TransactionSynchronizationRegistry")
    TransactionSynchronizationRegistry registry;

    @Resource(lookup = "java:jboss/TransactionManager")
    TransactionManager manager;

    @PersistenceContext
    EntityManager entities;

    /**
     * Runs the work in a new transaction; a transaction that is already open is suspended meanwhile. Any exception
     * rolls back.
     *
     * @throws CommitUnknown if the connection was lost during the commit; not retried, because it may have been
     *     committed
     */
    public <T> T inNew(Supplier<T> work) {
        var start = System.nanoTime();
        for (int tries = 1; ; tries++) {
            try {
                return once(work);
            } catch (RuntimeException e) {
                var fault = DatabaseFault.of(e).orElse(null);
                if (fault == DatabaseFault.CONNECTION_LOST || fault == DatabaseFault.COMMIT_UNKNOWN)
                    PooledConnection.revalidateAll();
                var late = System.nanoTime() - start > RETRY_LIMIT.toNanos();
                if (e instanceof DoNotRetry || fault == null || !fault.retryable() || late || tries == TRIES) throw e;
                LOG.infof("A transaction was rolled back (%s) and is retried: %s", fault, e.getMessage());
            }
            pause(tries);
        }
    }

    /** As {@link #inNew(Supplier)}, for work without a result. */
    public void runInNew(Runnable work) {
        inNew(() -> {
            work.run();
            return null;
        });
    }

    /** Runs the work in the open transaction, which an exception marks for rollback; if none is open, in a new one. */
    public void runInCurrentOrNew(Runnable work) {
        if (!open()) {
            runInNew(work);
            return;
        }
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            registry.setRollbackOnly();
            throw e;
        }
    }

    private <T> T once(Supplier<T> work) {
        try {
            var outer = manager.suspend();
            try {
                manager.begin();
                T result;
                try {
                    result = work.get();
                    // flush now, so that constraint violations are thrown here and not from the commit
                    if (manager.getStatus() == Status.STATUS_ACTIVE) entities.flush();
                } catch (RuntimeException | Error e) {
                    rollBack(e);
                    throw e;
                }
                commit();
                return result;
            } finally {
                if (outer != null) manager.resume(outer);
            }
        } catch (NotSupportedException | SystemException | InvalidTransactionException e) {
            throw new IllegalStateException("the server's transactions do not work", e);
        }
    }

    private void rollBack(Throwable cause) {
        try {
            manager.rollback();
        } catch (SystemException | RuntimeException e) { // on a dead connection; PostgreSQL then rolls back by itself
            cause.addSuppressed(e);
        }
    }

    private void commit() throws SystemException {
        if (manager.getStatus() != Status.STATUS_ACTIVE) {
            var rolledBack = new IllegalStateException("the transaction was marked for rollback or took too long");
            rollBack(rolledBack);
            throw rolledBack;
        }
        try {
            manager.commit();
        } catch (RollbackException
                | HeuristicMixedException
                | HeuristicRollbackException
                | SystemException
                | RuntimeException e) {
            var fault = DatabaseFault.of(e).orElse(null);
            var refused = fault == DatabaseFault.CONFLICT || fault == DatabaseFault.DUPLICATE_KEY;
            throw refused ? new IllegalStateException("the commit was refused", e) : new CommitUnknown(e);
        }
    }

    private static void pause(int tries) {
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(10, 50L << tries));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // kept for the caller; the next try runs without a pause
        }
    }

    /**
     * Throws IllegalStateException if a transaction is open. Called before requests to other servers, which can take
     * seconds, while a transaction would hold locks and a connection.
     */
    public void refuseOpenTransaction(String operation) {
        if (open()) throw new IllegalStateException(operation + " must not run inside a transaction");
    }

    /** Sets PostgreSQL's {@code lock_timeout} for this transaction, so that the caller gets its response in time. */
    public void lockTimeout(int milliseconds) {
        entities.createNativeQuery("select set_config('lock_timeout', :t, true)")
                .setParameter("t", milliseconds + "ms")
                .getSingleResult();
    }

    /** Sets PostgreSQL's {@code idle_in_transaction_session_timeout} for this transaction. */
    public void idleTimeout(Duration timeout) {
        entities.createNativeQuery("select set_config('idle_in_transaction_session_timeout', :t, true)")
                .setParameter("t", timeout.toMillis() + "ms")
                .getSingleResult();
    }

    /**
     * Takes PostgreSQL's advisory lock for this name until the transaction ends; other transactions on any node that
     * take the same lock wait.
     */
    public void advisoryLock(String name) {
        entities.createNativeQuery("select cast(pg_advisory_xact_lock(hashtextextended(:name, 0)) as text)")
                .setParameter("name", name)
                .getSingleResult();
    }

    /**
     * What was read for this key before in the open transaction, or what is read now: for work on many rows that needs
     * the same other rows. Without an open transaction it is read each time.
     *
     * @param key equal for equal results
     */
    @SuppressWarnings("unchecked") // the same key has the same type
    public <T> T oncePerTransaction(Object key, Supplier<T> read) {
        if (!open()) return read.get();
        var known = (T) registry.getResource(key);
        if (known != null) return known;
        var fresh = read.get();
        registry.putResource(key, fresh);
        return fresh;
    }

    /** Runs after the open transaction has committed; not at all if it rolls back; at once if none is open. */
    public void afterCommit(Runnable work) {
        if (!open()) {
            work.run();
            return;
        }
        registry.registerInterposedSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {}

            @Override
            public void afterCompletion(int status) {
                if (status == Status.STATUS_COMMITTED) work.run();
            }
        });
    }

    private boolean open() {
        return registry.getTransactionStatus() != Status.STATUS_NO_TRANSACTION;
    }
}
