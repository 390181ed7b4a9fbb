package io.cashdesk.payment;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.order.Attempt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How many attempts an order may have: so many that can be paid at a time, and so many that are opened in a minute. A
 * payer could otherwise open orders at providers without end.
 */
@ApplicationScoped
public class AttemptLimit {
    /** How many times as many attempts may be payable at a time where each can be shown once. */
    private static final int ONCE_ONLY = 10;

    private static final Duration PERIOD = Duration.ofMinutes(1);

    @Inject
    Settings settings;

    /**
     * How long no other attempt may be opened; zero if it may be now. The attempt that would be closed first is counted
     * as payable, because a provider may be unable to close it (docs/adr/0009).
     *
     * @param attempts all attempts of the order
     */
    public Duration wait(List<Attempt> attempts, Instant now) {
        return wait(attempts, settings.payableAttempts(), settings.attemptsPerMinute(), now);
    }

    /**
     * The same where the wallet takes a prompt only once: a payer who cancelled needs another attempt, although nothing
     * says that the one before cannot be paid.
     */
    Duration waitOnceOnly(List<Attempt> attempts, Instant now) {
        return wait(attempts, ONCE_ONLY * settings.payableAttempts(), settings.attemptsPerMinute(), now);
    }

    static Duration wait(List<Attempt> attempts, int payable, int perMinute, Instant now) {
        var ends = attempts.stream()
                .filter(a -> a.state().mayBePaid() && !a.ended(now))
                .map(Attempt::endsAt);
        var minutesAfter =
                attempts.stream().map(a -> a.createdAt().plus(PERIOD)).filter(now::isBefore);
        var left = Stream.of(nextFree(ends, payable), nextFree(minutesAfter, perMinute))
                .map(free -> Duration.between(now, free))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** When fewer than this many of these moments are still to come; long ago if that is so now. */
    private static Instant nextFree(Stream<Instant> moments, int atMost) {
        var sorted = moments.sorted().toList();
        return sorted.size() < atMost ? Instant.MIN : sorted.get(sorted.size() - atMost);
    }
}
