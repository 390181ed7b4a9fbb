package io.cashdesk.ground.database;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.util.function.Supplier;

/** Transactions as plain blocks of code, for callers whose steps must not share one. */
@ApplicationScoped
public class Transactions {
    /** By the server's own name for it, because java:comp does not exist on the threads of background jobs. */
    @Resource(lookup = "java:jboss/TransactionSynchronizationRegistry")
    TransactionSynchronizationRegistry registry;

    @PersistenceContext
    EntityManager entities;

    /** Runs in a transaction of its own; anything thrown rolls it back. */
    @Transactional(value = Transactional.TxType.REQUIRES_NEW, rollbackOn = Throwable.class)
    public <T> T inNew(Supplier<T> work) {
        return work.get();
    }

    /** As {@link #inNew(Supplier)}, for work without a result. */
    @Transactional(value = Transactional.TxType.REQUIRES_NEW, rollbackOn = Throwable.class)
    public void runInNew(Runnable work) {
        work.run();
    }

    /** Refuses to go on while a transaction is open: for calls that leave the house and may take seconds. */
    public void refuseInside(String what) {
        if (open()) throw new IllegalStateException(what + " must not run inside a transaction");
    }

    /** In this transaction, waits no longer than this for a lock, so that a caller is answered in time. */
    public void waitForLocksAtMost(int milliseconds) {
        entities.createNativeQuery("select set_config('lock_timeout', :t, true)")
                .setParameter("t", milliseconds + "ms")
                .getSingleResult();
    }

    /** Until this transaction ends nobody else, on any node, gets past the same name. */
    public void oneAtATime(String name) {
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
