package io.cashdesk.order;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When the provider is next queried about an attempt of which no notification came.
 *
 * <p>Rarely, where the account's notifications have proved that they arrive ({@link NotificationProof}): 60 s, 5 min
 * and 15 min after it was made, half-way to its end, right after its end, and when it is to be closed.
 *
 * <p>Often otherwise, and always while the outcome of a call is unknown: 5 s after it was made, then at doubling
 * intervals up to 10 minutes. While it is being closed, at least every 15 s. At the point of sale every 5 s, because no
 * wallet page reports the result there. Two moments are never missed: when the attempt is to be closed, and once right
 * after its end.
 *
 * <p>An attempt that no provider ends is watched after it was closed here: 15 min, 1 h, 6 h and 24 h after its end,
 * four queries in all (docs/adr/0009).
 */
@ApplicationScoped
public class QuerySchedule {
    private static final long FIRST_SECONDS = 5;
    private static final long LONGEST_SECONDS = 600;
    private static final Duration AT_POINT_OF_SALE = Duration.ofSeconds(5);
    private static final Duration WHILE_CLOSING = Duration.ofSeconds(15);

    /** After the end of an attempt that was closed here alone. */
    private static final List<Duration> WATCH =
            List.of(Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofHours(6), Duration.ofHours(24));

    /** When the last of these queries is repeated, if it gets no answer. */
    private static final Duration WATCH_AGAIN = Duration.ofDays(1);

    /** Doublings after which the interval has reached its maximum. */
    private static final int DOUBLINGS = 7;

    @Inject
    NotificationProof proof;

    /** The interval after so many queries, for an attempt that is not being closed. */
    public static Duration backOff(int queries) {
        return Duration.ofSeconds(Math.min(LONGEST_SECONDS, FIRST_SECONDS << Math.min(queries, DOUBLINGS)));
    }

    /** The next moment, counted from now and from how many queries were made already. */
    public Instant next(Attempt attempt, Instant now) {
        if (attempt.state() == AttemptState.CLOSED) return watch(attempt, now).orElseGet(() -> now.plus(WATCH_AGAIN));
        var unknown = attempt.state() == AttemptState.UNKNOWN
                || (attempt.state() == AttemptState.PAYABLE && attempt.outcomeUnknown())
                || (attempt.state() == AttemptState.CALLING && !attempt.beingCalled(now));
        if (unknown || attempt.byPaymentCode() || !proof.works(attempt.merchantId(), attempt.accountId())) {
            return often(attempt, now);
        }
        return rarely(attempt, now).orElseGet(() -> often(attempt, now));
    }

    /**
     * The next moment for an attempt that was closed here alone, so that its money may still come; empty if it has been
     * watched for long enough.
     */
    public static Optional<Instant> watch(Attempt attempt, Instant now) {
        return WATCH.stream()
                .map(watchedFrom(attempt)::plus)
                .filter(now::isBefore)
                .findFirst()
                .map(moment -> moment.truncatedTo(ChronoUnit.MICROS));
    }

    /** Whether a provider that never says clearly whether it is paid has had time enough to say it. */
    public static boolean mayEndUnclear(Attempt attempt, Instant now) {
        return !now.isBefore(watchedFrom(attempt).plus(WATCH.get(0)));
    }

    private static Instant watchedFrom(Attempt attempt) {
        return attempt.endsAt().isAfter(attempt.closeAt()) ? attempt.endsAt() : attempt.closeAt();
    }

    /** As {@link #next}, and what is due then. */
    public NextQuery nextStep(Attempt attempt, Instant now) {
        var at = next(attempt, now);
        return new NextQuery(at, attempt.state().mayBePaid() ? NextStep.of(attempt, at) : NextStep.QUERY, attempt);
    }

    /** The next moment without any trust in notifications. */
    public static Instant often(Attempt attempt, Instant now) {
        var backOff = backOff(attempt.queries());
        var end = end(attempt);
        var interval = closing(attempt, now) && backOff.compareTo(WHILE_CLOSING) > 0 ? WHILE_CLOSING : backOff;
        var next = now.plus(attempt.byPaymentCode() && now.isBefore(end) ? AT_POINT_OF_SALE : interval);
        return Stream.of(attempt.closeAt(), end)
                .filter(moment -> now.isBefore(moment) && moment.isBefore(next))
                .min(Comparator.naturalOrder())
                .orElse(next)
                .truncatedTo(ChronoUnit.MICROS); // as it is stored
    }

    /** The next moment if notifications arrive; empty if it is being closed, or all moments have passed. */
    static Optional<Instant> rarely(Attempt attempt, Instant now) {
        if (closing(attempt, now)) return Optional.empty();
        var made = attempt.createdAt();
        var half = made.plus(Duration.between(made, attempt.expiresAt()).dividedBy(2));
        return Stream.of(
                        made.plusSeconds(60),
                        made.plusSeconds(300),
                        made.plusSeconds(900),
                        half,
                        end(attempt),
                        attempt.closeAt())
                .filter(now::isBefore)
                .min(Comparator.naturalOrder())
                .map(moment -> moment.truncatedTo(ChronoUnit.MICROS));
    }

    private static boolean closing(Attempt attempt, Instant now) {
        return !now.isBefore(attempt.closeAt()) && now.isBefore(end(attempt));
    }

    private static Instant end(Attempt attempt) {
        return attempt.expiresAt().plus(Attempt.GRACE).plusSeconds(1);
    }
}
