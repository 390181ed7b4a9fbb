package io.cashdesk.health;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The detailed state of the server as an operator reads it, at one moment.
 *
 * @param needPerson how many orders wait for a decision of an operator
 */
record HealthView(List<InvariantView> invariants, DatabaseView database, List<JobView> jobs, long needPerson) {
    HealthView {
        invariants = List.copyOf(invariants);
        jobs = List.copyOf(jobs);
    }

    /** Whether every invariant is known to hold. */
    boolean balanced() {
        return invariants.stream().allMatch(i -> i.state() == State.HOLDS);
    }

    /** Whether an invariant holds. */
    enum State {
        HOLDS,
        BROKEN,
        /** It was not checked lately. */
        UNKNOWN
    }

    /** @param last empty if it was never checked */
    record InvariantView(Invariant invariant, State state, Optional<InvariantResults.LastResult> last) {}

    /**
     * The PostgreSQL server.
     *
     * @param standby whether it is read-only
     * @param bytes the size of the database
     * @param answeredIn how long it took to get a connection and this answer
     */
    record DatabaseView(String version, boolean standby, String synchronousCommit, long bytes, Duration answeredIn) {}

    /**
     * All jobs of one kind.
     *
     * @param next the earliest moment at which one is due
     * @param failures the most consecutive failures of one of them
     */
    record JobView(
            String kind,
            long number,
            long running,
            Optional<Instant> next,
            Optional<Instant> lastSuccess,
            int failures) {}
}
