package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.QuerySchedule;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Queries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Asks a provider what became of an attempt, and takes the answer through the one door. */
@ApplicationScoped
public class QueryAttempt {
    private static final Logger LOG = Logger.getLogger(QueryAttempt.class);
    private static final Duration NOTHING_SENT = Duration.ofSeconds(10);

    @Inject
    Accounts accounts;

    @Inject
    Attempts attempts;

    @Inject
    ProviderCalls calls;

    @Inject
    Transactions transactions;

    @Inject
    ApplyReport applyReport;

    @Inject
    Clock clock;

    private final Map<UUID, CompletableFuture<Void>> running = new ConcurrentHashMap<>();

    /** Takes the right to ask about an attempt; false if somebody asked less than this long ago. */
    public boolean claim(Attempt attempt, Duration atMostEvery) {
        var now = clock.instant();
        return transactions.inNew(
                () -> attempts.claimQuery(attempt.id(), atMostEvery, now, QuerySchedule.next(attempt, now)));
    }

    /**
     * Asks, unless somebody asked less than this long ago. Simultaneous callers on this node share one question and all wait
     * for its answer. A provider that does not answer, or has no room for our question, is logged; our row goes on saying what it said.
     */
    public void aboutUnlessJustAsked(Attempt attempt, Duration atMostEvery) {
        var mine = new CompletableFuture<Void>();
        var theirs = running.putIfAbsent(attempt.id(), mine);
        if (theirs != null) {
            theirs.join();
            return;
        }
        try {
            if (claim(attempt, atMostEvery)) aboutClaimed(attempt);
        } catch (ProviderFailure | Problem unanswered) {
            LOG.infof("Asking about %s: %s", attempt.attemptNo(), unanswered.getMessage());
        } finally {
            running.remove(attempt.id());
            mine.complete(null);
        }
    }

    /** As {@link #about}, after a successful {@link #claim}: if nothing could be sent, this was no question. */
    public Optional<ProviderReport> aboutClaimed(Attempt attempt) {
        try {
            return about(attempt);
        } catch (Problem nothingSent) {
            transactions.runInNew(
                    () -> attempts.queryNotSent(attempt.id(), clock.instant().plus(NOTHING_SENT)));
            throw nothingSent;
        }
    }

    /**
     * Asks now and hears the answer.
     *
     * @return what the provider said, or empty if this provider cannot be asked
     * @throws ProviderFailure if no verified answer came
     */
    public Optional<ProviderReport> about(Attempt attempt) {
        var there = accounts.atProvider(attempt);
        if (!(there.provider() instanceof Queries queries)) return Optional.empty();
        var report = calls.call(there.account(), () -> queries.query(there.account(), there.ref()));
        applyReport.hear(attempt.key(), report, ApplyReport.Source.ASKED);
        return Optional.of(report);
    }
}
