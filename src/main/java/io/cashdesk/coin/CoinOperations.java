package io.cashdesk.coin;

import io.cashdesk.ground.database.MerchantRows;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.OldRowsOfMerchants;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.merchant.Mode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;

/** The stored operations. Those of test mode are deleted with other old test rows; live ones are never deleted. */
@ApplicationScoped
class CoinOperations extends OldRowsOfMerchants {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * An operation, committed.
     *
     * @param result what was answered, if it is done already
     * @param sentBefore whether an earlier call of it may have taken effect
     */
    record Opened(UUID id, Optional<String> result, boolean sentBefore) {}

    /**
     * Stores the operation, or finds it by its number.
     *
     * @throws io.cashdesk.ground.problem.Problem COIN_NUMBER_DIFFERS if the number was used with other values
     */
    Opened open(UUID merchant, Mode mode, UUID account, CoinOperation.Wish wish) {
        return transactions.inNew(
                () -> { // run again, if another caller was faster
                    var stored = byNumber(merchant, mode, wish.kind(), wish.number());
                    if (stored.isEmpty()) {
                        var fresh = new CoinOperation(merchant, mode, account, wish, clock.instant());
                        entities.persist(fresh);
                        return new Opened(fresh.id(), Optional.empty(), false);
                    }
                    var operation = MerchantRows.locked(
                            entities,
                            CoinOperation.class,
                            merchant,
                            stored.get().id());
                    refuseDifference(operation, wish);
                    operation.called(clock.instant());
                    return new Opened(operation.id(), operation.result(), operation.maybeDone());
                });
    }

    private static void refuseDifference(CoinOperation operation, CoinOperation.Wish wish) {
        operation.differsFrom(wish).ifPresent(d -> {
            throw ProblemType.COIN_NUMBER_DIFFERS.with(wish.number(), d.field(), d.stored(), d.given());
        });
    }

    /**
     * What was answered, if the operation is done: a repetition needs nothing else.
     *
     * @throws io.cashdesk.ground.problem.Problem COIN_NUMBER_DIFFERS if the number was used with other values
     */
    Optional<String> result(UUID merchant, Mode mode, CoinOperation.Wish wish) {
        return transactions.inNew(() -> {
            var stored = byNumber(merchant, mode, wish.kind(), wish.number());
            stored.ifPresent(operation -> refuseDifference(operation, wish));
            return stored.flatMap(CoinOperation::result);
        });
    }

    /** Whether this number is free, or belongs to an operation with the same values. */
    boolean takes(UUID merchant, Mode mode, CoinOperation.Wish wish) {
        return transactions.inNew(() -> byNumber(merchant, mode, wish.kind(), wish.number())
                .flatMap(operation -> operation.differsFrom(wish))
                .isEmpty());
    }

    private Optional<CoinOperation> byNumber(UUID merchant, Mode mode, CoinOperation.Kind kind, String number) {
        return entities.createQuery("""
                select o from CoinOperation o
                where o.number = :number and o.merchantId = :merchant and o.mode = :mode and o.kind = :kind
                """, CoinOperation.class)
                .setParameter("number", number)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .setParameter("kind", kind)
                .getResultStream()
                .findFirst();
    }

    /** @param end what came of the call, at this moment */
    void finish(UUID merchant, UUID id, BiConsumer<CoinOperation, Instant> end) {
        transactions.runInNew(
                () -> end.accept(MerchantRows.locked(entities, CoinOperation.class, merchant, id), clock.instant()));
    }

    @Override
    public String name() {
        return "coin operations of tests";
    }

    @Override
    protected Optional<Duration> kept() {
        return settings.testsKept();
    }

    @Override
    protected List<Row> oldest(Instant from, Instant before, int atMost) {
        return entities.createQuery("""
                select o.merchantId, o.id, o.createdAt
                from CoinOperation o
                where o.mode = io.cashdesk.merchant.Mode.TEST and o.createdAt >= :from and o.createdAt < :before
                order by o.createdAt
                """, Object[].class)
                .setParameter("from", from)
                .setParameter("before", before)
                .setMaxResults(atMost)
                .getResultStream()
                .map(row -> new Row((UUID) row[0], (UUID) row[1], (Instant) row[2]))
                .toList();
    }

    @Override
    protected void delete(UUID merchant, List<UUID> ids) {
        transactions.runInNew(() -> {
            transactions.lockTimeout(1_000);
            entities.createQuery("delete from CoinOperation o where o.merchantId = :merchant and o.id in :ids")
                    .setParameter("merchant", merchant)
                    .setParameter("ids", ids)
                    .executeUpdate();
        });
    }
}
