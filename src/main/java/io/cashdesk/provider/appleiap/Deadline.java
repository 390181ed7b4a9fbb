package io.cashdesk.provider.appleiap;

import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import java.time.Duration;

/** Until when all exchanges of one verification must be over: a request thread waits for them. */
final class Deadline {
    private final long end; // of System.nanoTime

    private Deadline(long end) {
        this.end = end;
    }

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** @throws ProviderFailure OUTCOME_UNKNOWN if no time is left */
    Duration left() {
        var left = Duration.ofNanos(end - System.nanoTime());
        if (left.toMillis() > 0) return left;
        throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "no answer in time");
    }

    /** Waits before a repetition. */
    void pause(Duration time) {
        if (left().compareTo(time) <= 0) throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "no answer in time");
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "interrupted", e);
        }
    }
}
