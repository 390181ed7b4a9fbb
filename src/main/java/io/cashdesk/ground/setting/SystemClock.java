package io.cashdesk.ground.setting;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;

/** Produces the {@link Clock} that all other beans inject, so that tests can replace it. */
@ApplicationScoped
public class SystemClock {
    @Produces
    public Clock clock() {
        return Clock.systemUTC();
    }
}
