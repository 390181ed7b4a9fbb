package io.cashdesk.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for something that another process does later. */
public final class Eventually {
    private Eventually() {}

    public static void within(Duration limit, String what, BooleanSupplier condition) {
        var until = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < until) {
            if (condition.getAsBoolean()) return;
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
    }
}
