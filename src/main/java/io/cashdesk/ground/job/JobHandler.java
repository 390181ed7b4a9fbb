package io.cashdesk.ground.job;

import java.time.Instant;
import java.util.Optional;

/** One kind of background job. For each id it runs on one node at a time, outside of any transaction. */
public interface JobHandler {
    /** Name of this kind of job, stored in the table; must not change after a release. */
    String kind();

    /**
     * Runs the job for this id. An exception is logged, and the job runs again after 30 seconds.
     *
     * @return when to run again, or empty if the job is finished (succeeded, or given up with a log entry)
     */
    Optional<Instant> run(String id);
}
