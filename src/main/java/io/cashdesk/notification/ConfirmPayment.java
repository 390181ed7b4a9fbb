package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.job.JobHandler;
import io.cashdesk.ground.job.Jobs;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.ConfirmsPaid;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.Queries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Confirms at the provider that the payment that pays an order is recorded here. The job is stored in the transaction
 * that counts the payment, so that a node that dies loses nothing. The acknowledgement of a notification confirms too,
 * which takes a few seconds; so the job waits, queries, and calls only if the provider still waits for it.
 */
@ApplicationScoped
class ConfirmPayment implements JobHandler {
    private static final Logger LOG = Logger.getLogger(ConfirmPayment.class);

    static final String KIND = "confirm-payment";

    /** Longer than a notification takes from its query to its acknowledgement. */
    static final Duration FIRST = Duration.ofSeconds(15);

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    /** From the report of the payment; afterwards it is confirmed in the provider's console. */
    private static final Duration LIMIT = Duration.ofDays(3);

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    ProviderCalls calls;

    @Inject
    FailureLog failures;

    @Inject
    Jobs jobs;

    @Inject
    Clock clock;

    @Override
    public String kind() {
        return KIND;
    }

    /** In the transaction in which the payment begins to count. */
    void schedule(PayOrder order, Attempt attempt) {
        var confirmed = providers.named(attempt.provider()) instanceof ConfirmsPaid confirms
                && confirms.waitsForConfirmation(CompareEvent.goods(order));
        if (confirmed) jobs.schedule(KIND, id(attempt.key()), clock.instant().plus(FIRST));
    }

    static String id(AttemptKey key) {
        return String.join(
                " ",
                key.order().merchantId().toString(),
                key.order().id().toString(),
                key.id().toString());
    }

    @Override
    public Optional<Instant> run(String id) {
        var ids = id.split(" ");
        var order = new OrderKey(UUID.fromString(ids[0]), UUID.fromString(ids[1]));
        var attempt = attempts.byKey(new AttemptKey(order, UUID.fromString(ids[2])));
        if (attempt.isEmpty()) return Optional.empty(); // a test order that was deleted
        try {
            confirm(orders.byKey(order).orElseThrow(), attempt.get());
            return Optional.empty();
        } catch (ProviderFailure | Problem unanswered) {
            var what = "confirmation of the payment of " + attempt.get().attemptNo();
            failures.log(attempt.get().accountId(), what, unanswered);
            var next = next(reportedAt(attempt.get()), clock.instant());
            if (next.isEmpty()) LOG.warnf("The %s is given up: confirm it in the provider's console", what);
            return next;
        }
    }

    private void confirm(PayOrder order, Attempt attempt) {
        var there = accounts.atProvider(attempt);
        var report =
                calls.call(there.account(), () -> ((Queries) there.provider()).query(there.account(), there.ref()));
        if (!(report instanceof ProviderReport.Paid paid)) return; // reports about it are applied elsewhere
        calls.call(there.account(), () -> {
            ((ConfirmsPaid) there.provider()).confirm(there.account(), there.ref(), paid, CompareEvent.goods(order));
            return true;
        });
    }

    private Instant reportedAt(Attempt attempt) {
        return receipts.of(attempt.orderKey()).stream()
                .filter(receipt -> receipt.attempt().equals(attempt.key()))
                .map(Receipt::reportedAt)
                .findFirst()
                .orElse(attempt.createdAt());
    }

    /** Each pause is as long as all before it together, between 30 s and one hour; for three days. */
    static Optional<Instant> next(Instant reportedAt, Instant now) {
        var pause = Duration.between(reportedAt, now);
        if (pause.compareTo(SHORTEST_PAUSE) < 0) pause = SHORTEST_PAUSE;
        if (pause.compareTo(LONGEST_PAUSE) > 0) pause = LONGEST_PAUSE;
        var next = now.plus(pause);
        return next.isAfter(reportedAt.plus(LIMIT)) ? Optional.empty() : Optional.of(next);
    }
}
