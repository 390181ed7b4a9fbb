package io.cashdesk.ground.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Retry schedule: 5 s, 15 s, 1 min, 5 min, 15 min, 30 min, 1 h, 2 h, 4 h, then every 8 h, for three days; up to 20 %
 * jitter.
 */
public final class RetrySchedule {
    /** Time from the first try after which there are no more retries. */
    public static final Duration LIMIT = Duration.ofDays(3);

    private static final long[] PAUSES_SECONDS = {5, 15, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800};

    /** Longest pause between two tries, jitter included, if no longer one is requested by {@code Retry-After}. */
    public static final Duration LONGEST_PAUSE = Duration.ofSeconds(PAUSES_SECONDS[PAUSES_SECONDS.length - 1] * 6 / 5);

    private RetrySchedule() {}

    /**
     * The time of the next try.
     *
     * @param begun time of the first try
     * @param tries number of tries before the one that failed at {@code now}
     * @param atLeast minimum pause, for instance from a {@code Retry-After} header
     * @param jitter random number from 0 to 1: which part of 20 % of the pause is added, so that many retries do not
     *     run at once
     * @return the time of the next try, or empty if it would be later than {@link #LIMIT} after the first
     */
    public static Optional<Instant> next(Instant begun, int tries, Instant now, Duration atLeast, double jitter) {
        var pause = Duration.ofSeconds(PAUSES_SECONDS[Math.min(tries, PAUSES_SECONDS.length - 1)]);
        if (atLeast.compareTo(pause) > 0) pause = atLeast;
        var next = now.plus(pause).plusMillis((long) (pause.toMillis() * jitter / 5));
        return next.isAfter(begun.plus(LIMIT)) ? Optional.empty() : Optional.of(next);
    }
}
