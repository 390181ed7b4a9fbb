package io.cashdesk.testing;

import io.cashdesk.ground.clock.SystemTime;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Alternative;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * In the WAR of {@link SteeredClock}: a machine whose system clock is as wrong as a file says, in milliseconds. The
 * file is read again after 20 ms, so the clock leaps while the node runs.
 */
@Dependent
@Alternative
@Priority(Interceptor.Priority.APPLICATION)
public class SteeredTime extends SystemTime {
    static final String FILE = "CASHDESK_STEERED_CLOCK";
    private static final long READ_AGAIN_MILLIS = 20;

    private final Path file = Path.of(System.getenv(FILE));
    private volatile long readAt = System.nanoTime() - TimeUnit.SECONDS.toNanos(1);
    private volatile long aheadMillis;

    @Override
    public Instant wall() {
        if (System.nanoTime() - readAt > TimeUnit.MILLISECONDS.toNanos(READ_AGAIN_MILLIS)) {
            try {
                aheadMillis = Long.parseLong(Files.readString(file).strip());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            readAt = System.nanoTime();
        }
        return super.wall().plusMillis(aheadMillis);
    }
}
