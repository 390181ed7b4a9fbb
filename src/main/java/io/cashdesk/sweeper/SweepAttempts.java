package io.cashdesk.sweeper;

import static java.util.stream.Collectors.groupingBy;

import io.cashdesk.account.AccountRests;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.BackgroundShare;
import io.cashdesk.ground.job.BackgroundShare.Work;
import io.cashdesk.ground.job.NodeJob;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.notification.QueryAttempt;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.NextStep;
import io.cashdesk.order.OrderState;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.CloseAttempt;
import io.cashdesk.payment.ResumeCall;
import io.cashdesk.provider.ProviderFailure;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Looks after attempts whose next step is due: queries their provider, makes calls again that have no result (a node
 * that died between storing the attempt and the provider's answer leaves such a call), and closes attempts that are not
 * needed any more. Every node claims rows for itself, so the work of one account is shared by all nodes.
 */
@ApplicationScoped
class SweepAttempts implements NodeJob {
    private static final Logger LOG = Logger.getLogger(SweepAttempts.class);

    /** After so many queries a call without a result is not sent again, only queried. */
    private static final int RESENDS = 5;

    private static final int THREADS = 8;

    @Resource
    ManagedExecutorService threads;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    QueryAttempt queryAttempt;

    @Inject
    ResumeCall resumeCall;

    @Inject
    CloseAttempt closeAttempt;

    @Inject
    ProviderCalls calls;

    @Inject
    AccountRests rests;

    @Inject
    BackgroundShare share;

    @Inject
    FailureLog failures;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    private final Map<NextStep, Lane> lanes = new EnumMap<>(NextStep.class);

    SweepAttempts() {}

    @PostConstruct
    void open() {
        for (var step : List.of(NextStep.URGENT, NextStep.CLOSE, NextStep.QUERY)) {
            lanes.put(step, new Lane(threads, THREADS));
        }
    }

    @Override
    public String name() {
        return "sweep-attempts";
    }

    @Override
    public Duration every() {
        return Duration.ofMillis(500);
    }

    @Override
    public boolean run() {
        var more = false;
        for (var lane : lanes.entrySet()) more |= look(lane.getKey(), lane.getValue());
        return more;
    }

    private boolean look(NextStep step, Lane lane) {
        var room = lane.room();
        if (room == 0) return false;
        var now = clock.instant();
        var held = Lane.heldUntil(now);
        var due = transactions.inNew(() -> attempts.claimDue(step, now, held, room));
        due.stream()
                .collect(groupingBy(Attempts.Due::accountId))
                .forEach((account, ofAccount) -> begin(step, lane, account, ofAccount));
        return due.size() == room;
    }

    private void begin(NextStep step, Lane lane, UUID account, List<Attempts.Due> due) {
        var merchant = due.get(0).key().order().merchantId();
        if (calls.resting(account)) rests.silent(merchant, account, "calls to it are suspended");
        if (rests.resting(account)) {
            transactions.runInNew(() -> rests.park(merchant, account, due));
            return;
        }
        var refused = new ArrayList<Attempts.Due>();
        for (var one : due) {
            if (!lane.offer(account, one.key().id(), () -> run(step, one))) refused.add(one);
        }
        if (refused.isEmpty()) return;
        var turn = lane.turn(account, refused.size(), clock.instant());
        transactions.runInNew(() -> attempts.moveOn(merchant, refused, turn));
    }

    private void run(NextStep step, Attempts.Due due) {
        switch (step) {
            case URGENT -> share.run(Work.URGENT, () -> lookAfter(due));
            case CLOSE -> share.run(Work.CLOSES, () -> lookAfter(due));
            default -> share.run(Work.QUERIES, () -> lookAfter(due));
        }
    }

    private void lookAfter(Attempts.Due due) {
        var attempt = attempts.byKey(due.key()).orElseThrow();
        if (!attempt.nextQueryAt().equals(Optional.of(due.heldUntil()))) return; // something was done since
        if (calls.resting(due.accountId()) || rests.resting(due.accountId())) return; // claimed again in a while
        try {
            if (unfinished(attempt) && resumeCall.of(due.key())) return;
            if (over(attempt)) closeAttempt.queryThenClose(attempt);
            else queryAttempt.unlessRecent(attempt, Duration.ofSeconds(1));
        } catch (ProviderFailure | Problem notNow) {
            failures.log(due.accountId(), "attempt " + attempt.attemptNo() + " stays open", notNow);
        } catch (RuntimeException e) { // must not stop the work on other attempts
            LOG.errorf(e, "Querying or closing attempt %s failed", attempt.attemptNo());
        }
    }

    private static boolean unfinished(Attempt attempt) {
        return (attempt.state() == AttemptState.CALLING || attempt.state() == AttemptState.UNKNOWN)
                && attempt.queries() < RESENDS;
    }

    /**
     * Whether it is not needed any more. While a call about it runs, its result decides. An order that needs an
     * operator's decision takes no payment meanwhile, so its attempts are closed like all others.
     */
    private boolean over(Attempt attempt) {
        Instant now = clock.instant();
        if (attempt.beingCalled(now)) return false;
        var order = orders.byKey(attempt.orderKey()).orElseThrow();
        return order.state() != OrderState.UNPAID
                || attempt.state() == AttemptState.PAYABLE
                || attempt.state() == AttemptState.CLOSING
                || !now.isBefore(attempt.closeAt());
    }
}
