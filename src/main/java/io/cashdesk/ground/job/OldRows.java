package io.cashdesk.ground.job;

import java.time.Instant;

/**
 * Rows of one kind that are deleted when they are old enough. Every bean that implements this is called by
 * {@link DeleteOldRows}; it belongs to the package whose rows they are.
 */
public interface OldRows {
    /** What they are, in the plural, for the log. */
    String name();

    /**
     * Deletes the oldest of them, a few hundred rows at most, in one transaction or several, each of less than a
     * second. Rows that another transaction has locked are left for the next run.
     *
     * @return whether there may be more to delete now
     */
    boolean deleteSome(Instant now);
}
