package io.cashdesk.ground.database;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Partitions of tables that are partitioned by range of their id, a UUID of version 7, and have a default partition
 * named {@code <table>_default}. A partition has the rows of one month in UTC, and is named {@code <table>_2026_11}.
 *
 * <p>Other transactions do not wait long for a change. It waits at most {@value #LOCK_MILLIS} ms for each of its locks
 * (while it waits, later transactions that need the table wait too), and is tried {@value #TRIES} times if it got none.
 * While it holds the lock of the default partition, at most two statements run, of {@value #LOCKED_MILLIS} ms at most;
 * both take milliseconds if that partition has few rows. Before that, a statement takes at most
 * {@value #STATEMENT_MILLIS} ms. Every method is a transaction of its own and throws IllegalStateException if it fails.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-altertable.html">ALTER TABLE, ATTACH PARTITION: its locks, and
 *     the scan of the default partition</a>
 */
@ApplicationScoped
public class MonthlyPartitions {
    static final int LOCK_MILLIS = 500;
    static final int STATEMENT_MILLIS = 3_000;
    static final int LOCKED_MILLIS = 1_000;
    static final int TRIES = 4;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String LOCK_NOT_AVAILABLE = "55P03"; // SQLSTATE

    /** Rows that are moved from the default partition at once: under a second, in which writers to it wait. */
    public static final int MAX_MOVED = 10_000;

    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    public MonthlyPartitions() {}

    /** Outside the server. */
    public MonthlyPartitions(DataSource pool) {
        this.pool = pool;
    }

    /** The primary key of a row: whose it is, and its id. */
    public record RowKey(UUID merchantId, UUID id) {}

    /** The name of the partition of this month. */
    public static String name(String table, YearMonth month) {
        return "%s_%04d_%02d".formatted(table, month.getYear(), month.getMonthValue());
    }

    /** The month in UTC. */
    public static YearMonth monthOf(Instant moment) {
        return YearMonth.from(moment.atOffset(ZoneOffset.UTC));
    }

    /** The smallest id of a month: its partition has the ids from this one to the first of the next month. */
    public static UUID first(YearMonth month) {
        return Ids.first(month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /** The months that have a partition. */
    public SortedSet<YearMonth> of(String table) {
        return read(connection -> months(connection, table));
    }

    private static SortedSet<YearMonth> months(Connection connection, String table) throws SQLException {
        var months = new TreeSet<YearMonth>();
        try (var statement = connection.prepareStatement("""
                select substring(c.relname from length(?) + 2)
                from pg_inherits i join pg_class c on c.oid = i.inhrelid
                where i.inhparent = cast(? as regclass) and c.relname ~ '_[0-9]{4}_[0-9]{2}$'
                """)) {
            set(statement, table, table);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) months.add(YearMonth.parse(rows.getString(1).replace('_', '-')));
            }
        }
        return months;
    }

    /**
     * Makes the partition of a month, and moves the rows of that month from the default partition into it. Does nothing
     * if it exists.
     *
     * @throws IllegalStateException among other reasons if the default partition has more than {@value #MAX_MOVED} rows
     *     of that month; they stay there
     */
    public void make(String table, YearMonth month) {
        var partition = name(table, month);
        var from = first(month);
        var to = first(month.plusMonths(1));
        change(connection -> {
            execute(connection, "select pg_advisory_xact_lock(hashtextextended('partitions', 0))"); // of other nodes
            if (months(connection, table).contains(month)) return;
            // this and "attach" take no lock that the writers of other partitions would wait for, as "create …
            // partition of" does
            execute(connection, "create table " + partition + " (like " + table + " including all)");
            var found = count(connection, table, from, to);
            if (found > MAX_MOVED) {
                throw new IllegalStateException(table + "_default has more than " + MAX_MOVED + " rows of " + month);
            }
            // from here on the writers to the default partition wait
            execute(connection, "set local statement_timeout = " + LOCKED_MILLIS);
            execute(connection, "lock table " + table + "_default in access exclusive mode");
            if (found > 0) move(connection, table, partition, from, to);
            execute(
                    connection,
                    "alter table " + table + " attach partition " + partition + " for values from ('" + from
                            + "') to ('" + to + "')");
        });
    }

    private static void move(Connection connection, String table, String partition, UUID from, UUID to)
            throws SQLException {
        try (var statement = connection.prepareStatement("""
                with moved as (delete from %s_default where id >= ? and id < ? returning *)
                insert into %s select * from moved
                """.formatted(table, partition))) {
            set(statement, from, to);
            statement.executeUpdate();
        }
    }

    private static int count(Connection connection, String table, UUID from, UUID to) throws SQLException {
        try (var statement = connection.prepareStatement("""
                select count(*) from (select 1 from %s_default where id >= ? and id < ? limit %d) q
                """.formatted(table, MAX_MOVED + 1))) {
            set(statement, from, to);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    /** Deletes the partition of a month with its rows. Takes a lock on the whole table, for some milliseconds. */
    public void drop(String table, YearMonth month) {
        change(connection -> execute(connection, "drop table if exists " + name(table, month)));
    }

    /** The month of the oldest row of the default partition in this range of months. */
    public Optional<YearMonth> oldestInDefault(String table, YearMonth from, YearMonth to) {
        return read(connection -> {
            try (var statement = connection.prepareStatement(
                    "select id from " + table + "_default where id >= ? and id < ? order by id limit 1")) {
                set(statement, first(from), first(to));
                try (var rows = statement.executeQuery()) {
                    if (!rows.next()) return Optional.empty();
                    var millis = rows.getObject(1, UUID.class).getMostSignificantBits() >>> 16;
                    return Optional.of(monthOf(Instant.ofEpochMilli(millis)));
                }
            }
        });
    }

    /**
     * Deletes rows of the default partition in this range of months; those that are locked stay.
     *
     * @return how many
     */
    public int deleteInDefault(String table, YearMonth from, YearMonth to, int atMost) {
        return read(connection -> {
            try (var statement = connection.prepareStatement("""
                    delete from %1$s_default
                    where (merchant_id, id) in (
                        select merchant_id, id from %1$s_default
                        where id >= ? and id < ?
                        limit %2$d
                        for update skip locked)
                    """.formatted(table, atMost))) {
                set(statement, first(from), first(to));
                return statement.executeUpdate();
            }
        });
    }

    /** Keys of rows of the default partition whose ids are not in this range of months: a clock was wrong. */
    public List<RowKey> outsideInDefault(String table, YearMonth from, YearMonth to, int atMost) {
        return read(connection -> {
            var keys = new ArrayList<RowKey>();
            try (var statement = connection.prepareStatement(
                    "select merchant_id, id from " + table + "_default where id < ? or id >= ? limit " + atMost)) {
                set(statement, first(from), first(to));
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        keys.add(new RowKey(rows.getObject(1, UUID.class), rows.getObject(2, UUID.class)));
                    }
                }
            }
            return keys;
        });
    }

    /** Gives each of these rows a new id of this time, which moves it to the partition of that id. */
    public void renumber(String table, List<RowKey> rows) {
        change(connection -> {
            try (var statement = connection.prepareStatement("""
                    update %s r
                    set id = n.new_id
                    from unnest(?, ?, ?) as n (merchant_id, id, new_id)
                    where r.merchant_id = n.merchant_id and r.id = n.id
                    """.formatted(table))) {
                statement.setArray(1, uuids(connection, rows.stream().map(RowKey::merchantId)));
                statement.setArray(2, uuids(connection, rows.stream().map(RowKey::id)));
                statement.setArray(3, uuids(connection, rows.stream().map(row -> Ids.next())));
                statement.executeUpdate();
            }
        });
    }

    private static Array uuids(Connection connection, Stream<UUID> ids) throws SQLException {
        return connection.createArrayOf("uuid", ids.toArray());
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private interface Change {
        void on(Connection connection) throws SQLException;
    }

    private <T> T read(Work<T> work) {
        try (var connection = pool.getConnection()) {
            return inTransaction(connection, work);
        } catch (SQLException e) {
            throw new IllegalStateException("partitions cannot be read or written", e);
        }
    }

    private void change(Change change) {
        for (int tries = 1; ; tries++) {
            try {
                read(connection -> {
                    change.on(connection);
                    return null;
                });
                return;
            } catch (IllegalStateException e) {
                if (!noLock(e) || tries == TRIES || !pause()) throw e;
            }
        }
    }

    /** Whether it waited for a lock in vain; what took too long otherwise would take as long again. */
    private static boolean noLock(Throwable thrown) {
        for (var at = thrown; at != null; at = at.getCause()) {
            if (at instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) return true;
        }
        return false;
    }

    private static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            execute(connection, "set local lock_timeout = " + LOCK_MILLIS);
            execute(connection, "set local statement_timeout = " + STATEMENT_MILLIS);
            var result = work.on(connection);
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            rollBack(connection, e);
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) { // on a dead connection; PostgreSQL then rolls back by itself
            cause.addSuppressed(e);
        }
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void set(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) statement.setObject(i + 1, parameters[i]);
    }
}
