package io.cashdesk.health;

import io.cashdesk.ground.database.CashdeskDataSource;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Reads the detailed part of {@code /health}: invariants, database, jobs, and the number of orders that need a person.
 */
@ApplicationScoped
class HealthDetail {
    /** A result older than two minutes means that the job does not run: the state of the invariant is "unknown". */
    private static final Duration STALE = Duration.ofMinutes(2);

    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    @Inject
    InvariantResults results;

    @Inject
    Clock clock;

    HealthView read() throws SQLException {
        var invariants = invariants();
        var start = System.nanoTime();
        try (var connection = pool.getConnection()) {
            return new HealthView(invariants, database(connection, start), jobs(connection), needPerson(connection));
        }
    }

    private List<HealthView.InvariantView> invariants() {
        var lastByName = results.all().stream()
                .collect(Collectors.toMap(InvariantResults.LastResult::name, Function.identity()));
        return Invariant.ALL.stream()
                .map(invariant -> {
                    var last = Optional.ofNullable(lastByName.get(invariant.name()));
                    return new HealthView.InvariantView(invariant, state(last), last);
                })
                .toList();
    }

    private HealthView.State state(Optional<InvariantResults.LastResult> last) {
        if (last.isEmpty() || last.get().checkedAt().isBefore(clock.instant().minus(STALE))) {
            return HealthView.State.UNKNOWN;
        }
        return last.get().holds() ? HealthView.State.HOLDS : HealthView.State.BROKEN;
    }

    private static HealthView.DatabaseView database(Connection connection, long start) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select current_setting('server_version'), pg_is_in_recovery(),"
                        + " current_setting('synchronous_commit'), pg_database_size(current_database())")) {
            row.next();
            return new HealthView.DatabaseView(
                    row.getString(1),
                    row.getBoolean(2),
                    row.getString(3),
                    row.getLong(4),
                    Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private static List<HealthView.JobView> jobs(Connection connection) throws SQLException {
        var jobs = new ArrayList<HealthView.JobView>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select task_name, count(*), count(*) filter (where picked), min(execution_time),
                            max(last_success), max(coalesce(consecutive_failures, 0))
                        from (select * from scheduled_tasks union all select * from recurring_tasks) j
                        group by task_name
                        order by task_name
                        """)) {
            while (rows.next()) {
                jobs.add(new HealthView.JobView(
                        rows.getString(1),
                        rows.getLong(2),
                        rows.getLong(3),
                        instant(rows.getTimestamp(4)),
                        instant(rows.getTimestamp(5)),
                        rows.getInt(6)));
            }
        }
        return jobs;
    }

    private static Optional<Instant> instant(Timestamp at) {
        return Optional.ofNullable(at).map(Timestamp::toInstant);
    }

    private static long needPerson(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select count(*) from pay_order where needs_person is not null")) {
            row.next();
            return row.getLong(1);
        }
    }
}
