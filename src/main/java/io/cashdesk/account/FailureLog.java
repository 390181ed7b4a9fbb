package io.cashdesk.account;

import io.cashdesk.provider.ProviderFailure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Logs calls to providers that failed: one line for each account and minute, with the number of those that were left
 * out, so that a provider that is down does not fill the log.
 */
@ApplicationScoped
public class FailureLog {
    private static final Logger LOG = Logger.getLogger(FailureLog.class);
    private static final long MINUTE_SECONDS = 60;

    /** Accounts that are remembered; then all are forgotten, and have a line each again. */
    private static final int MOST = 10_000;

    @Inject
    Clock clock;

    private final Map<UUID, Line> lines = new ConcurrentHashMap<>();

    /** The last line of an account, and how many were left out since. */
    private record Line(long minute, int leftOut) {}

    /**
     * A call failed.
     *
     * @param what it means, for instance "attempt 123 stays open"
     * @param why the failure; its message is logged
     */
    public void log(UUID account, String what, RuntimeException why) {
        var leftOut = next(account);
        if (leftOut < 0) return;
        LOG.infof(
                "Account %s: %s: %s%s",
                account, what, words(why), leftOut == 0 ? "" : " (" + leftOut + " like this were not logged)");
    }

    private static String words(RuntimeException why) {
        if (!(why instanceof ProviderFailure failure)) return String.valueOf(why.getMessage());
        return (failure.kind() + " " + failure.providerCode()).strip() + " " + failure.getMessage();
    }

    /** How many were left out since the last line, if this one is to be logged; otherwise -1. */
    int next(UUID account) {
        if (lines.size() >= MOST) lines.clear();
        var minute = clock.instant().getEpochSecond() / MINUTE_SECONDS;
        var leftOut = new int[] {-1};
        lines.compute(account, (id, last) -> {
            if (last != null && last.minute() == minute) return new Line(minute, last.leftOut() + 1);
            leftOut[0] = last == null ? 0 : last.leftOut();
            return new Line(minute, 0);
        });
        return leftOut[0];
    }
}
