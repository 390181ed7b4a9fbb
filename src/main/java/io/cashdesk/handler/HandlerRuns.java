package io.cashdesk.handler;

import io.cashdesk.ground.job.Jobs;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PaidRecipients;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** All runs; one is made in the transaction in which its order is paid. */
@ApplicationScoped
class HandlerRuns implements PaidRecipients {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Handlers handlers;

    @Inject
    Jobs jobs;

    @Inject
    Clock clock;

    void on(@Observes PayOrderChanged change) {
        var order = change.order();
        if (change.kind() != PayOrderChanged.Kind.PAID) return;
        if (handlers.of(order.type()).isPresent()) open(order);
    }

    /** Makes the run of a paid order and schedules it; the caller has locked the order. */
    HandlerRun open(PayOrder order) {
        var run = new HandlerRun(order.key(), clock.instant());
        entities.persist(run);
        order.expectHandler();
        schedule(run);
        return run;
    }

    void schedule(HandlerRun run) {
        jobs.schedule(RunHandler.KIND, run.job(), clock.instant());
    }

    /** Whether there is a run of this order; reads no entity, which would be stale once it is locked. */
    boolean exist(OrderKey order) {
        return !entities.createQuery(
                        "select r.id from HandlerRun r where r.merchantId = :merchant and r.orderId = :order",
                        UUID.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("order", order.id())
                .getResultList()
                .isEmpty();
    }

    Optional<HandlerRun> locked(OrderKey order) {
        return run(order, LockModeType.PESSIMISTIC_WRITE);
    }

    Optional<HandlerRun> of(OrderKey order) {
        return run(order, LockModeType.NONE);
    }

    private Optional<HandlerRun> run(OrderKey order, LockModeType lock) {
        return entities.createQuery(
                        "select r from HandlerRun r where r.merchantId = :merchant and r.orderId = :order",
                        HandlerRun.class)
                .setParameter("merchant", order.merchantId())
                .setParameter("order", order.id())
                .setLockMode(lock)
                .getResultStream()
                .findFirst();
    }

    @Override
    public Result of(PayOrder order) {
        return of(order.key())
                .map(run -> switch (run.state()) {
                    case SUCCEEDED -> Result.SUCCEEDED;
                    case GIVEN_UP -> Result.FAILED;
                    case WAITING -> run.tries() == 0 ? Result.WAITING : Result.FAILED;
                })
                .orElse(Result.NONE);
    }
}
