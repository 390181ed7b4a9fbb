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
 * Transactions as plain blocks of code, for callers whose steps must not share one.
 *
 * <p>A transaction that the database rolled back for reasons of its own (a deadlock, a connection that died before the commit,
 * a key that somebody wrote first) is run again as a whole, a few times and for a short while. So the work may run more than once: it
 * changes nothing but the database, and leaves everything else to {@link #afterCommit}.
 */
@ApplicationScoped
public class Transactions {
    private static final Logger LOG = Logger.getLogger(Transactions.class);

    /** Rolls back and is never repeated, whatever lies beneath: for work whose author alone knows what a second time means. */
    public static class DoNotRetry extends RuntimeException {
        private static final long serialVersionUID = 1L;

        protected DoNotRetry(String why, Throwable cause) {
            super(why, cause);
        }
    }

    /** How often the same work is tried at most. */
    private static final int TRIES = 5;

    /** After this long no new try begins: somebody waits for an answer, a provider for five seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** By the server's own names for them, because java:comp does not exist on the threads of background jobs. */
    @Resource(lookup = "java:jboss/TransactionSynchronizationRegistry")
    TransactionSynchronizationRegistry registry;

    @Resource(lookup = "java:jboss/TransactionManager")
    TransactionManager manager;

    @PersistenceContext
    EntityManager entities;

    /**
     * Runs in a transaction of its own; anything thrown rolls it back.
     *
     * @throws CommitUnknown if the connection was lost during the commit; never repeated, because it may have happened
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
                var late = System.nanoTime() - start > PATIENCE.toNanos();
                if (e instanceof DoNotRetry || fault == null || !fault.retryable() || late || tries == TRIES) throw e;
                LOG.infof("A transaction was rolled back (%s) and is run again: %s", fault, e.getMessage());
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

    /** Runs in the transaction that is open, which anything thrown marks for rollback; in one of its own if none is. */
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
                    // what the database refuses it refuses here, and only the commit itself is left
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

    private void rollBack(Throwable because) {
        try {
            manager.rollback();
        } catch (SystemException | RuntimeException e) { // a dead connection cannot be told, and need not be
            because.addSuppressed(e);
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
            Thread.currentThread().interrupt(); // the next try finds out whether it may still work
        }
    }

    /** Refuses to go on while a transaction is open: for calls that leave the house and may take seconds. */
    public void refuseOpenTransaction(String what) {
        if (open()) throw new IllegalStateException(what + " must not run inside a transaction");
    }

    /** In this transaction, waits no longer than this for a lock, so that a caller is answered in time. */
    public void lockTimeout(int milliseconds) {
        entities.createNativeQuery("select set_config('lock_timeout', :t, true)")
                .setParameter("t", milliseconds + "ms")
                .getSingleResult();
    }

    /** In this transaction, lets the database wait so long for our next word before it takes us for dead. */
    public void idleTimeout(Duration longest) {
        entities.createNativeQuery("select set_config('idle_in_transaction_session_timeout', :t, true)")
                .setParameter("t", longest.toMillis() + "ms")
                .getSingleResult();
    }

    /** Until this transaction ends nobody else, on any node, gets past the same name. */
    public void advisoryLock(String name) {
        entities.createNativeQuery("select cast(pg_advisory_xact_lock(hashtextextended(:name, 0)) as text)")
                .setParameter("name", name)
                .getSingleResult();
    }

    /** Runs once the open transaction has committed; never if it rolls back; at once if none is open. */
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
