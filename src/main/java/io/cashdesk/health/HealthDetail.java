package io.cashdesk.health;

import io.cashdesk.ground.database.CashdeskDataSource;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** The detailed part of {@code /health}: invariants, database, jobs, and the number of orders that need a person. */
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

    /** Adds the detail to the response body. */
    void addTo(JsonObjectBuilder body) throws SQLException {
        addInvariants(body);
        var start = System.nanoTime();
        try (var connection = pool.getConnection()) {
            addDatabase(body, connection, start);
            addJobs(body, connection);
            body.add("needs_person", needsPerson(connection));
        }
    }

    private void addInvariants(JsonObjectBuilder body) {
        var lastByName = results.all().stream()
                .collect(Collectors.toMap(InvariantResults.LastResult::name, Function.identity()));
        var list = Json.createArrayBuilder();
        var balanced = true;
        for (var invariant : Invariant.ALL) {
            var last = lastByName.get(invariant.name());
            var state =
                    last == null || last.checkedAt().isBefore(clock.instant().minus(STALE))
                            ? "unknown"
                            : last.holds() ? "holds" : "broken";
            balanced &= state.equals("holds");
            var one = Json.createObjectBuilder()
                    .add("name", invariant.name())
                    .add("promise", invariant.promise())
                    .add("state", state);
            if (last != null) {
                one.add("violations", last.violations())
                        .add("oldest", text(last.oldest()))
                        .add("samples", Json.createArrayBuilder(last.samples()))
                        .add("checked_at", text(last.checkedAt()))
                        .add("changed_at", text(last.changedAt()))
                        .add("took_ms", last.tookMillis());
            }
            list.add(one);
        }
        body.add("balanced", balanced).add("invariants", list);
    }

    private static JsonValue text(Instant at) {
        return at == null ? JsonValue.NULL : Json.createValue(at.toString());
    }

    private static void addDatabase(JsonObjectBuilder body, Connection connection, long start) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select current_setting('server_version'), pg_is_in_recovery(),"
                        + " current_setting('synchronous_commit'), pg_database_size(current_database())")) {
            row.next();
            body.add(
                    "postgresql",
                    Json.createObjectBuilder()
                            .add("version", row.getString(1))
                            .add("standby", row.getBoolean(2))
                            .add("synchronous_commit", row.getString(3))
                            .add("bytes", row.getLong(4))
                            .add("answered_in_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
        }
    }

    /** For each kind of job: how many, how many are running, the earliest due time, the last success, consecutive failures. */
    private static void addJobs(JsonObjectBuilder body, Connection connection) throws SQLException {
        var jobs = Json.createArrayBuilder();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select task_name, count(*), count(*) filter (where picked),"
                        + " min(execution_time), max(last_success), max(coalesce(consecutive_failures, 0))"
                        + " from (select * from scheduled_tasks union all select * from recurring_tasks) j"
                        + " group by task_name order by task_name")) {
            while (rows.next()) {
                jobs.add(Json.createObjectBuilder()
                        .add("job", rows.getString(1))
                        .add("number", rows.getLong(2))
                        .add("running", rows.getLong(3))
                        .add("next", text(instant(rows.getTimestamp(4))))
                        .add("last_success", text(instant(rows.getTimestamp(5))))
                        .add("failures", rows.getInt(6)));
            }
        }
        body.add("jobs", jobs);
    }

    private static Instant instant(Timestamp at) {
        return at == null ? null : at.toInstant();
    }

    private static long needsPerson(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select count(*) from pay_order where needs_person is not null")) {
            row.next();
            return row.getLong(1);
        }
    }
}
