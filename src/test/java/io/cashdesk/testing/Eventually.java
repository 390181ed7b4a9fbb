package io.cashdesk.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for something that another process does later. */
public final class Eventually {
    private Eventually() {}

    /** @param limit on a machine that is not busy; while this one is, it is longer ({@link Machine}) */
    public static void within(Duration limit, String what, BooleanSupplier condition) {
        var begun = System.nanoTime();
        var longest = Duration.ZERO;
        do {
            if (condition.getAsBoolean()) return;
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            var now = Machine.limit(limit);
            if (now.compareTo(longest) > 0) longest = now;
        } while (System.nanoTime() - begun < longest.toNanos());
        throw new AssertionError("not within " + longest.toSeconds() + " s: " + what);
    }
}
