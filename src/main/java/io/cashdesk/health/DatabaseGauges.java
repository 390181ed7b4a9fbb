package io.cashdesk.health;

import io.cashdesk.ground.database.CashdeskDataSource;
import io.cashdesk.ground.metric.Gauges;
import io.cashdesk.ground.setting.Settings;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * What the database tells at a scrape. It is the same on every node, so take one node's word or the greatest and never the sum;
 * only the connections are this node's own. Each question reads a partial index or a table that stays small.
 */
@ApplicationScoped
class DatabaseGauges implements Gauges {
    private static final Logger LOG = Logger.getLogger(DatabaseGauges.class);
    private static final int SECONDS = 5;

    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * One question.
     *
     * @param label the label whose value stands in the first column, or null if there is only a number
     */
    private record Asked(String name, String help, String label, String sql) {}

    private static final String JOBS = "(select * from scheduled_tasks union all select * from recurring_tasks) j";

    private static final List<Asked> QUESTIONS = List.of(
            new Asked(
                    "cashdesk_orders",
                    "Orders that are not at their end: unpaid (open), needs_person (nothing moves until somebody has looked)",
                    "state",
                    "select 'unpaid', count(*) from pay_order where state = 'UNPAID' and needs_person is null"
                            + " union all select 'needs_person', count(*) from pay_order where needs_person is not null"),
            new Asked(
                    "cashdesk_attempts",
                    "Attempts that somebody may pay at this moment, by state",
                    "state",
                    "select s, (select count(*) from attempt a where a.state = s"
                            + " and a.state in ('CALLING', 'SHOWN', 'UNKNOWN', 'CLOSING'))"
                            + " from unnest(array['CALLING', 'SHOWN', 'UNKNOWN', 'CLOSING']) as s"),
            new Asked(
                    "cashdesk_refunds",
                    "Refunds that have not ended and are asked about, by state",
                    "state",
                    "select s, (select count(*) from refund f where f.state = s and f.next_ask_at is not null)"
                            + " from unnest(array['ASKING', 'UNKNOWN', 'PROCESSING', 'ABNORMAL']) as s"),
            new Asked(
                    "cashdesk_webhook_deliveries",
                    "Webhooks on their way (waiting), and given up in the last 24 hours",
                    "state",
                    "select 'waiting', count(*) from webhook_delivery where state = 'WAITING'"
                            + " union all select 'given_up', count(*) from webhook_delivery where state = 'GIVEN_UP'"
                            + " and created_at > now() - interval '4 days'"),
            new Asked(
                    "cashdesk_webhook_oldest_waiting_seconds",
                    "How long the oldest webhook has been waiting for an endpoint that is enabled",
                    null,
                    "select coalesce(extract(epoch from now() - min(d.created_at)), 0) from webhook_delivery d"
                            // what waits for a disabled one does so for ever, and nobody should be woken for it
                            + " join webhook_endpoint e on e.id = d.endpoint_id where d.state = 'WAITING' and e.enabled"),
            new Asked(
                    "cashdesk_job_overdue_seconds",
                    "By how much the most overdue job of this kind is behind",
                    "job",
                    "select task_name, greatest(0, extract(epoch from now() - min(execution_time)"
                            + " filter (where not picked))) from " + JOBS + " group by task_name"),
            new Asked(
                    "cashdesk_job_failures",
                    "How often in a row jobs of this kind have broken, the worst of them",
                    "job",
                    "select task_name, max(coalesce(consecutive_failures, 0)) from " + JOBS + " group by task_name"),
            new Asked(
                    "cashdesk_jobs",
                    "Jobs of this kind, running and waiting",
                    "job",
                    "select task_name, count(*) from " + JOBS + " group by task_name"));

    private static final Asked CONNECTIONS = new Asked(
            "cashdesk_database_connections",
            "This node's connections by what they do: active, idle, idle in transaction",
            "state",
            "select state, count(*) from pg_stat_activity where application_name = ? and state is not null group by state");

    @Override
    public void read(Sink sink) {
        var start = System.nanoTime();
        try (var connection = pool.getConnection()) {
            var waited = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
            if (!connection.isValid(SECONDS)) throw new SQLException("the connection is dead");
            for (var asked : QUESTIONS) quietly(() -> ask(connection, asked, null, sink));
            quietly(() -> ask(connection, CONNECTIONS, "cashdesk-" + settings.node(), sink));
            quietly(() -> invariants(connection, sink));
            sink.gauge("cashdesk_database_up", UP, 1);
            sink.gauge(
                    "cashdesk_database_connection_wait_seconds",
                    "How long this scrape waited for a connection of the pool",
                    waited);
        } catch (SQLException e) {
            LOG.warnf("The database does not answer this scrape: %s", e.getMessage());
            sink.gauge("cashdesk_database_up", UP, 0);
        }
    }

    private interface Question {
        void ask() throws SQLException;
    }

    /** One that takes too long must not hide the others. */
    private static void quietly(Question question) {
        try {
            question.ask();
        } catch (SQLException e) {
            LOG.warnf("Gauges are missing from this scrape: %s", e.getMessage());
        }
    }

    private static final String UP = "1 if the database answered this node, otherwise 0";

    private static void ask(Connection connection, Asked asked, String parameter, Sink sink) throws SQLException {
        try (var statement = connection.prepareStatement(asked.sql())) {
            statement.setQueryTimeout(SECONDS);
            if (parameter != null) statement.setString(1, parameter);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (asked.label() == null) sink.gauge(asked.name(), asked.help(), rows.getDouble(1));
                    else sink.gauge(asked.name(), asked.help(), rows.getDouble(2), asked.label(), rows.getString(1));
                }
            }
        }
    }

    private void invariants(Connection connection, Sink sink) throws SQLException {
        try (var statement = connection.prepareStatement(
                        "select name, violations, oldest, checked_at, took_ms from invariant");
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                var name = rows.getString(1);
                sink.gauge(
                        "cashdesk_invariant_violations",
                        "How often this promise was found broken at the last look; anything but 0 needs a person",
                        rows.getDouble(2),
                        "invariant",
                        name);
                sink.gauge(
                        "cashdesk_invariant_oldest_seconds",
                        "How old the oldest violation of this promise is",
                        age(rows, 3),
                        "invariant",
                        name);
                sink.gauge(
                        "cashdesk_invariant_checked_seconds",
                        "How long ago somebody last looked; should stay under two minutes",
                        age(rows, 4),
                        "invariant",
                        name);
                sink.gauge(
                        "cashdesk_invariant_took_seconds",
                        "How long the last look took",
                        rows.getLong(5) / 1000.0,
                        "invariant",
                        name);
            }
        }
    }

    private double age(ResultSet rows, int column) throws SQLException {
        var at = rows.getTimestamp(column);
        return at == null
                ? 0
                : Math.max(0, Duration.between(at.toInstant(), clock.instant()).toMillis() / 1000.0);
    }
}
