package io.cashdesk.ground.setting;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;

/** The one place that knows the machine's clock; everybody else is given it. */
@ApplicationScoped
public class SystemClock {
    @Produces
    public Clock clock() {
        return Clock.systemUTC();
    }
}
