package io.cashdesk.ground.job;

import io.cashdesk.ground.clock.ClockState;
import io.cashdesk.ground.metric.Gauges;
import io.cashdesk.ground.setting.Suspension;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Runs every {@link NodeJob} on this node, from the start of the server until it is suspended or stops. */
@ApplicationScoped
public class NodeJobs implements Gauges {
    private static final Logger LOG = Logger.getLogger(NodeJobs.class);
    private static final long FINISH_SECONDS = 20;

    @Resource
    ManagedThreadFactory threads;

    @Inject
    @Any
    Instance<NodeJob> jobs;

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<Thread> loops = new ArrayList<>();
    private final Map<String, Long> succeeded = new ConcurrentHashMap<>();
    private volatile boolean suspended;
    private volatile boolean clockIsWrong;

    void start(@Observes @Initialized(ApplicationScoped.class) Object atStart) {
        for (var job : jobs) {
            var loop = threads.newThread(() -> loop(job));
            loop.setName("cashdesk-" + job.name());
            loops.add(loop);
            loop.start();
        }
    }

    /** On suspension of this node, a run that has begun finishes and none begins; other nodes do what is due. */
    void suspend(@Observes Suspension suspension) {
        suspended = suspension.begins();
    }

    /** While this node's clock is wrong, no run begins; other nodes do what is due. */
    void on(@Observes ClockState clockState) {
        clockIsWrong = clockState.wrong();
    }

    /** At shutdown, waits for runs that have begun, before the beans that they use are destroyed. */
    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object atEnd) {
        stopping.countDown();
        try {
            for (var loop : loops) loop.join(TimeUnit.SECONDS.toMillis(FINISH_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void read(Sink sink) {
        succeeded.forEach((job, at) -> sink.gauge(
                "cashdesk_node_job_idle_seconds",
                "Seconds since the last run of this job on this node that did not fail",
                Duration.ofNanos(System.nanoTime() - at).toMillis() / 1_000.0,
                "job",
                job));
    }

    private void loop(NodeJob job) {
        try {
            while (!stopping.await(job.every().toMillis(), TimeUnit.MILLISECONDS)) runWhileThereIsMore(job);
        } catch (InterruptedException e) { // the server ends
            Thread.currentThread().interrupt();
        }
    }

    private void runWhileThereIsMore(NodeJob job) {
        try {
            var more = true;
            while (more && !suspended && !clockIsWrong && stopping.getCount() > 0) {
                more = job.run();
                succeeded.put(job.name(), System.nanoTime());
            }
        } catch (RuntimeException | Error e) { // whatever it is, the job runs again
            if (stopping.getCount() > 0) LOG.errorf(e, "%s failed and runs again", job.name());
        }
    }
}
