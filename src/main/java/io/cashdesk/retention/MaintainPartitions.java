package io.cashdesk.retention;

import io.cashdesk.ground.clock.NodeClock;
import io.cashdesk.ground.database.MonthlyPartitions;
import io.cashdesk.ground.job.RecurringJob;
import io.cashdesk.ground.setting.Settings;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Makes the partitions of this month and the next three, moves rows that are in a default partition to where they
 * belong, and drops the partitions of months that are older than their retention. A failure never reaches a payment: a
 * row without a partition goes to the default partition, which the invariant {@code rows_are_in_partitions} reports.
 */
@ApplicationScoped
public class MaintainPartitions implements RecurringJob {
    private static final Logger LOG = Logger.getLogger(MaintainPartitions.class);

    /** No row is older than this program. An id that says so was made by a wrong clock. */
    static final YearMonth FIRST = YearMonth.of(2026, 11);

    static final int MONTHS_AHEAD = 3;

    /** Deleted from a default partition at once. */
    private static final int AT_ONCE = 500;

    /** In one run: batches deleted from a default partition, and months whose rows are moved from it. */
    private static final int MAX_STEPS = 100;

    @Inject
    MonthlyPartitions partitions;

    @Inject
    NodeClock nodeClock;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** Before the first request and before the jobs start. If it fails, the job tries again. */
    void start(
            @Observes @Initialized(ApplicationScoped.class) @Priority(Interceptor.Priority.LIBRARY_BEFORE)
                    Object atStart) {
        try {
            nodeClock.refuseWrong();
            for (var table : PartitionedTable.ALL) makeComing(table, clock.instant());
        } catch (RuntimeException e) {
            LOG.warn("The partitions of the coming months could not be made at start; rows go to the default ones", e);
        }
    }

    @Override
    public String kind() {
        return "maintain-partitions";
    }

    @Override
    public Duration every() {
        return Duration.ofHours(6);
    }

    /** @throws IllegalStateException if something failed for one table; the others were maintained nevertheless */
    @Override
    public void run() {
        var now = clock.instant();
        nodeClock.refuseWrong();
        IllegalStateException failure = null;
        for (var table : PartitionedTable.ALL) {
            try {
                maintain(table, now);
            } catch (RuntimeException e) {
                LOG.errorf(e, "The partitions of %s could not be maintained", table.name());
                if (failure == null) failure = new IllegalStateException("partitions of " + table.name(), e);
            }
        }
        if (failure != null) throw failure;
    }

    /**
     * Every step, whatever becomes of the ones before it.
     *
     * @throws IllegalStateException the first failure, the others suppressed
     */
    void maintain(PartitionedTable table, Instant now) {
        var failures = new ArrayList<RuntimeException>();
        for (Runnable step : List.<Runnable>of(
                () -> makeComing(table, now),
                () -> renumberImpossible(table, now),
                () -> deleteOld(table, now),
                () -> moveFromDefault(table, now))) {
            try {
                step.run();
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        throwFirst(failures);
    }

    private void makeComing(PartitionedTable table, Instant now) {
        var existing = partitions.of(table.name());
        var month = MonthlyPartitions.monthOf(now);
        if (month.isBefore(FIRST)) throw new IllegalStateException("the clock is wrong: it is " + month);
        var failures = new ArrayList<RuntimeException>();
        for (int i = 0; i <= MONTHS_AHEAD; i++, month = month.plusMonths(1)) {
            if (existing.contains(month)) continue;
            try {
                partitions.make(table.name(), month);
            } catch (RuntimeException e) { // the other months can be made nevertheless
                failures.add(e);
            }
        }
        throwFirst(failures);
    }

    private static void throwFirst(List<RuntimeException> failures) {
        if (failures.isEmpty()) return;
        var first = failures.get(0);
        failures.subList(1, failures.size()).forEach(first::addSuppressed);
        throw first;
    }

    /** The end of the months that may have rows; only a wrong clock makes later ids. */
    private static YearMonth end(Instant now) {
        return MonthlyPartitions.monthOf(now).plusMonths(MONTHS_AHEAD + 1L);
    }

    /**
     * Rows with an id of a time that cannot be get one of this time, so that they are kept as long as others. The id is
     * nowhere else but in {@code notification_applied}, where it only says which message was applied first.
     */
    private void renumberImpossible(PartitionedTable table, Instant now) {
        for (int step = 0; step < MAX_STEPS; step++) {
            var rows = partitions.outsideInDefault(table.name(), FIRST, end(now), AT_ONCE);
            if (rows.isEmpty()) return;
            partitions.renumber(table.name(), rows);
            LOG.warnf(
                    "A clock was wrong: %d rows of %s got ids of this time, the first of them was %s",
                    rows.size(), table.name(), rows.get(0).id());
            if (rows.size() < AT_ONCE) return;
        }
    }

    /** One month of each table in a run: if all clocks are wrong, operators have hours to see it in the log. */
    private void deleteOld(PartitionedTable table, Instant now) {
        var kept = table.kept().apply(settings);
        if (kept.isEmpty()) return;
        var oldest = MonthlyPartitions.monthOf(now.minus(kept.get()));
        var old = partitions.of(table.name()).headSet(oldest);
        if (!old.isEmpty()) {
            partitions.drop(table.name(), old.first());
            LOG.infof(
                    "Deleted the rows of %s of %s, which are older than %d days",
                    old.first(), table.name(), kept.get().toDays());
        }
        for (int step = 0; step < MAX_STEPS; step++) {
            if (partitions.deleteInDefault(table.name(), FIRST, oldest, AT_ONCE) < AT_ONCE) return;
        }
    }

    /** After a time in which this job did not run. */
    private void moveFromDefault(PartitionedTable table, Instant now) {
        for (int step = 0; step < MAX_STEPS; step++) {
            var month = partitions.oldestInDefault(table.name(), FIRST, end(now));
            if (month.isEmpty()) return;
            partitions.make(table.name(), month.get());
        }
    }
}
