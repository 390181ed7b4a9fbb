package io.cashdesk.ground.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.cashdesk.ground.database.CashdeskDataSource;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.setting.Suspension;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Background work kept in tables: claimed by one node, taken over when that node dies. {@code scheduled_tasks} has what is done once;
 * {@code recurring_tasks} what comes back for ever, with threads of its own, so that jobs which wait for slow servers cannot keep the
 * sweeper from its rounds.
 */
@ApplicationScoped
public class Jobs {
    private static final Logger LOG = Logger.getLogger(Jobs.class);
    private static final Duration AFTER_A_CRASH = Duration.ofSeconds(30);
    private static final int JOBS_AT_ONCE = 8;

    @Inject
    @Any
    Instance<JobHandler> handlers;

    @Inject
    @Any
    Instance<RecurringJob> recurring;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    private final Map<String, CustomTask<Void>> tasks = new HashMap<>();
    private Scheduler once;
    private Scheduler forEver;

    void start(@Observes @Initialized(ApplicationScoped.class) Object atStart) {
        for (var handler : handlers) tasks.put(handler.kind(), task(handler));
        var starting = new ArrayList<RecurringTask<Void>>();
        for (var work : recurring) {
            starting.add(Tasks.recurring(work.kind(), FixedDelay.of(work.every()))
                    .execute((instance, context) -> work.run()));
        }
        once = scheduler(Scheduler.create(pool, new ArrayList<>(tasks.values())), JOBS_AT_ONCE);
        forEver = scheduler(
                Scheduler.create(pool).startTasks(starting).tableName("recurring_tasks"), Math.max(1, starting.size()));
        once.start();
        forEver.start();
    }

    private Scheduler scheduler(SchedulerBuilder builder, int threads) {
        return builder.schedulerName(() -> settings.node())
                .threads(threads)
                .pollingInterval(Duration.ofMillis(500))
                .heartbeatInterval(Duration.ofSeconds(3))
                .missedHeartbeatsLimit(4)
                .shutdownMaxWait(Duration.ofSeconds(20))
                .build();
    }

    /** This node is being stopped: what runs is finished, what is due is left to the others. */
    void suspend(@Observes Suspension suspension) {
        for (var scheduler : List.of(forEver, once)) {
            if (suspension.begins()) scheduler.pause();
            else scheduler.resume();
        }
    }

    /** Before anything is taken away that a job may need: waits for what runs. */
    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object atEnd) {
        if (forEver != null) forEver.stop();
        if (once != null) once.stop();
    }

    /** Puts work in the table, in the transaction that is open: rolled back with it, begun soon after it commits. */
    public void schedule(String kind, String id, Instant at) {
        once.scheduleIfNotExists(tasks.get(kind).instance(id), at);
        transactions.afterCommit(once::triggerCheckForDueExecutions);
    }

    private CustomTask<Void> task(JobHandler handler) {
        return Tasks.custom(handler.kind(), Void.class)
                .onFailure(new AgainAfterACrash())
                .onDeadExecutionRevive()
                .execute((instance, context) -> finish(handler.run(instance.getId())));
    }

    private static CompletionHandler<Void> finish(Optional<Instant> again) {
        return (complete, operations) ->
                again.ifPresentOrElse(at -> operations.reschedule(complete, at), operations::remove);
    }

    /** The work itself broke: said loudly, tried again soon. */
    private final class AgainAfterACrash implements FailureHandler<Void> {
        @Override
        public void onFailure(ExecutionComplete complete, ExecutionOperations<Void> operations) {
            TaskInstanceId task = complete.getExecution().taskInstance;
            LOG.errorf(
                    complete.getCause().orElse(null),
                    "Job %s %s broke and runs again",
                    task.getTaskName(),
                    task.getId());
            operations.reschedule(complete, clock.instant().plus(AFTER_A_CRASH));
        }
    }
}
