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
     */
    record Opened(UUID id, Optional<String> result) {}

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
                        return new Opened(fresh.id(), Optional.empty());
                    }
                    var operation = MerchantRows.locked(
                            entities,
                            CoinOperation.class,
                            merchant,
                            stored.get().id());
                    operation.differsFrom(wish).ifPresent(d -> {
                        throw ProblemType.COIN_NUMBER_DIFFERS.with(wish.number(), d.field(), d.stored(), d.given());
                    });
                    operation.called(clock.instant());
                    return new Opened(operation.id(), operation.result());
                });
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

    /** The number that was made for a cancellation of the same spending, user and amount. */
    Optional<String> made(UUID merchant, Mode mode, String of, String openid, long amount) {
        return entities.createQuery("""
                select o.number from CoinOperation o
                where o.ofNumber = :of and o.merchantId = :merchant and o.mode = :mode and o.kind = :kind
                    and o.numberMade and o.openid = :openid and o.amount = :amount
                order by o.createdAt
                """, String.class)
                .setParameter("of", of)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .setParameter("kind", CoinOperation.Kind.CANCEL)
                .setParameter("openid", openid)
                .setParameter("amount", amount)
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
