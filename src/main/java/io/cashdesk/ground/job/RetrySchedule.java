package io.cashdesk.ground.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When to try again what did not work: soon, then later and later, for three days. */
public final class RetrySchedule {
    /** After so long we give up, loudly. */
    public static final Duration LIMIT = Duration.ofDays(3);

    private static final long[] PAUSES_SECONDS = {5, 15, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800};

    /** Between two tries lies no more than this, unless we are asked to stay away for longer. */
    public static final Duration LONGEST_PAUSE = Duration.ofSeconds(PAUSES_SECONDS[PAUSES_SECONDS.length - 1] * 6 / 5);

    private RetrySchedule() {}

    /**
     * @param begun when it was tried first
     * @param tries how often it has been tried before this time
     * @param atLeast a pause that must not be shorter than this
     * @param jitter from 0 to 1: how much of a fifth of the pause is added, so that a crowd does not come back at once
     * @return when to try again, or empty if patience ends before that
     */
    public static Optional<Instant> next(Instant begun, int tries, Instant now, Duration atLeast, double jitter) {
        var pause = Duration.ofSeconds(PAUSES_SECONDS[Math.min(tries, PAUSES_SECONDS.length - 1)]);
        if (atLeast.compareTo(pause) > 0) pause = atLeast;
        var next = now.plus(pause).plusMillis((long) (pause.toMillis() * jitter / 5));
        return next.isAfter(begun.plus(LIMIT)) ? Optional.empty() : Optional.of(next);
    }
}
