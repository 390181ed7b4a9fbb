package io.cashdesk.sweeper;

import static java.util.stream.Collectors.groupingBy;

import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.BackgroundShare;
import io.cashdesk.ground.job.BackgroundShare.Work;
import io.cashdesk.ground.job.NodeJob;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.refund.RefundPayment;
import io.cashdesk.refund.Refunds;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Queries providers about refunds until they have ended, and goes on with those whose call has no result; on every
 * node, each for the refunds that it claims.
 */
@ApplicationScoped
class SweepRefunds implements NodeJob {
    private static final Logger LOG = Logger.getLogger(SweepRefunds.class);
    private static final int THREADS = 8;

    /** When refunds of an account to which no calls are made are due again. */
    private static final Duration WHILE_RESTING = Duration.ofMinutes(1);

    @Resource
    ManagedExecutorService threads;

    @Inject
    Refunds refunds;

    @Inject
    RefundPayment refundPayment;

    @Inject
    ProviderCalls calls;

    @Inject
    BackgroundShare share;

    @Inject
    FailureLog failures;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    private Lane lane;

    SweepRefunds() {}

    @PostConstruct
    void open() {
        lane = new Lane(threads, THREADS);
    }

    @Override
    public String name() {
        return "sweep-refunds";
    }

    @Override
    public Duration every() {
        return Duration.ofMillis(500);
    }

    @Override
    public boolean run() {
        var room = lane.room();
        if (room == 0) return false;
        var now = clock.instant();
        var held = Lane.heldUntil(now);
        var due = transactions.inNew(() -> refunds.claimDue(now, held, room));
        due.stream().collect(groupingBy(Refunds.Due::accountId)).forEach(this::begin);
        return due.size() == room;
    }

    private void begin(UUID account, List<Refunds.Due> due) {
        var later = new ArrayList<Refunds.Due>();
        var resting = calls.resting(account); // refusals of queries about payments say nothing about refunds
        for (var one : due) {
            var begun =
                    !resting && lane.offer(account, one.key().id(), () -> share.run(Work.REFUNDS, () -> resume(one)));
            if (!begun) later.add(one);
        }
        if (later.isEmpty()) return;
        var now = clock.instant();
        var at = resting ? now.plus(WHILE_RESTING) : lane.turn(account, later.size(), now);
        var merchant = due.get(0).key().order().merchantId();
        transactions.runInNew(() -> refunds.moveOn(merchant, later, at));
    }

    private void resume(Refunds.Due due) {
        if (!refunds.holds(due)) return; // it waited too long, and another node has claimed it
        try {
            refundPayment.resume(due.key());
        } catch (ProviderFailure | Problem notNow) {
            failures.log(due.accountId(), "refund " + due.key().id() + " stays open", notNow);
        } catch (RuntimeException e) { // must not stop the work on other refunds
            LOG.errorf(e, "Querying refund %s failed", due.key().id());
        }
    }
}
