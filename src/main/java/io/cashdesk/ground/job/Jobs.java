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
import io.cashdesk.ground.clock.ClockState;
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
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Background jobs stored in tables (db-scheduler): claimed by one node, and taken over by another node about 12 seconds
 * after its last heartbeat. {@code scheduled_tasks} has the one-time jobs, {@code recurring_tasks} the recurring ones.
 * Both have separate threads, so that one-time jobs which wait for slow servers cannot delay the sweeper.
 */
@ApplicationScoped
public class Jobs {
    private static final Logger LOG = Logger.getLogger(Jobs.class);
    private static final Duration RETRY_AFTER_EXCEPTION = Duration.ofSeconds(30);
    private static final int ONE_TIME_THREADS = 8;

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
    private Scheduler oneTimeScheduler;
    private Scheduler recurringScheduler;
    private boolean suspended;
    private boolean clockIsWrong;

    synchronized void start(@Observes @Initialized(ApplicationScoped.class) Object atStart) {
        for (var handler : handlers) tasks.put(handler.kind(), task(handler));
        var starting = new ArrayList<RecurringTask<Void>>();
        for (var job : recurring) {
            starting.add(
                    Tasks.recurring(job.kind(), FixedDelay.of(job.every())).execute((instance, context) -> job.run()));
        }
        oneTimeScheduler = scheduler(Scheduler.create(pool, new ArrayList<>(tasks.values())), ONE_TIME_THREADS);
        recurringScheduler = scheduler(
                Scheduler.create(pool).startTasks(starting).tableName("recurring_tasks"), Math.max(1, starting.size()));
        pauseOrResume();
        oneTimeScheduler.start();
        recurringScheduler.start();
    }

    private Scheduler scheduler(SchedulerBuilder builder, int threads) {
        return builder.schedulerName(() -> settings.node())
                .clock(clock::instant)
                .threads(threads)
                .pollingInterval(Duration.ofMillis(500))
                .heartbeatInterval(Duration.ofSeconds(3))
                .missedHeartbeatsLimit(4)
                .shutdownMaxWait(Duration.ofSeconds(20))
                .build();
    }

    /** On suspension of this node, running jobs finish and no new ones start; other nodes run what is due. */
    synchronized void suspend(@Observes Suspension suspension) {
        suspended = suspension.begins();
        pauseOrResume();
    }

    /** While this node's clock is wrong, it starts no recurring jobs; other nodes run what is due. */
    synchronized void on(@Observes ClockState clockState) {
        clockIsWrong = clockState.wrong();
        pauseOrResume();
    }

    private void pauseOrResume() {
        if (recurringScheduler == null) return; // not started yet
        if (suspended) oneTimeScheduler.pause();
        else oneTimeScheduler.resume();
        if (suspended || clockIsWrong) recurringScheduler.pause();
        else recurringScheduler.resume();
    }

    /** At shutdown, waits up to 20 seconds for running jobs, before the beans that they use are destroyed. */
    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object atEnd) {
        if (recurringScheduler != null) recurringScheduler.stop();
        if (oneTimeScheduler != null) oneTimeScheduler.stop();
    }

    /**
     * Stores a one-time job in the open transaction; it starts at {@code at}, or soon after the commit if that is past.
     * Does nothing if the job exists already.
     */
    public void schedule(String kind, String id, Instant at) {
        oneTimeScheduler.scheduleIfNotExists(tasks.get(kind).instance(id), at);
        transactions.afterCommit(oneTimeScheduler::triggerCheckForDueExecutions);
    }

    private CustomTask<Void> task(JobHandler handler) {
        return Tasks.custom(handler.kind(), Void.class)
                .onFailure(new RetryAfterException())
                .onDeadExecutionRevive()
                .execute((instance, context) -> finish(handler.run(instance.getId())));
    }

    private static CompletionHandler<Void> finish(Optional<Instant> next) {
        return (complete, operations) ->
                next.ifPresentOrElse(at -> operations.reschedule(complete, at), operations::remove);
    }

    /** The job threw an exception: logs it and runs the job again after {@link #RETRY_AFTER_EXCEPTION}. */
    private final class RetryAfterException implements FailureHandler<Void> {
        @Override
        public void onFailure(ExecutionComplete complete, ExecutionOperations<Void> operations) {
            TaskInstanceId task = complete.getExecution().taskInstance;
            LOG.errorf(
                    complete.getCause().orElse(null),
                    "Job %s %s threw an exception and will run again",
                    task.getTaskName(),
                    task.getId());
            operations.reschedule(complete, clock.instant().plus(RETRY_AFTER_EXCEPTION));
        }
    }
}
