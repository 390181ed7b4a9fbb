package io.cashdesk.ground.job;

import java.time.Duration;

/** A job that runs periodically, on one node at a time. */
public interface RecurringJob {
    /** Name of the job, stored in the table; must not change after a release. */
    String kind();

    /** Delay from the end of one run to the start of the next. */
    Duration every();

    /** Runs once. An exception is logged, and the job runs again after {@link #every()}. */
    void run();
}
