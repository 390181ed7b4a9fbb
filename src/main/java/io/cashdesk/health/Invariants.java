package io.cashdesk.health;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.RecurringJob;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/** What was last seen of each {@link Invariant}: one row each, written by whichever node looked, read by all. */
@ApplicationScoped
class Invariants {
    /**
     * Less than the 20 seconds after which the driver takes a silent database for a lost one, and with it every connection in the
     * pool for doubtful: a look that takes too long is cut short by the database, which harms nobody.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** More than this are not counted: it is bad enough. */
    private static final int COUNTED = 10_000;

    private static final int SAMPLES = 5;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Transactions transactions;

    @Inject
    @Any
    Instance<RecurringJob> recurring;

    @Inject
    Clock clock;

    /**
     * The last look.
     *
     * @param wideAt when the wide window was last looked at
     * @param changedAt since when it is as it is
     */
    record Seen(
            String name,
            long violations,
            Instant oldest,
            List<String> samples,
            Instant checkedAt,
            Instant changedAt,
            Instant wideAt,
            long tookMillis) {
        boolean holds() {
            return violations == 0;
        }
    }

    /** Looks now, at what happened in this time. */
    Invariant.Found look(Invariant invariant, Duration window) {
        var now = clock.instant();
        return transactions.inNew(() -> {
            askGently();
            var query = entities.createNativeQuery("with v as materialized (select * from (" + invariant.question()
                    + ") q limit " + COUNTED + ") select (select count(*) from v), (select " + epoch("min(at)")
                    + " from v), (select string_agg(what, chr(10)) from (select what from v order by at limit "
                    + SAMPLES
                    + ") s)");
            if (invariant.question().contains(":since")) query.setParameter("since", firstIdOf(now.minus(window)));
            if (invariant.question().contains(":overdue")) {
                query.setParameter("overdue", now.minus(Invariant.OVERDUE));
            }
            if (invariant.question().contains(":late")) query.setParameter("late", now.minus(Invariant.LATE));
            if (invariant.question().contains(":behind")) query.setParameter("behind", now.minus(Invariant.BEHIND));
            if (invariant.question().contains(":recurring")) query.setParameter("recurring", kinds());
            var row = (Object[]) query.getSingleResult();
            return new Invariant.Found(((Number) row[0]).longValue(), moment(row[1]), lines(row[2]));
        });
    }

    /** Not for long, on one core, and by indexes from the window outwards: the planner, who cannot know how little that is, would rather
     * read whole tables. */
    private void askGently() {
        entities.createNativeQuery("select set_config('statement_timeout', :t, true),"
                        + " set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true),"
                        + " set_config('join_collapse_limit', '1', true), set_config('enable_seqscan', 'off', true),"
                        + " set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)")
                .setParameter("t", PATIENCE.toMillis() + "ms")
                .getSingleResult();
    }

    private String kinds() {
        var kinds = new TreeSet<String>();
        for (var job : recurring) kinds.add(job.kind());
        return String.join(" ", kinds);
    }

    /** No id of version 7 that was made from this moment on is smaller. */
    static UUID firstIdOf(Instant moment) {
        return new UUID((moment.toEpochMilli() << 16) | 0x7000, 0x8000_0000_0000_0000L);
    }

    /** Keeps what was found; what was seen before, if anything. */
    Optional<Seen> keep(Invariant invariant, Invariant.Found found, boolean wide, Duration took) {
        var now = clock.instant();
        return transactions.inNew(() -> {
            var before = seen(invariant.name());
            var same = before.filter(b ->
                            b.violations() == found.violations() && b.samples().equals(found.samples()))
                    .isPresent();
            entities.createNativeQuery("insert into invariant"
                            + " (name, violations, oldest, samples, checked_at, changed_at, wide_at, took_ms)"
                            + " values (:name, :violations, cast(nullif(:oldest, '') as timestamptz), :samples, :now, :now,"
                            + " cast(nullif(:wide, '') as timestamptz), :took)"
                            + " on conflict (name) do update set violations = excluded.violations, oldest = excluded.oldest,"
                            + " samples = excluded.samples, checked_at = excluded.checked_at,"
                            + " changed_at = case when :same then invariant.changed_at else excluded.changed_at end,"
                            + " wide_at = coalesce(excluded.wide_at, invariant.wide_at), took_ms = excluded.took_ms")
                    .setParameter("name", invariant.name())
                    .setParameter("violations", found.violations())
                    .setParameter("oldest", Objects.toString(found.oldest(), ""))
                    .setParameter("samples", String.join("\n", found.samples()))
                    .setParameter("now", now)
                    .setParameter("wide", wide ? now.toString() : "")
                    .setParameter("same", same)
                    .setParameter("took", took.toMillis())
                    .executeUpdate();
            return before;
        });
    }

    Optional<Seen> seen(String name) {
        return all().stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /** What was last seen of those that were ever looked at. */
    @SuppressWarnings("unchecked")
    List<Seen> all() {
        List<Object[]> rows = entities.createNativeQuery("select name, violations, "
                        + epoch("oldest") + ", samples, " + epoch("checked_at") + ", " + epoch("changed_at") + ", "
                        + epoch("wide_at") + ", took_ms from invariant order by name")
                .getResultList();
        return rows.stream()
                .map(r -> new Seen(
                        (String) r[0],
                        ((Number) r[1]).longValue(),
                        moment(r[2]),
                        lines(r[3]),
                        moment(r[4]),
                        moment(r[5]),
                        moment(r[6]),
                        ((Number) r[7]).longValue()))
                .toList();
    }

    private static String epoch(String column) {
        return "cast(extract(epoch from " + column + ") * 1000 as bigint)";
    }

    private static Instant moment(Object millis) {
        return millis == null ? null : Instant.ofEpochMilli(((Number) millis).longValue());
    }

    private static List<String> lines(Object text) {
        return text == null || text.toString().isEmpty()
                ? List.of()
                : Arrays.stream(text.toString().split("\n")).toList();
    }
}
