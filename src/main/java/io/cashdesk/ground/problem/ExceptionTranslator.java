package io.cashdesk.ground.problem;

import io.cashdesk.ground.database.DatabaseFault;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/** What was thrown, as the no that a caller gets. */
public final class ExceptionTranslator {
    private static final Logger LOG = Logger.getLogger(ExceptionTranslator.class);
    private static final Duration COME_BACK = Duration.ofSeconds(2);

    private ExceptionTranslator() {}

    /**
     * The problem that was said on purpose, however a container has wrapped it; that the database is away, which passes; or, for
     * what nobody expected, a number under which the log has it.
     */
    public static Problem toProblem(Throwable thrown) {
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) return problem;
        }
        var fault = DatabaseFault.of(thrown).filter(DatabaseFault::temporary);
        if (fault.isPresent()) {
            LOG.warnf("The database cannot be used (%s): %s", fault.get(), thrown);
            var type =
                    fault.get() == DatabaseFault.COMMIT_UNKNOWN ? ProblemType.COMMIT_UNKNOWN : ProblemType.UNAVAILABLE;
            return type.with().retryAfter(COME_BACK);
        }
        var number = UUID.randomUUID().toString();
        LOG.error("Unexpected, " + number, thrown);
        return ProblemType.INTERNAL.with(number);
    }
}
