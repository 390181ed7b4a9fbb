package io.cashdesk.health;

import io.cashdesk.ground.database.Ids;
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

/** Evaluates invariants, and stores the last result of each in the table {@code invariant}, which all nodes read. */
@ApplicationScoped
class InvariantResults {
    /**
     * Less than the driver's socketTimeout of 20 seconds: a query that takes too long is then cancelled by the
     * database, and is not mistaken for a lost connection.
     */
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(15);

    /** Counting stops at this number of violations, to limit the cost. */
    private static final int MAX_COUNT = 10_000;

    private static final int MAX_SAMPLES = 5;

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
     * The last result of an invariant.
     *
     * @param oldest time of the oldest violation, or null
     * @param samples up to five violating rows, "order &lt;id&gt;"
     * @param changedAt since when the result is unchanged
     * @param longWindowAt when the long window was last checked, or null
     */
    record LastResult(
            String name,
            long violations,
            Instant oldest,
            List<String> samples,
            Instant checkedAt,
            Instant changedAt,
            Instant longWindowAt,
            long tookMillis) {
        boolean holds() {
            return violations == 0;
        }
    }

    /** Runs the query of an invariant now, for rows of the last {@code window}. */
    Invariant.Result check(Invariant invariant, Duration window) {
        var now = clock.instant();
        return transactions.inNew(() -> {
            limitCost();
            var query = entities.createNativeQuery(
                    """
                    with v as materialized (select * from (%s) q limit %s)
                    select (select count(*) from v), (select %s from v),
                        (select string_agg(what, chr(10)) from (select what from v order by at limit %s) s)
                    """.formatted(invariant.sql(), MAX_COUNT, epoch("min(at)"), MAX_SAMPLES));
            if (invariant.sql().contains(":since")) query.setParameter("since", Ids.first(now.minus(window)));
            if (invariant.sql().contains(":overdue")) {
                query.setParameter("overdue", now.minus(Invariant.OVERDUE));
            }
            if (invariant.sql().contains(":late")) query.setParameter("late", now.minus(Invariant.LATE));
            if (invariant.sql().contains(":behind")) query.setParameter("behind", now.minus(Invariant.BEHIND));
            if (invariant.sql().contains(":now")) query.setParameter("now", now);
            if (invariant.sql().contains(":recurring")) query.setParameter("recurring", kinds());
            var row = (Object[]) query.getSingleResult();
            return new Invariant.Result(((Number) row[0]).longValue(), toInstant(row[1]), lines(row[2]));
        });
    }

    /**
     * Limits the cost of the query: a statement timeout, one core, and nested loops over indexes from the window
     * outwards. Without these settings the planner overestimates the rows of the window and reads whole tables.
     */
    private void limitCost() {
        entities.createNativeQuery("select set_config('statement_timeout', :t, true),"
                        + " set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true),"
                        + " set_config('join_collapse_limit', '1', true), set_config('enable_seqscan', 'off', true),"
                        + " set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)")
                .setParameter("t", STATEMENT_TIMEOUT.toMillis() + "ms")
                .getSingleResult();
    }

    private String kinds() {
        var kinds = new TreeSet<String>();
        for (var job : recurring) kinds.add(job.kind());
        return String.join(" ", kinds);
    }

    /** Stores a result, and returns the previous one. */
    Optional<LastResult> store(Invariant invariant, Invariant.Result result, boolean longWindow, Duration took) {
        var now = clock.instant();
        return transactions.inNew(() -> {
            var previous = last(invariant.name());
            var unchanged = previous.filter(p ->
                            p.violations() == result.violations() && p.samples().equals(result.samples()))
                    .isPresent();
            entities.createNativeQuery("""
                    insert into invariant (name, violations, oldest, samples, checked_at, changed_at, wide_at, took_ms)
                    values (:name, :violations, cast(nullif(:oldest, '') as timestamptz), :samples, :now,
                        :now, cast(nullif(:wide, '') as timestamptz), :took)
                    on conflict (name)
                    do update set violations = excluded.violations, oldest = excluded.oldest,
                        samples = excluded.samples, checked_at = excluded.checked_at,
                        changed_at = case when :same then invariant.changed_at else excluded.changed_at end,
                        wide_at = coalesce(excluded.wide_at, invariant.wide_at), took_ms = excluded.took_ms
                    """)
                    .setParameter("name", invariant.name())
                    .setParameter("violations", result.violations())
                    .setParameter("oldest", Objects.toString(result.oldest(), ""))
                    .setParameter("samples", String.join("\n", result.samples()))
                    .setParameter("now", now)
                    .setParameter("wide", longWindow ? now.toString() : "")
                    .setParameter("same", unchanged)
                    .setParameter("took", took.toMillis())
                    .executeUpdate();
            return previous;
        });
    }

    Optional<LastResult> last(String name) {
        return all().stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /** The last results of all invariants that were ever checked. */
    @SuppressWarnings("unchecked")
    List<LastResult> all() {
        List<Object[]> rows = entities.createNativeQuery(
                        """
                        select name, violations, %s, samples, %s, %s, %s, took_ms
                        from invariant
                        order by name
                        """.formatted(epoch("oldest"), epoch("checked_at"), epoch("changed_at"), epoch("wide_at")))
                .getResultList();
        return rows.stream()
                .map(r -> new LastResult(
                        (String) r[0],
                        ((Number) r[1]).longValue(),
                        toInstant(r[2]),
                        lines(r[3]),
                        toInstant(r[4]),
                        toInstant(r[5]),
                        toInstant(r[6]),
                        ((Number) r[7]).longValue()))
                .toList();
    }

    private static String epoch(String column) {
        return "cast(extract(epoch from " + column + ") * 1000 as bigint)";
    }

    private static Instant toInstant(Object millis) {
        return millis == null ? null : Instant.ofEpochMilli(((Number) millis).longValue());
    }

    private static List<String> lines(Object text) {
        return text == null || text.toString().isEmpty()
                ? List.of()
                : Arrays.stream(text.toString().split("\n")).toList();
    }
}
