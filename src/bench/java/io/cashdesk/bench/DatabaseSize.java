package io.cashdesk.bench;

import io.cashdesk.testing.TestDatabase;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many bytes each table has on disk, partitions added up, after {@code vacuum full}: without the space of deleted
 * row versions, whose number depends on how often the sweeper has queried, and which is used again anyway.
 */
final class DatabaseSize {
    private static final String SQL = """
            select coalesce(pg_partition_root(c.oid), c.oid)::regclass::text,
                sum(pg_table_size(c.oid)), sum(pg_indexes_size(c.oid))
            from pg_class c
            where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
            group by 1
            """;

    private final Map<String, Bytes> tables;

    /** Of the rows, with what is stored out of line, and of the indexes. */
    private record Bytes(long rows, long indexes) {}

    private DatabaseSize(Map<String, Bytes> tables) {
        this.tables = tables;
    }

    static DatabaseSize now(String dbUrl) throws SQLException {
        TestDatabase.execute(dbUrl, "vacuum full analyze");
        var tables = new TreeMap<String, Bytes>();
        try (var connection = DriverManager.getConnection(dbUrl);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(SQL)) {
            while (rows.next()) tables.put(rows.getString(1), new Bytes(rows.getLong(2), rows.getLong(3)));
        }
        return new DatabaseSize(tables);
    }

    /** The growth since then, divided by the orders that were created and paid in between, as a Markdown table. */
    String perOrderSince(DatabaseSize before, long orders) {
        var text = new StringBuilder(
                "| table | bytes per paid order | of these rows | of these indexes |\n|---|---|---|---|\n");
        double allRows = 0;
        double allIndexes = 0;
        for (var table : tables.entrySet()) {
            var was = before.tables.getOrDefault(table.getKey(), new Bytes(0, 0));
            var rows = (table.getValue().rows() - was.rows()) / (double) orders;
            var indexes = (table.getValue().indexes() - was.indexes()) / (double) orders;
            allRows += rows;
            allIndexes += indexes;
            if (rows + indexes >= 1) text.append(line(table.getKey(), rows, indexes));
        }
        return text.append(line("**all**", allRows, allIndexes)).toString();
    }

    private static String line(String table, double rows, double indexes) {
        return String.format(Locale.ROOT, "| %s | %,.0f | %,.0f | %,.0f |%n", table, rows + indexes, rows, indexes);
    }
}
