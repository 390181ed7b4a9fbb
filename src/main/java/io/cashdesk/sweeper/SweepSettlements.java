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
import io.cashdesk.settlement.SettlePayment;
import io.cashdesk.settlement.Settlements;
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
 * Settles payments that are due, and goes on with settlements whose call has no result or that have not ended; on every
 * node, each for the settlements that it claims.
 */
@ApplicationScoped
class SweepSettlements implements NodeJob {
    private static final Logger LOG = Logger.getLogger(SweepSettlements.class);
    private static final int THREADS = 4;

    /** When those of an account to which no calls are made are due again. */
    private static final Duration WHILE_RESTING = Duration.ofMinutes(1);

    @Resource
    ManagedExecutorService threads;

    @Inject
    Settlements settlements;

    @Inject
    SettlePayment settlePayment;

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

    SweepSettlements() {}

    @PostConstruct
    void open() {
        lane = new Lane(threads, THREADS);
    }

    @Override
    public String name() {
        return "sweep-settlements";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    @Override
    public boolean run() {
        var room = lane.room();
        if (room == 0) return false;
        var now = clock.instant();
        var held = Lane.heldUntil(now);
        var due = transactions.inNew(() -> settlements.claimDue(now, held, room));
        due.stream().collect(groupingBy(Settlements.Due::accountId)).forEach(this::begin);
        return due.size() == room;
    }

    private void begin(UUID account, List<Settlements.Due> due) {
        var later = new ArrayList<Settlements.Due>();
        var resting = calls.resting(account);
        for (var one : due) {
            var begun = !resting
                    && lane.offer(account, one.key().id(), () -> share.run(Work.SETTLEMENTS, () -> resume(one)));
            if (!begun) later.add(one);
        }
        if (later.isEmpty()) return;
        var now = clock.instant();
        var at = resting ? now.plus(WHILE_RESTING) : lane.turn(account, later.size(), now);
        var merchant = due.get(0).key().order().merchantId();
        transactions.runInNew(() -> settlements.moveOn(merchant, later, at));
    }

    private void resume(Settlements.Due due) {
        if (!settlements.holds(due)) return; // it waited too long, and another node has claimed it
        try {
            settlePayment.resume(due.key());
        } catch (ProviderFailure | Problem notNow) {
            failures.log(due.accountId(), "settlement " + due.key().id() + " stays open", notNow);
        } catch (RuntimeException e) { // must not stop the work on other ones
            LOG.errorf(e, "Working on settlement %s failed", due.key().id());
        }
    }
}
