package io.cashdesk.reconciliation;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.Recurring;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.notification.Ask;
import io.cashdesk.notification.Door;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Orders at their deadline: the provider is asked and told to close, and only when nothing of the order can be paid any more
 * is it closed here. Nothing is closed on a timer alone.
 */
@ApplicationScoped
class CloseExpired implements Recurring {
    private static final Logger LOG = Logger.getLogger(CloseExpired.class);
    private static final int AT_ONCE = 100;
    private static final Duration TRY_AT_MOST_EVERY = Duration.ofSeconds(5);

    /** When this node last tried to close which attempt; others may ask about it as often as they like meanwhile. */
    private final Map<UUID, Instant> tried = new ConcurrentHashMap<>();

    /** Where the last round stopped, so that those who cannot be closed yet do not stand in front of those who can. */
    private PayOrders.Overdue lastTime = PayOrders.Overdue.NOBODY;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    ProviderCalls calls;

    @Inject
    Door door;

    @Inject
    Ask ask;

    @Inject
    Signals signals;

    @Inject
    Transactions transactions;

    @Inject
    Event<PayOrderChanged> changes;

    @Inject
    Clock clock;

    @Override
    public String kind() {
        return "close-expired";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void run() {
        for (var id : attempts.codesPastTheirEnd(clock.instant(), AT_ONCE)) quietly(id, this::reverse);
        var line = orders.pastDeadline(clock.instant(), lastTime, AT_ONCE);
        for (var overdue : line) quietly(overdue.id(), this::expire);
        lastTime = line.size() < AT_ONCE ? PayOrders.Overdue.NOBODY : line.get(line.size() - 1);
    }

    /** One that is broken must not keep the others open. */
    private static void quietly(UUID id, Consumer<UUID> deed) {
        try {
            deed.accept(id);
        } catch (ProviderFailure | Problem notNow) {
            LOG.infof("%s stays open past its end: %s", id, notNow.getMessage());
        } catch (RuntimeException e) {
            LOG.errorf(e, "Closing %s broke", id);
        }
    }

    /** The payer at the till had his time: nobody may stand there and not know whether he paid. */
    private void reverse(UUID attemptId) {
        var attempt = attempts.byId(attemptId).orElseThrow();
        if (!attempt.beingCalled(clock.instant())) over(attempt);
    }

    private void expire(UUID id) {
        for (var attempt : attempts.thatMayBePaid(id)) {
            if (attempt.beingCalled(clock.instant())) return; // its caller will write down what came of it
            if (!over(attempt)) return;
        }
        transactions.runInNew(() -> {
            var order = orders.locked(id);
            var nothingOpen = attempts.thatMayBePaid(id).isEmpty();
            if (order.takesAttempts() && nothingOpen && clock.instant().isAfter(order.expiresAt())) close(order);
        });
    }

    private void close(PayOrder order) {
        order.close(clock.instant());
        orders.note(new OrderEvent(order.id(), null, clock.instant(), "closed", "deadline"));
        changes.fire(new PayOrderChanged(order, PayOrderChanged.Kind.CLOSED));
        transactions.afterCommit(() -> signals.changed(order.id()));
    }

    /** Asks, closes at the provider, and says whether it is certain now that nobody can pay it. */
    private boolean over(Attempt attempt) {
        var now = clock.instant();
        tried.values().removeIf(t -> t.isBefore(now.minus(TRY_AT_MOST_EVERY)));
        if (tried.putIfAbsent(attempt.id(), now) != null) return false; // in a moment again
        ask.aboutUnlessJustAsked(attempt, TRY_AT_MOST_EVERY);
        if (finished(attempt.id())) return true;
        var account = accounts.byId(attempt.accountId()).orElseThrow().settings();
        if (!(providers.named(attempt.provider()) instanceof PaymentProvider.Closes closes)) return false;
        var report = calls.call(account, () -> closes.close(account, Ask.ref(attempt)));
        var about = new Attempts.Found(attempt.id(), attempt.orderId());
        if (!(report instanceof ProviderReport.Unpaid)) door.hear(about, report, Door.Source.ASKED);
        return finished(attempt.id());
    }

    private boolean finished(UUID attempt) {
        return transactions.inNew(() -> {
            AttemptState state = attempts.byId(attempt).orElseThrow().state();
            return !state.mayBePaid();
        });
    }
}
