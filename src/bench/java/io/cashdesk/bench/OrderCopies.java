package io.cashdesk.bench;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.order.QuerySchedule;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Many orders like one that was created through the API, each with its attempt. The rows are copied with SQL, because
 * creating them takes minutes; columns that are not named here keep the value of the copied row.
 */
final class OrderCopies {
    private static final String COPY = """
            create temporary table copy (
                number text, order_id uuid, attempt_id uuid, token text, created_at timestamptz,
                next_query_at timestamptz, queried_at timestamptz, queries int)
            """;

    private static final String ORDERS = """
            insert into pay_order
            select made.*
            from pay_order o
            cross join copy c
            cross join lateral jsonb_populate_record(o, jsonb_build_object(
                'id', c.order_id,
                'out_trade_no', c.number,
                'checkout_token', c.token,
                'created_at', c.created_at,
                'expires_at', c.created_at + (o.expires_at - o.created_at),
                'next_close_at', c.created_at + (o.expires_at - o.created_at))) made
            where o.out_trade_no = ?
            """;

    private static final String ATTEMPTS = """
            insert into attempt
            select made.*
            from attempt a
            join pay_order o on o.id = a.order_id
            cross join copy c
            cross join lateral jsonb_populate_record(a, jsonb_build_object(
                'id', c.attempt_id,
                'order_id', c.order_id,
                'attempt_no', c.number,
                'created_at', c.created_at,
                'expires_at', c.created_at + (a.expires_at - o.created_at),
                'close_at', c.created_at + (a.close_at - o.created_at),
                'next_query_at', c.next_query_at,
                'next_step', case
                    when c.next_query_at < c.created_at + (a.close_at - o.created_at) then 'QUERY'
                    else 'CLOSE' end,
                'queried_at', c.queried_at,
                'queries', c.queries)) made
            where o.out_trade_no = ?
            """;

    /**
     * jsonb_populate_record ignores what is not a column, so a renamed column would keep the value of the copied row.
     */
    private static final String COLUMNS = """
            select count(*)
            from information_schema.columns
            where table_schema = current_schema()
              and (table_name = 'pay_order'
                   and column_name in ('id', 'out_trade_no', 'checkout_token', 'created_at', 'expires_at',
                       'next_close_at')
                or table_name = 'attempt'
                   and column_name in ('id', 'order_id', 'attempt_no', 'created_at', 'expires_at', 'close_at',
                       'next_query_at', 'next_step', 'queried_at', 'queries'))
            """;

    private static final int NAMED_COLUMNS = 16;

    /** One copy, and what was queried about it until now. */
    private record Copy(String number, Instant createdAt, Instant nextQueryAt, Instant queriedAt, int queries) {}

    private OrderCopies() {}

    /** Copies that were created now and whose first query is due tomorrow: prefix1, prefix2, … */
    static void unqueried(String dbUrl, String number, String prefix, int count) throws SQLException {
        var now = Instant.now();
        var tomorrow = now.plus(Duration.ofDays(1));
        insert(
                dbUrl,
                number,
                IntStream.rangeClosed(1, count).mapToObj(n -> new Copy(prefix + n, now, tomorrow, null, 0)));
    }

    /**
     * Copies that were created at equal intervals until now, the oldest this long ago, and that have been queried since
     * as {@link QuerySchedule} says: prefix1, prefix2, …
     */
    static void waiting(String dbUrl, String number, String prefix, int count, Duration oldest) throws SQLException {
        var now = Instant.now();
        insert(
                dbUrl,
                number,
                IntStream.rangeClosed(1, count)
                        .mapToObj(n -> queried(
                                prefix + n, now.minus(oldest.multipliedBy(n).dividedBy(count)), now)));
    }

    private static Copy queried(String number, Instant createdAt, Instant now) {
        int queries = 0;
        Instant queriedAt = null;
        var next = createdAt.plus(QuerySchedule.backOff(0));
        while (next.isBefore(now)) {
            queriedAt = next;
            next = next.plus(QuerySchedule.backOff(queries));
            queries++;
        }
        return new Copy(number, createdAt, next, queriedAt, queries);
    }

    private static void insert(String dbUrl, String number, Stream<Copy> copies) throws SQLException {
        try (var connection = DriverManager.getConnection(dbUrl)) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                try (var columns = statement.executeQuery(COLUMNS)) {
                    columns.next();
                    if (columns.getInt(1) != NAMED_COLUMNS) {
                        throw new IllegalStateException("a column that OrderCopies names has another name now");
                    }
                }
                statement.execute(COPY);
            }
            var count = insertCopies(connection, copies);
            for (var sql : new String[] {ORDERS, ATTEMPTS}) {
                try (var insert = connection.prepareStatement(sql)) {
                    insert.setString(1, number);
                    var made = insert.executeUpdate();
                    if (made != count) {
                        throw new IllegalStateException(made + " rows made of " + number + " instead of " + count);
                    }
                }
            }
            connection.commit();
            try (var statement = connection.createStatement()) { // rows of two hours have statistics
                statement.execute("analyze pay_order");
                statement.execute("analyze attempt");
                connection.commit();
            }
        }
    }

    private static int insertCopies(Connection connection, Stream<Copy> copies) throws SQLException {
        try (var insert = connection.prepareStatement("insert into copy values (?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (var copy : (Iterable<Copy>) copies::iterator) {
                insert.setString(1, copy.number());
                insert.setObject(2, Ids.next());
                insert.setObject(3, Ids.next());
                insert.setString(4, Ids.randomToken(16));
                insert.setTimestamp(5, Timestamp.from(copy.createdAt()));
                insert.setTimestamp(6, Timestamp.from(copy.nextQueryAt()));
                insert.setTimestamp(7, copy.queriedAt() == null ? null : Timestamp.from(copy.queriedAt()));
                insert.setInt(8, copy.queries());
                insert.addBatch();
            }
            return insert.executeBatch().length;
        }
    }
}
