package io.cashdesk.ground.database;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;

/** Compares this node's clock with the database's, before something is deleted because of its age. */
@ApplicationScoped
public class DatabaseTime {
    private static final Duration MAX_DIFFERENCE = Duration.ofHours(1);

    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    public DatabaseTime() {}

    /** Outside the server. */
    public DatabaseTime(DataSource pool) {
        this.pool = pool;
    }

    /**
     * A clock that is years ahead would delete everything.
     *
     * @param now by this node's clock
     * @throws IllegalStateException if it differs by more than an hour, or the database cannot be asked
     */
    public void refuseWrongClock(Instant now) {
        var difference = Duration.between(now(), now).abs();
        if (difference.compareTo(MAX_DIFFERENCE) > 0) {
            throw new IllegalStateException("the clocks of this node and the database differ by " + difference);
        }
    }

    private Instant now() {
        try (var connection = pool.getConnection();
                var statement = connection.prepareStatement("select now()");
                var rows = statement.executeQuery()) {
            rows.next();
            return rows.getTimestamp(1).toInstant();
        } catch (SQLException e) {
            throw new IllegalStateException("the time of the database cannot be read", e);
        }
    }
}
