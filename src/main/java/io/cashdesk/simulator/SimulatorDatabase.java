package io.cashdesk.simulator;

import io.cashdesk.ground.database.CashdeskDataSource;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Statements on the simulator's tables {@code sim_…}, which no other package reads. A statement is a transaction of its
 * own unless the caller has one open. An SQL error becomes an IllegalStateException.
 */
@ApplicationScoped
public class SimulatorDatabase {
    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    /** Makes an object of the row at which the result set stands. */
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** @param parameters for the question marks; an {@link Instant} is passed as a timestamp */
    public <T> List<T> query(String sql, RowReader<T> reader, Object... parameters) {
        try (var connection = pool.getConnection();
                var statement = prepare(connection, sql, parameters);
                var rows = statement.executeQuery()) {
            var found = new ArrayList<T>();
            while (rows.next()) found.add(reader.read(rows));
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("the simulator's tables cannot be read", e);
        }
    }

    /** The first row, if there is one. */
    public <T> Optional<T> first(String sql, RowReader<T> reader, Object... parameters) {
        return query(sql, reader, parameters).stream().findFirst();
    }

    /** Returns the number of rows that were changed. */
    public int update(String sql, Object... parameters) {
        try (var connection = pool.getConnection();
                var statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("the simulator's tables cannot be written", e);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            var p = parameters[i];
            statement.setObject(i + 1, p instanceof Instant t ? Timestamp.from(t) : p);
        }
        return statement;
    }

    /** The moment in a column, or null. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        var at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
