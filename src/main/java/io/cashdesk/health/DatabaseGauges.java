package io.cashdesk.health;

import static java.util.stream.Collectors.joining;

import io.cashdesk.ground.database.CashdeskDataSource;
import io.cashdesk.ground.metric.Gauges;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.retention.PartitionedTable;
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
 * Gauges that are read from the database at each scrape. Every node reports the same values, so dashboards must take
 * the maximum over the nodes and not the sum; only the connection gauges are per node. Each query reads a partial index
 * or a small table.
 */
@ApplicationScoped
class DatabaseGauges implements Gauges {
    private static final Logger LOG = Logger.getLogger(DatabaseGauges.class);
    private static final int TIMEOUT_SECONDS = 5;

    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * A gauge and its query.
     *
     * @param label the label whose value is in the first column, or null if the query selects only the number
     */
    private record GaugeQuery(String name, String help, String label, String sql) {}

    private static final String JOBS = "(select * from scheduled_tasks union all select * from recurring_tasks) j";

    private static final String UNSETTLED =
            "select coalesce(%s, 0) from settlement where state not in ('SETTLED', 'NOT_NEEDED') and mode = 'LIVE'";

    private static final List<GaugeQuery> QUERIES = List.of(
            new GaugeQuery(
                    "cashdesk_orders",
                    "Orders that are open (unpaid), or stopped until an operator decides (needs_person)",
                    "state",
                    """
                    select 'unpaid', count(*)
                    from pay_order
                    where state = 'UNPAID' and needs_person is null
                    union all
                    select 'needs_person', count(*)
                    from pay_order
                    where needs_person is not null
                    """),
            new GaugeQuery("cashdesk_attempts", "Attempts that can be paid at this moment, by state", "state", """
                    select s, (
                        select count(*) from attempt a
                        where a.state = s and a.state in ('CALLING', 'SHOWN', 'UNKNOWN', 'CLOSING'))
                    from unnest(array['CALLING', 'SHOWN', 'UNKNOWN', 'CLOSING']) as s
                    """),
            new GaugeQuery("cashdesk_refunds", "Refunds that have not ended and are queried, by state", "state", """
                    select s, (select count(*) from refund f where f.state = s and f.next_query_at is not null)
                    from unnest(array['REQUESTING', 'UNKNOWN', 'WAITING', 'PROCESSING', 'ABNORMAL']) as s
                    """),
            new GaugeQuery(
                    "cashdesk_settlements",
                    "Live payments whose provider keeps the money until they are settled, by state",
                    "state",
                    """
                    select s, coalesce(t.n, 0)
                    from unnest(array['WAITING', 'REQUESTING', 'UNKNOWN', 'PROCESSING', 'FAILED']) as s
                    left join (
                        select state, count(*) as n
                        from settlement
                        where state not in ('SETTLED', 'NOT_NEEDED') and mode = 'LIVE'
                        group by state) t on t.state = s
                    """),
            new GaugeQuery(
                    "cashdesk_unsettled_fen",
                    "Money of live payments that providers keep until it is settled, in fen",
                    null,
                    UNSETTLED.formatted("sum(amount)")),
            new GaugeQuery(
                    "cashdesk_unsettled_oldest_seconds",
                    "Age of the oldest live payment that is not settled",
                    null,
                    UNSETTLED.formatted("extract(epoch from now() - min(paid_at))")),
            new GaugeQuery(
                    "cashdesk_refund_requests",
                    "Payers' requests for refunds of live payments that wait for a decision",
                    null,
                    "select count(*) from payer_refund_request where state = 'OPEN' and mode = 'LIVE'"),
            new GaugeQuery(
                    "cashdesk_webhook_deliveries",
                    "Webhook deliveries that wait for a try, and those made in the last four days and given up",
                    "state",
                    """
                    select 'waiting', count(*)
                    from webhook_delivery
                    where state = 'WAITING'
                    union all
                    select 'given_up', count(*)
                    from webhook_delivery
                    where state = 'GIVEN_UP' and created_at > now() - interval '4 days'
                    """),
            new GaugeQuery(
                    "cashdesk_webhook_oldest_waiting_seconds",
                    "Age of the oldest waiting webhook delivery to an enabled endpoint",
                    null,
                    // deliveries to a disabled endpoint wait until it is enabled, and must not raise an alert
                    """
                    select coalesce(extract(epoch from now() - min(d.created_at)), 0)
                    from webhook_delivery d
                    join webhook_endpoint e on e.merchant_id = d.merchant_id and e.id = d.endpoint_id
                    where d.state = 'WAITING' and e.enabled
                    """),
            new GaugeQuery(
                    "cashdesk_rows_in_default_partition",
                    "Rows in the default partition of a table, counted up to 10,000; should be 0",
                    "table",
                    PartitionedTable.ALL.stream()
                            .map(t -> "select '%s', count(*) from (select 1 from %s limit 10000) q"
                                    .formatted(t.name(), t.defaultPartition()))
                            .collect(joining(" union all "))),
            new GaugeQuery(
                    "cashdesk_job_overdue_seconds",
                    "Delay of the most overdue job of this kind",
                    "job",
                    """
                    select task_name,
                        greatest(0, extract(epoch from now() - min(execution_time) filter (where not picked)))
                    from
                    """ + JOBS + " group by task_name"),
            new GaugeQuery(
                    "cashdesk_job_failures",
                    "Highest number of consecutive failures of a job of this kind",
                    "job",
                    "select task_name, max(coalesce(consecutive_failures, 0)) from " + JOBS + " group by task_name"),
            new GaugeQuery(
                    "cashdesk_jobs",
                    "Jobs of this kind, running and waiting",
                    "job",
                    "select task_name, count(*) from " + JOBS + " group by task_name"));

