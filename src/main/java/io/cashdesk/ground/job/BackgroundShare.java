package io.cashdesk.ground.job;

import io.cashdesk.ground.http.CallersAtWork;
import io.cashdesk.ground.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the processor time that background work takes from callers. Each kind of work has a budget of its own: while
 * callers are at work on this node, its tasks together take at most that part of one core, measured as the processor
 * time of their threads (what the database uses for them is not included). Without callers there is no limit.
 */
@ApplicationScoped
public class BackgroundShare {
    private static final long CHECK_MILLIS = 20;

    /** Every wait has an end: then the task runs, whatever its budget. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private static final Duration LONGEST_URGENT_WAIT = Duration.ofMillis(500);

    /** The kinds of background work. */
    public enum Work {
        /** Calls without a result, and payers who wait at the point of sale. */
        URGENT,
        /** Queries about payments. */
        QUERIES,
        /** Closing attempts at their providers. */
        CLOSES,
        /** Closing orders, for which no provider is called. */
        ORDERS,
        /** Queries and repeated requests of refunds. */
        REFUNDS,
        /** Settlements, which no payer waits for. */
        SETTLEMENTS,
        /** Webhooks that are sent. */
        WEBHOOKS
    }

    @Inject
    CallersAtWork callers;

    @Inject
    Settings settings;

    private final ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
    private final Map<Work, ProcessorBudget> budgets = new EnumMap<>(Work.class);

    public BackgroundShare() {}

    @PostConstruct
    void open() {
        var now = System.nanoTime();
        budgets.put(Work.URGENT, new ProcessorBudget(halfOf(settings.queriesCpu()), now));
        budgets.put(Work.QUERIES, new ProcessorBudget(settings.queriesCpu(), now));
        budgets.put(Work.CLOSES, new ProcessorBudget(settings.closesCpu(), now));
        budgets.put(Work.ORDERS, new ProcessorBudget(halfOf(settings.closesCpu()), now));
        budgets.put(Work.REFUNDS, new ProcessorBudget(settings.refundsCpu(), now));
        budgets.put(Work.SETTLEMENTS, new ProcessorBudget(halfOf(settings.refundsCpu()), now));
        budgets.put(Work.WEBHOOKS, new ProcessorBudget(settings.webhooksCpu(), now));
    }

    private static int halfOf(int percent) {
        return Math.max(1, percent / 2);
    }

    /** Runs the task in this thread, as soon as its kind has processor time left or no caller is at work. */
    public void run(Work work, Runnable task) {
        waitForShare(work);
        var before = cpu.getCurrentThreadCpuTime();
        try {
            task.run();
        } finally {
            budgets.get(work).use(cpu.getCurrentThreadCpuTime() - before, System.nanoTime());
        }
    }

    /** Whether a task of this kind may run now. */
    boolean free(Work work) {
        return !callers.any() || budgets.get(work).left(System.nanoTime());
    }

    private void waitForShare(Work work) {
        var longest = work == Work.URGENT ? LONGEST_URGENT_WAIT : LONGEST_WAIT;
        var until = System.nanoTime() + longest.toNanos();
        try {
            while (!free(work) && System.nanoTime() < until) TimeUnit.MILLISECONDS.sleep(CHECK_MILLIS);
        } catch (InterruptedException e) { // the server stops: the task sees it at its next wait
            Thread.currentThread().interrupt();
        }
    }
}
