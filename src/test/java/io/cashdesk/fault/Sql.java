package io.cashdesk.fault;

import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads rows of a database. */
final class Sql {
    private Sql() {}

    interface Reading<T> {
        T from(ResultSet row) throws SQLException;
    }

    static <T> List<T> of(String url, String sql, Reading<T> reading, Object... parameters) {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                var p = parameters[i];
                statement.setObject(i + 1, p instanceof String[] texts ? connection.createArrayOf("text", texts) : p);
            }
            try (var rows = statement.executeQuery()) {
                var found = new ArrayList<T>();
                while (rows.next()) found.add(reading.from(rows));
                return found;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static UUID id(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        var at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
