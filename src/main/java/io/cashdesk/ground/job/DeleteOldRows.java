package io.cashdesk.ground.job;

import io.cashdesk.ground.clock.NodeClock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Deletes {@link OldRows} of all kinds, in small transactions with a pause after each. A kind that fails does not keep
 * the others from being deleted.
 */
@ApplicationScoped
public class DeleteOldRows implements RecurringJob {
    private static final Logger LOG = Logger.getLogger(DeleteOldRows.class);

    /**
     * Steps of one kind in one run. With the steps of 500 rows that idempotency keys are deleted in, a run each minute
     * keeps up with 1,600 new keys per second.
     */
    static final int MAX_STEPS = 200;

    private static final Duration PAUSE = Duration.ofMillis(10);

    @Inject
    @Any
    Instance<OldRows> kinds;

    @Inject
    NodeClock nodeClock;

    @Inject
    Clock clock;

    @Override
    public String kind() {
        return "delete-old-rows";
    }

    @Override
    public Duration every() {
        return Duration.ofMinutes(1);
    }

    /** @throws IllegalStateException if this node's clock is wrong; nothing is deleted then */
    @Override
    public void run() {
        nodeClock.refuseWrong();
        deleteAll(kinds);
    }

    /** @throws IllegalStateException if one kind failed; the others were deleted nevertheless */
    void deleteAll(Iterable<OldRows> kinds) {
        IllegalStateException failure = null;
        for (var kind : kinds) {
            try {
                delete(kind);
            } catch (RuntimeException e) {
                LOG.warnf("Old %s could not be deleted: %s", kind.name(), e);
                if (failure == null) failure = new IllegalStateException("old " + kind.name() + " stay", e);
            }
        }
        if (failure != null) throw failure;
    }

    private void delete(OldRows kind) {
        for (int step = 1; kind.deleteSome(clock.instant()); step++) {
            if (step == MAX_STEPS || !pause()) return; // the rest is deleted in the next run
        }
    }

    /** @return false if this thread is to stop */
    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
