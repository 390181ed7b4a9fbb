package io.cashdesk.order;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * When the provider is next queried about an attempt of which no notification came: 5 s after it was made, then at
 * doubling intervals up to 10 minutes. While it is being closed, at least every 15 s. At the point of sale every 5 s,
 * because no wallet page reports the result there. Two moments are never missed: when the attempt is to be closed, and
 * once right after its end.
 */
public final class QuerySchedule {
    private static final long FIRST_SECONDS = 5;
    private static final long LONGEST_SECONDS = 600;
    private static final Duration AT_POINT_OF_SALE = Duration.ofSeconds(5);
    private static final Duration WHILE_CLOSING = Duration.ofSeconds(15);

    /** Doublings after which the interval has reached its maximum. */
    private static final int DOUBLINGS = 7;

    private QuerySchedule() {}

    /** The interval after so many queries, for an attempt that is not being closed. */
    public static Duration backOff(int queries) {
        return Duration.ofSeconds(Math.min(LONGEST_SECONDS, FIRST_SECONDS << Math.min(queries, DOUBLINGS)));
    }

    /** The next moment, counted from now and from how many queries were made already. */
    public static Instant next(Attempt attempt, Instant now) {
        var backOff = backOff(attempt.queries());
        var end = attempt.expiresAt().plus(Attempt.GRACE).plusSeconds(1);
        var closing = !now.isBefore(attempt.closeAt()) && now.isBefore(end);
        var interval = closing && backOff.compareTo(WHILE_CLOSING) > 0 ? WHILE_CLOSING : backOff;
        var next = now.plus(attempt.byPaymentCode() && now.isBefore(end) ? AT_POINT_OF_SALE : interval);
        return Stream.of(attempt.closeAt(), end)
                .filter(moment -> now.isBefore(moment) && moment.isBefore(next))
                .min(Comparator.naturalOrder())
                .orElse(next);
    }
}
