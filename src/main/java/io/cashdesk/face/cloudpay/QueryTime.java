package io.cashdesk.face.cloudpay;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * How long one call may begin queries at the provider. They run one after the other, and the caller is a cloud
 * function, which by default ends after some seconds.
 */
final class QueryTime {
    /** Not counted is the rest of the last query, which may last until its own timeout. */
    static final Duration LONGEST = Duration.ofSeconds(3);

    private final Clock clock;
    private final Instant end;

    QueryTime(Clock clock) {
        this.clock = clock;
        this.end = clock.instant().plus(LONGEST);
    }

    /** Whether no further query may begin. */
    boolean isOver() {
        return !clock.instant().isBefore(end);
    }
}
