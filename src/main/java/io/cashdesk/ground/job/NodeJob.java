package io.cashdesk.ground.job;

import java.time.Duration;

/**
 * A job that every node runs by itself, in a thread of its own. Nodes that run the same job at the same moment must
 * claim different rows, for instance with {@code for update skip locked}; so the work is shared by all of them, and
 * that of a node that ends is done by the others.
 */
public interface NodeJob {
    /** Name of the job, for the thread and the log. */
    String name();

    /** Delay after a run that found nothing more to do. */
    Duration every();

    /**
     * Runs once; outside of any transaction. An exception is logged, and the job runs again after {@link #every()}.
     *
     * @return whether there may be more to do now, so that it is to run again without a delay
     */
    boolean run();
}
