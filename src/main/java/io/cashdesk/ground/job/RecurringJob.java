package io.cashdesk.ground.job;

import java.time.Duration;

/** Work that comes back for ever: on one node at a time, this long after it ended. */
public interface RecurringJob {
    String kind();

    Duration every();

    void run();
}
