package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Asks a provider what became of an attempt, and takes the answer through the one door. */
@ApplicationScoped
public class QueryAttempt {
    private static final Logger LOG = Logger.getLogger(QueryAttempt.class);
    private static final Duration AT_THE_TILL = Duration.ofSeconds(5);
    private static final Duration WHILE_CLOSING = Duration.ofSeconds(15);
    private static final Duration NOTHING_SENT = Duration.ofSeconds(10);

    @Inject
    Accounts accounts;

    @Inject
    Attempts attempts;

    @Inject
    Providers providers;

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
        return transactions.inNew(() -> attempts.claimAsking(attempt.id(), atMostEvery, now, nextAskAt(attempt, now)));
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
                    () -> attempts.askedNobody(attempt.id(), clock.instant().plus(NOTHING_SENT)));
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
        var account = accounts.byId(attempt.accountId()).orElseThrow();
        if (!(providers.named(attempt.provider()) instanceof PaymentProvider.Queries queries)) return Optional.empty();
        var report = calls.call(account.settings(), () -> queries.query(account.settings(), ref(attempt)));
        applyReport.hear(new Attempts.Found(attempt.id(), attempt.orderId()), report, ApplyReport.Source.ASKED);
        return Optional.of(report);
    }

    /** The attempt in the adapters' words. */
    public static AttemptRef ref(Attempt attempt) {
        return AttemptRef.of(attempt.payType(), attempt.attemptNo(), attempt.request());
    }

    /**
     * When the sweeper should look again: soon after the code was made, then less and less often; when it is to be closed, and often
     * from then on until its end; and once after that. A payer who stands at a till is asked about every few seconds, because nobody
     * else tells us.
     */
    public static Instant nextAskAt(Attempt attempt, Instant now) {
        var seldom = Duration.ofSeconds(Math.min(600, 5L << Math.min(attempt.asks(), 7)));
        var end = attempt.expiresAt().plus(ApplyReport.GRACE).plusSeconds(1);
        var closing = !now.isBefore(attempt.closeAt()) && now.isBefore(end);
        var often = closing && seldom.compareTo(WHILE_CLOSING) > 0 ? WHILE_CLOSING : seldom;
        var next = now.plus(attempt.byPaymentCode() && now.isBefore(end) ? AT_THE_TILL : often);
        return Stream.of(attempt.closeAt(), end)
                .filter(turn -> now.isBefore(turn) && turn.isBefore(next))
                .min(Comparator.naturalOrder())
                .orElse(next);
    }
}