    private static final GaugeQuery CONNECTIONS = new GaugeQuery(
            "cashdesk_database_connections",
            "This node's connections by state: active, idle, idle in transaction",
            "state",
            "select state, count(*) from pg_stat_activity where application_name = ? and state is not null group by state");

    @Override
    public void read(Sink sink) {
        var start = System.nanoTime();
        try (var connection = pool.getConnection()) {
            var waited = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
            if (!connection.isValid(TIMEOUT_SECONDS)) throw new SQLException("the connection is dead");
            for (var query : QUERIES) tryStep(() -> run(connection, query, null, sink));
            tryStep(() -> run(connection, CONNECTIONS, "cashdesk-" + settings.node(), sink));
            tryStep(() -> invariants(connection, sink));
            sink.gauge("cashdesk_database_up", UP, 1);
            sink.gauge(
                    "cashdesk_database_connection_wait_seconds",
                    "How long this scrape waited for a connection of the pool",
                    waited);
        } catch (SQLException e) {
            LOG.warnf("The database did not respond to this scrape: %s", e.getMessage());
            sink.gauge("cashdesk_database_up", UP, 0);
        }
    }

    private interface QueryStep {
        void run() throws SQLException;
    }

    /** Logs a failure of one query, so that the other gauges are still reported. */
    private static void tryStep(QueryStep step) {
        try {
            step.run();
        } catch (SQLException e) {
            LOG.warnf("Gauges are missing from this scrape: %s", e.getMessage());
        }
    }

    private static final String UP = "1 if the database answered this node, otherwise 0";

    private static void run(Connection connection, GaugeQuery query, String parameter, Sink sink) throws SQLException {
        try (var statement = connection.prepareStatement(query.sql())) {
            statement.setQueryTimeout(TIMEOUT_SECONDS);
            if (parameter != null) statement.setString(1, parameter);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (query.label() == null) sink.gauge(query.name(), query.help(), rows.getDouble(1));
                    else sink.gauge(query.name(), query.help(), rows.getDouble(2), query.label(), rows.getString(1));
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
                        "Number of violations found by the last check; an operator must act if it is not 0",
                        rows.getDouble(2),
                        "invariant",
                        name);
                sink.gauge(
                        "cashdesk_invariant_oldest_seconds",
                        "Age of the oldest violation",
                        age(rows, 3),
                        "invariant",
                        name);
                sink.gauge(
                        "cashdesk_invariant_checked_seconds",
                        "Time since the last check; should be less than two minutes",
                        age(rows, 4),
                        "invariant",
                        name);
                sink.gauge(
                        "cashdesk_invariant_took_seconds",
                        "Duration of the last check",
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
