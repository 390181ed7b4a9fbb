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
 * Looks every minute, on one node, whether our promises hold in the books: at the last hour, and once an hour at the last three
 * days. What was found broken is looked for in three days until it is whole. Where three days are too much to look at, the last hour
 * has to do until three days are tried again an hour later.
 */
@ApplicationScoped
class CheckInvariants implements RecurringJob {
    private static final Logger LOG = Logger.getLogger(CheckInvariants.class);
    private static final Duration NARROW = Duration.ofHours(1);
    private static final Duration WIDE = Duration.ofDays(3);
    private static final Duration WIDE_EVERY = Duration.ofHours(1);

    @Inject
    Invariants invariants;

    @Inject
    Clock clock;

    /** Until when three days of an invariant are not tried again, because they were too much; each node finds out for itself. */
    private final Map<String, Instant> tooWide = new ConcurrentHashMap<>();

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
            var before = invariants.seen(invariant.name());
            var wide = wide(before, start) && !start.isBefore(tooWide.getOrDefault(invariant.name(), Instant.MIN));
            var look = wide ? lookWide(invariant, start) : new Look(invariants.look(invariant, NARROW), false);
            var found = look.wide() ? look.found() : worse(before, look.found());
            var took = Duration.between(start, clock.instant());
            say(invariant, invariants.keep(invariant, found, look.wide(), took), found);
        } catch (RuntimeException e) { // the others are looked at all the same; this one grows old, which is seen too
            LOG.errorf(e, "Whether invariant %s holds could not be found out", invariant.name());
        }
    }

    /** What was found, and whether in all three days. */
    private record Look(Invariant.Found found, boolean wide) {}

    private Look lookWide(Invariant invariant, Instant start) {
        try {
            return new Look(invariants.look(invariant, WIDE), true);
        } catch (RuntimeException e) {
            var narrow = invariants.look(invariant, NARROW); // if this fails too, it was not the width
            tooWide.put(invariant.name(), start.plus(WIDE_EVERY));
            LOG.warnf(
                    e,
                    "Whether invariant %s holds in the last %d hours could not be found out; in the last hour it was looked at",
                    invariant.name(),
                    WIDE.toHours());
            return new Look(narrow, false);
        }
    }

    /** What three days showed is not mended because the last hour is clean. */
    private static Invariant.Found worse(Optional<Invariants.Seen> before, Invariant.Found found) {
        return before.filter(b -> b.violations() > found.violations())
                .map(b -> new Invariant.Found(b.violations(), b.oldest(), b.samples()))
                .orElse(found);
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
