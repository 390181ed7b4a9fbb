package io.cashdesk.ground.problem;

import io.cashdesk.ground.database.DatabaseFault;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Translates any exception into the problem that the caller receives. */
public final class ExceptionTranslator {
    private static final Logger LOG = Logger.getLogger(ExceptionTranslator.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private ExceptionTranslator() {}

    /**
     * The {@link Problem} itself if the exception is one or was caused by one; {@link ProblemType#UNAVAILABLE} or
     * {@link ProblemType#COMMIT_UNKNOWN} for a temporary fault of the database; otherwise {@link ProblemType#INTERNAL}
     * with a number under which the exception is logged.
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
            return type.with().retryAfter(RETRY_AFTER);
        }
        var number = UUID.randomUUID().toString();
        LOG.error("Unexpected exception, " + number, thrown);
        return ProblemType.INTERNAL.with(number);
    }
}
