package io.cashdesk.it;

import io.cashdesk.ground.job.JobHandler;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;

/** A kind of work that does nothing, for tests of the table in which work is kept. */
@ApplicationScoped
public class IdleJob implements JobHandler {
    static final String KIND = "idle";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Optional<Instant> run(String id) {
        return Optional.empty();
    }
}
