package io.cashdesk.payment;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.PayOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What to do next for a request to collect an order. It follows from the order and its attempts, read under the order's
 * lock.
 */
sealed interface Decision {
    /**
     * An attempt that ends before its order is not handed out again when it has less than this left, or less than a
     * fifth of its own whole life, whichever is shorter.
     */
    Duration WORTH_SHOWING = Duration.ofSeconds(60);

    /** A prompt is renewed when the provider would accept it for less than this. */
    Duration PROMPT_ENDS_SOON = Duration.ofSeconds(30);

    /** The attempt exists: return it. */
    record Answer(Attempt attempt) implements Decision {}

    /** Another caller's call about this attempt is running. */
    record Wait(Attempt attempt) implements Decision {}

    /** Make a new attempt and call the provider. */
    record OpenNew() implements Decision {}

    /** Query the provider, then send the same call again: its outcome is unknown, or the prompt must be renewed. */
    record CallAgain(Attempt attempt) implements Decision {}

    /** An earlier attempt that could not be closed still works: show it again. */
    record ShowAgain(Attempt attempt) implements Decision {}

    /** Another attempt must be closed at its provider before a new one is opened. */
    record CloseFirst(Attempt attempt) implements Decision {}

    /**
     * The next step, or a problem: the order takes no payment any more, the payment code or the number was used before,
     * or there are too many attempts.
     *
     * @param until the deadline that holds for the order if this request is not refused
     * @param usedCode the attempt in which the requested payment code was used before, of whichever order
     * @param attempts all attempts of the order, the newest first
     * @param wait how long no other attempt may be opened ({@link AttemptLimit})
     */
    static Decision of(
            PayOrder order,
            Instant until,
            Optional<Attempt> usedCode,
            List<Attempt> attempts,
            Duration wait,
            CollectRequest request,
            Instant now) {
        if (usedCode.isPresent()) return ofUsedCode(order, usedCode.get(), now);
        OpenOrder.requirePayable(order, now);
        if (!now.isBefore(until)) throw ProblemType.ORDER_CLOSED.with(order.outTradeNo());
        if (request.code().isPresent() && order.tried()) throw ProblemType.NUMBER_SPENT.with(order.outTradeNo());
        var live = attempts.stream().filter(a -> a.state().live()).findFirst();
        if (live.isPresent()) {
            var attempt = live.get();
            if (attempt.beingCalled(now)) return new Wait(attempt);
            if (request.isFor(attempt) && !outlives(attempt, until, request, now)) {
                var usable = ofLive(attempt, until, now);
                if (usable.isPresent()) return usable.get();
            }
        }
        var payable = attempts.stream()
                .filter(a -> a.state() == AttemptState.PAYABLE && request.isFor(a))
                .filter(a -> !outlives(a, until, request, now))
                .filter(a -> worthShowing(a, until, now) && !a.promptEndsWithin(PROMPT_ENDS_SOON, now))
                .findFirst();
        if (payable.isEmpty() && !wait.isZero()) {
            var seconds = wait.plusMillis(999).toSeconds();
            throw ProblemType.TOO_MANY_ATTEMPTS
                    .with(order.outTradeNo(), seconds)
                    .retryAfter(Duration.ofSeconds(seconds));
        }
        if (live.isPresent()) return new CloseFirst(live.get());
        return payable.isPresent() ? new ShowAgain(payable.get()) : new OpenNew();
    }

    /** What can be done with the live attempt, if it is for the same request; empty if it must be closed. */
    private static Optional<Decision> ofLive(Attempt attempt, Instant until, Instant now) {
        return switch (attempt.state()) {
            case SHOWN -> {
                if (!worthShowing(attempt, until, now)) yield Optional.empty();
                var ends = attempt.promptEndsWithin(PROMPT_ENDS_SOON, now);
                yield Optional.of(ends ? new CallAgain(attempt) : new Answer(attempt));
            }
            case UNKNOWN, CALLING ->
                now.isBefore(attempt.expiresAt()) ? Optional.of(new CallAgain(attempt)) : Optional.empty();
            case CLOSING, PAYABLE, FAILED, CLOSED, PAID -> Optional.empty();
        };
    }

    /**
     * A payment code is sent once. Used for the same order, the stored result is the answer; used for another, it is
     * refused.
     */
    private static Decision ofUsedCode(PayOrder order, Attempt attempt, Instant now) {
        if (!attempt.orderId().equals(order.id())) throw ProblemType.AUTH_CODE_USED.with();
        if (attempt.beingCalled(now)) return new Wait(attempt);
        if (attempt.state() == AttemptState.FAILED || attempt.state() == AttemptState.CLOSED) {
            throw ProblemType.NUMBER_SPENT.with(order.outTradeNo());
        }
        return new Answer(attempt);
    }

    /**
     * Whether it could be paid after the order's deadline, which a repeated request may move, and a new attempt could
     * not: a provider's shortest life may end after the deadline too.
     */
    private static boolean outlives(Attempt attempt, Instant until, CollectRequest request, Instant now) {
        return attempt.expiresAt().isAfter(until) && attempt.expiresAt().isAfter(NewAttempt.shortest(request, now));
    }

    /** Whether it lives long enough, or as long as any new one could. */
    private static boolean worthShowing(Attempt attempt, Instant until, Instant now) {
        var fifth = Duration.between(attempt.createdAt(), attempt.expiresAt()).dividedBy(5);
        return attempt.showsFor(fifth.compareTo(WORTH_SHOWING) < 0 ? fifth : WORTH_SHOWING, now)
                || (attempt.showsFor(Duration.ZERO, now) && !attempt.expiresAt().isBefore(until));
    }
}
