package io.cashdesk.sweeper;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * One kind of the sweeper's work, with its own threads, so that no kind waits for another. For an account that has more
 * due than can be done soon it gives later moments, one after the other, so that its many rows do not hide those of
 * other accounts.
 */
class Lane {
    /** Rows that one look claims at most. */
    static final int BATCH = 200;

    /** For so long no node takes a claimed row again: longer than a task waits, and then makes its first statement. */
    static final Duration HOLD = Duration.ofSeconds(30);

    private static final Duration SOONEST = Duration.ofSeconds(5);
    private static final Duration LATEST = Duration.ofMinutes(5);
    private static final int MOST_ACCOUNTS = 10_000;

    private final PerAccountExecutor executor;
    private final Map<UUID, Instant> nextTurn = new HashMap<>();

    Lane(Executor threads, int atOnce) {
        executor = new PerAccountExecutor(threads, atOnce);
    }

    /** How many rows may be claimed now. */
    int room() {
        return executor.room() > 0 ? BATCH : 0; // what finds no place gets a later moment
    }

    static Instant heldUntil(Instant now) {
        return now.plus(HOLD).truncatedTo(ChronoUnit.MICROS); // as it is stored
    }

    boolean offer(UUID account, UUID id, Runnable task) {
        return executor.offer(account, id, task);
    }

    /**
     * When so many rows of an account, for which there is no time now, are due again: behind those of earlier looks.
     */
    Instant turn(UUID account, int rows, Instant now) {
        if (nextTurn.size() >= MOST_ACCOUNTS) nextTurn.clear();
        var soonest = now.plus(SOONEST);
        var latest = now.plus(LATEST);
        var before = nextTurn.getOrDefault(account, soonest);
        var turn = before.isBefore(soonest) ? soonest : before;
        if (turn.isAfter(latest)) turn = latest;
        nextTurn.put(account, turn.plus(executor.timeFor(account, rows)));
        return turn.truncatedTo(ChronoUnit.MICROS);
    }
}
