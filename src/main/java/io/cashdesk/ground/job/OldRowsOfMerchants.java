package io.cashdesk.ground.job;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Old rows of all merchants, the oldest first, deleted in one transaction for each merchant. Rows that are locked, or
 * of a merchant whose transaction fails, are passed over until the next run, so that they do not keep the others.
 */
public abstract class OldRowsOfMerchants implements OldRows {
    private static final Logger LOG = Logger.getLogger(OldRowsOfMerchants.class);

    /** Rows that one step reads and deletes. */
    public static final int AT_ONCE = 100;

    /** Where the next step goes on; a run begins with the oldest row. */
    private Instant next = Instant.EPOCH;

    /** A row that is old enough. */
    public record Row(UUID merchantId, UUID id, Instant createdAt) {}

    /** How long rows are kept; empty: for ever. */
    protected abstract Optional<Duration> kept();

    /** Rows that were created in this time, the oldest first; reads an index in their order, and locks nothing. */
    protected abstract List<Row> oldest(Instant from, Instant before, int atMost);

    /** Deletes those of these rows that are not locked, in a transaction of its own that waits a second at most. */
    protected abstract void delete(UUID merchant, List<UUID> ids);

    @Override
    public synchronized boolean deleteSome(Instant now) {
        var kept = kept();
        if (kept.isEmpty()) return false;
        var rows = oldest(next, now.minus(kept.get()), AT_ONCE);
        rows.stream()
                .collect(groupingBy(Row::merchantId, mapping(Row::id, toList())))
                .forEach(this::tryToDelete);
        var more = rows.size() == AT_ONCE && !Thread.currentThread().isInterrupted();
        next = more ? rows.get(rows.size() - 1).createdAt().plusNanos(1_000) : Instant.EPOCH;
        return more;
    }

    private void tryToDelete(UUID merchant, List<UUID> ids) {
        if (Thread.currentThread().isInterrupted()) return;
        try {
            delete(merchant, ids);
        } catch (RuntimeException e) { // must not stop the work on other merchants' rows
            LOG.warnf("Old %s of merchant %s could not be deleted: %s", name(), merchant, e);
        }
    }
}
