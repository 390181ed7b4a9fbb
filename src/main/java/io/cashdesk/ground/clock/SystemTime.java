package io.cashdesk.ground.clock;

import jakarta.enterprise.context.Dependent;
import java.time.Instant;

/**
 * This machine's two sources of time, as they are. Only {@link CorrectedClock} reads them; everything else injects a
 * {@link java.time.Clock}. A bean, so that a test can replace it by a clock that is wrong.
 */
@Dependent
public class SystemTime {
    /** The system clock. It may be wrong, and it may leap at any moment. */
    public Instant wall() {
        return Instant.now();
    }

    /**
     * Nanoseconds of a clock that never leaps, since an arbitrary moment; it may stop while the machine is suspended.
     */
    public long nanos() {
        return System.nanoTime();
    }
}
