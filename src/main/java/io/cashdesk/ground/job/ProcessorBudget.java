package io.cashdesk.ground.job;

import java.time.Duration;

/**
 * Processor time that is used at most at a given rate, with bursts of half a second of it. Use in excess (by tasks that
 * had begun, or while there was no limit) is a debt of two seconds of it at most.
 */
final class ProcessorBudget {
    private static final Duration BURST = Duration.ofMillis(500);
    private static final Duration DEBT = Duration.ofSeconds(2);

    private final int percent;
    private double left;
    private long at;

    /**
     * @param percent of one core
     * @param now a moment of {@link System#nanoTime}, as in all methods
     */
    ProcessorBudget(int percent, long now) {
        this.percent = percent;
        this.left = of(BURST);
        this.at = now;
    }

    /** Whether any is left. */
    synchronized boolean left(long now) {
        refill(now);
        return left > 0;
    }

    /** So many nanoseconds of processor time were used. */
    synchronized void use(long nanos, long now) {
        refill(now);
        left = Math.max(left - nanos, -of(DEBT));
    }

    private void refill(long now) {
        left = Math.min(left + of(Duration.ofNanos(Math.max(0, now - at))), of(BURST));
        at = now;
    }

    private double of(Duration time) {
        return time.toNanos() * (percent / 100.0);
    }
}
