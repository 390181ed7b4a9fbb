package io.cashdesk.ground.job;

import java.time.Instant;
import java.util.Optional;

/** What one kind of background work does. Runs on one node at a time for each id, outside any transaction. */
public interface JobHandler {
    /** The kind's name, kept in the table: never renamed once released. */
    String kind();

    /**
     * Does the work for this id.
     *
     * @return when to try again, or empty if the work is finished (done, or given up loudly)
     */
    Optional<Instant> run(String id);
}
