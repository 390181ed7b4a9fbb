package io.cashdesk.notification;

import io.cashdesk.account.AccountRests;
import io.cashdesk.account.Accounts;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.QueryResult;
import io.cashdesk.order.QuerySchedule;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.Queries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Queries the provider about an attempt and applies the answer like any other report. */
@ApplicationScoped
public class QueryAttempt {
    /** When a query is repeated that was not sent or not answered. */
    private static final Duration RETRY = Duration.ofSeconds(15);

    private static final Duration RETRY_AT_POINT_OF_SALE = Duration.ofSeconds(5);

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    Attempts attempts;

    @Inject
    QuerySchedule schedule;

    @Inject
    ProviderCalls calls;

    @Inject
    AccountRests rests;

    @Inject
    FailureLog failures;

    @Inject
    Transactions transactions;

    @Inject
    ApplyReport applyReport;

    @Inject
    Clock clock;

    private final Map<UUID, CompletableFuture<Void>> running = new ConcurrentHashMap<>();

    /**
     * Takes the right to query about an attempt.
     *
     * @return false if the last query is younger than this
     */
    public boolean claim(Attempt attempt, Duration atMostEvery) {
        var now = clock.instant();
        return transactions.inNew(
                () -> attempts.claimQuery(attempt.key(), atMostEvery, now, schedule.nextStep(attempt, now)));
    }

    /**
     * Queries, unless the last query is younger than this. Simultaneous callers on this node share one query and all
     * wait for its answer. A provider that does not answer, or has no capacity for another call, is logged; our row
     * stays as it was.
     */
    public void unlessRecent(Attempt attempt, Duration atMostEvery) {
        if (!canBeQueried(attempt)) {
            transactions.runInNew(() -> attempts.waitsForItsEnd(attempt.key()));
            return;
        }
        var mine = new CompletableFuture<Void>();
        var running = this.running.putIfAbsent(attempt.id(), mine);
        if (running != null) {
            running.join();
            return;
        }
        try {
            if (claim(attempt, atMostEvery)) ofClaimed(attempt);
        } catch (ProviderFailure | Problem unanswered) {
            failures.log(attempt.accountId(), "query about attempt " + attempt.attemptNo(), unanswered);
        } finally {
            this.running.remove(attempt.id());
            mine.complete(null);
        }
    }

    /**
     * The same for a payer, whose page shows whether the query still runs: its begin and its end are recorded. A query
     * that runs for another caller is waited for, and does not replace this one.
     */
    public void forPayer(Attempt attempt, Duration atMostEvery) {
        if (!canBeQueried(attempt)) return;
        var mine = new CompletableFuture<Void>();
        for (var other = running.putIfAbsent(attempt.id(), mine);
                other != null;
                other = running.putIfAbsent(attempt.id(), mine)) {
            other.join();
        }
        try {
            if (claimForPayer(attempt, atMostEvery)) ofClaimedAndRecorded(attempt);
        } catch (ProviderFailure | Problem unanswered) {
            failures.log(attempt.accountId(), "query about attempt " + attempt.attemptNo(), unanswered);
        } finally {
            running.remove(attempt.id());
            mine.complete(null);
        }
    }

    /**
     * Whether its provider can be queried at all. What is bought in a provider's store is reported only by the store.
     */
    private boolean canBeQueried(Attempt attempt) {
        return providers.named(attempt.provider()) instanceof Queries;
    }

    private boolean claimForPayer(Attempt attempt, Duration atMostEvery) {
        var now = clock.instant();
        return transactions.inNew(() -> {
            var claimed = attempts.claimQuery(attempt.key(), atMostEvery, now, schedule.nextStep(attempt, now));
            if (claimed) attempts.queryIs(attempt.key(), QueryResult.RUNNING);
            return claimed;
        });
    }

    private void ofClaimedAndRecorded(Attempt attempt) {
        var result = QueryResult.UNANSWERED;
        try {
            ofClaimed(attempt);
            result = QueryResult.ANSWERED;
        } finally {
            record(attempt, result);
        }
    }

    private void record(Attempt attempt, QueryResult result) {
        transactions.runInNew(() -> attempts.queryIs(attempt.key(), result));
    }

    /** As {@link #of}, after a successful {@link #claim}: if it is not answered, the claimed query does not count. */
    public Optional<ProviderReport> ofClaimed(Attempt attempt) {
        return ofClaimed(attempt, ApplyReport.Source.QUERY);
    }

    /** The same, because of this message. */
    Optional<ProviderReport> ofClaimed(Attempt attempt, ApplyReport.Source source) {
        try {
            return of(attempt, source);
        } catch (ProviderFailure | Problem unanswered) {
            transactions.runInNew(() -> {
                // one that is watched is queried again at its next moment
                if (!attempt.watched()) attempts.queryUnanswered(attempt.key(), retryAt(attempt));
                attempts.queryIs(attempt.key(), QueryResult.UNANSWERED);
            });
            throw unanswered;
        }
    }

    /** The last query was too early: it does not count, and is repeated soon. */
    void soonAgain(Attempt attempt) {
        transactions.runInNew(() -> attempts.queryUnanswered(attempt.key(), retryAt(attempt)));
    }

    private Instant retryAt(Attempt attempt) {
        return clock.instant().plus(attempt.byPaymentCode() ? RETRY_AT_POINT_OF_SALE : RETRY);
    }

    /**
     * Queries now and applies the answer.
     *
     * @return what the provider reported, or empty if this provider cannot be queried
     * @throws ProviderFailure if no verified answer came
     */
    public Optional<ProviderReport> of(Attempt attempt) {
        return of(attempt, ApplyReport.Source.QUERY);
    }

    private Optional<ProviderReport> of(Attempt attempt, ApplyReport.Source source) {
        var there = accounts.atProvider(attempt);
        if (!(there.provider() instanceof Queries queries)) return Optional.empty();
        ProviderReport report;
        try {
            report = calls.call(there.account(), () -> queries.query(there.account(), there.ref()));
        } catch (ProviderFailure failure) {
            rests.failed(attempt.merchantId(), there.account(), there.provider(), failure);
            throw failure;
        }
        rests.answered(attempt.accountId());
        applyReport.apply(attempt.key(), report, source);
        return Optional.of(report);
    }
}
