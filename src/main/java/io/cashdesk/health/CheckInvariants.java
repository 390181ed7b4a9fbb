package io.cashdesk.health;

import io.cashdesk.ground.job.Recurring;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Looks every minute, on one node, whether our promises hold in the books: at the last hour, and once an hour at the last three
 * days. What was found broken is looked for in three days until it is whole.
 */
@ApplicationScoped
class CheckInvariants implements Recurring {
    private static final Logger LOG = Logger.getLogger(CheckInvariants.class);
    private static final Duration NARROW = Duration.ofHours(1);
    private static final Duration WIDE = Duration.ofDays(3);
    private static final Duration WIDE_EVERY = Duration.ofHours(1);

    @Inject
    Invariants invariants;

    @Inject
    Clock clock;

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
            var wide = wide(invariants.seen(invariant.name()), start);
            var found = invariants.look(invariant, wide ? WIDE : NARROW);
            var took = Duration.between(start, clock.instant());
            say(invariant, invariants.keep(invariant, found, wide, took), found);
        } catch (RuntimeException e) { // the others are looked at all the same; this one grows old, which is seen too
            LOG.errorf(e, "Whether invariant %s holds could not be found out", invariant.name());
        }
    }

    private static boolean wide(Optional<Invariants.Seen> before, Instant now) {
        return before.filter(b -> b.holds()
                        && b.wideAt() != null
                        && now.isBefore(b.wideAt().plus(WIDE_EVERY)))
                .isEmpty();
    }

    /** Once for each change: a log that says the same every minute is not read. */
    private static void say(Invariant invariant, Optional<Invariants.Seen> before, Invariant.Found found) {
        var held = before.map(Invariants.Seen::holds).orElse(true);
        if (found.violations() == 0) {
            if (!held) LOG.infof("Invariant %s holds again", invariant.name());
            return;
        }
        var same = before.filter(
                        b -> b.violations() == found.violations() && b.samples().equals(found.samples()))
                .isPresent();
        if (same) return;
        LOG.errorf(
                "Invariant %s is broken (%s): %d times, the oldest from %s: %s",
                invariant.name(), invariant.promise(), found.violations(), found.oldest(), found.samples());
    }
}
