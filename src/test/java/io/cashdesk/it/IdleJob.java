package io.cashdesk.it;

import io.cashdesk.ground.job.JobHandler;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;

/** A kind of job that does nothing, for tests of the job table. */
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
