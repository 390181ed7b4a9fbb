package io.cashdesk.health;

import io.cashdesk.ground.job.RecurringJob;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Checks every minute, on one node, whether each {@link Invariant} holds in the database: for the last hour, and once
 * an hour for the last three days. While an invariant is violated, all three days are checked each time. If the check
 * of three days takes too long, only the last hour is checked for the next hour.
 */
@ApplicationScoped
class CheckInvariants implements RecurringJob {
    private static final Logger LOG = Logger.getLogger(CheckInvariants.class);
    private static final Duration SHORT_WINDOW = Duration.ofHours(1);
    private static final Duration LONG_WINDOW = Duration.ofDays(3);
    private static final Duration LONG_WINDOW_EVERY = Duration.ofHours(1);

    @Inject
    InvariantResults results;

    @Inject
    Clock clock;

    /** By invariant: until when the long window is not tried, because it took too long; in memory, for each node. */
    private final Map<String, Instant> longWindowPausedUntil = new ConcurrentHashMap<>();

    @Override
    public String kind() {
        return "check-invariants";
    }

    @Override
    public Duration every() {
        return Duration.ofMinutes(1);
    }

    @Override
    public void run() {
        Invariant.ALL.forEach(this::check);
    }

    private void check(Invariant invariant) {
        var start = clock.instant();
        try {
            var previous = results.last(invariant.name());
            var paused = start.isBefore(longWindowPausedUntil.getOrDefault(invariant.name(), Instant.MIN));
            var check = longWindowIsDue(previous, start) && !paused
                    ? checkLongWindow(invariant, start)
                    : new Check(results.check(invariant, SHORT_WINDOW), false);
            var result = check.longWindow() ? check.result() : worse(previous, check.result());
            var took = Duration.between(start, clock.instant());
            log(invariant, results.store(invariant, result, check.longWindow(), took), result);
        } catch (RuntimeException e) { // the others are still checked; the age of this one's last check is in /metrics
            LOG.errorf(e, "Invariant %s could not be checked", invariant.name());
        }
    }

    /** A result, and whether it is of the long window. */
    private record Check(Invariant.Result result, boolean longWindow) {}

    private Check checkLongWindow(Invariant invariant, Instant start) {
        try {
            return new Check(results.check(invariant, LONG_WINDOW), true);
        } catch (RuntimeException e) {
            var result = results.check(invariant, SHORT_WINDOW); // if this fails too, the window is not the cause
            longWindowPausedUntil.put(invariant.name(), start.plus(LONG_WINDOW_EVERY));
            LOG.warnf(
                    e,
                    "Invariant %s could not be checked for the last %d hours, only for the last hour",
                    invariant.name(),
                    LONG_WINDOW.toHours());
            return new Check(result, false);
        }
    }

    /** A check of the short window alone does not remove violations that were found in the long window. */
    private static Invariant.Result worse(Optional<InvariantResults.LastResult> previous, Invariant.Result result) {
        return previous.filter(p -> p.violations() > result.violations())
                .map(p -> new Invariant.Result(p.violations(), p.oldest(), p.samples()))
                .orElse(result);
    }

    private static boolean longWindowIsDue(Optional<InvariantResults.LastResult> previous, Instant now) {
        return previous.filter(p -> p.holds()
                        && p.longWindowAt() != null
                        && now.isBefore(p.longWindowAt().plus(LONG_WINDOW_EVERY)))
                .isEmpty();
    }

    /** Logs changes only, so that an unchanged violation is not logged every minute. */
    private static void log(
            Invariant invariant, Optional<InvariantResults.LastResult> previous, Invariant.Result result) {
        var held = previous.map(InvariantResults.LastResult::holds).orElse(true);
        if (result.violations() == 0) {
            if (!held) LOG.infof("Invariant %s holds again", invariant.name());
            return;
        }
        var unchanged = previous.filter(p ->
                        p.violations() == result.violations() && p.samples().equals(result.samples()))
                .isPresent();
        if (unchanged) return;
        LOG.errorf(
                "Invariant %s is broken (%s): %d times, the oldest from %s: %s",
                invariant.name(), invariant.promise(), result.violations(), result.oldest(), result.samples());
    }
}
