package io.cashdesk.ground.database;

import io.cashdesk.ground.setting.Settings;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.ErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.service.spi.SessionFactoryServiceRegistry;
import org.jboss.logging.Logger;

/**
 * Runs the Flyway migrations at start. Hibernate calls this integrator before it validates the schema against the
 * entities. A second node that starts at the same time waits for Flyway's lock.
 *
 * <p>Other nodes may serve payments meanwhile. A migration that waits for a table's lock makes every later statement on
 * that table wait behind it, so it waits for {@value #LOCK_SECONDS} seconds at most; then it is rolled back and tried
 * again, up to {@value #TRIES} times.
 */
public class Migrations implements Integrator {
    private static final Logger LOG = Logger.getLogger(Migrations.class);
    private static final String OWN = "classpath:db/migration";
    private static final int LOCK_SECONDS = 2;
    private static final int TRIES = 20;

    /** A migration was applied that this version does not have, or has with another content. */
    private static final Set<ErrorCode> OF_ANOTHER_VERSION = Set.of(
            CoreErrorCode.APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED,
            CoreErrorCode.CHECKSUM_MISMATCH,
            CoreErrorCode.DESCRIPTION_MISMATCH,
            CoreErrorCode.TYPE_MISMATCH);

    @Override
    public void integrate(Metadata metadata, BootstrapContext bootstrap, SessionFactoryImplementor factory) {
        var settings = new Settings();
        settings.check(); // the first code that runs at start, so an invalid setting is reported here
        var source = CashdeskDataSource.open(settings);
        source.setSocketTimeout(0); // no limit: creating an index over millions of rows can take minutes
        check(source);
        migrate(source);
    }

    /**
     * Refuses a database whose tables were made by other migrations than this version's. It is not changed. A migration
     * of this version that failed halfway is not meant: Flyway says so itself.
     *
     * @throws UnknownSchema if it has such tables
     */
    public static void check(DataSource source) {
        var flyway = flyway(source, OWN)
                .ignoreMigrationPatterns("*:pending", "*:future") // what this start runs; what a newer node has run
                .load();
        var strangers = flyway.validateWithResult().invalidMigrations.stream()
                .anyMatch(found -> OF_ANOTHER_VERSION.contains(found.errorDetails.errorCode));
        if (strangers || hasTablesWithoutHistory(source)) throw new UnknownSchema();
    }

    private static boolean hasTablesWithoutHistory(DataSource source) {
        try (var connection = source.getConnection();
                var statement = connection.prepareStatement("""
                        select exists (
                                select 1 from pg_class
                                where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p'))
                            and to_regclass('flyway_schema_history') is null
                        """);
                var row = statement.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        } catch (SQLException e) {
            throw new IllegalStateException("the tables of the database cannot be listed", e);
        }
    }

    static void migrate(DataSource source) {
        migrate(source, OWN, TRIES);
    }

    /** @param tries how often it is tried in all while other transactions hold the locks of tables */
    static void migrate(DataSource source, String location, int tries) {
        var flyway = flyway(source, location).load();
        for (int tried = 1; ; tried++) {
            try {
                flyway.migrate();
                return;
            } catch (FlywayException e) {
                var busy =
                        DatabaseFault.of(e).filter(DatabaseFault.BUSY::equals).isPresent();
                if (!busy || tried == tries || !pause()) throw e;
                LOG.warnf(
                        "A migration waited for a lock for %d s and is tried again: %s", LOCK_SECONDS, e.getMessage());
            }
        }
    }

    private static FluentConfiguration flyway(DataSource source, String location) {
        var flyway = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(source)
                .initSql("set lock_timeout = '" + LOCK_SECONDS + "s'")
                .locations(location);
        // its own lock without a transaction, for whose end "create index concurrently" would wait
        flyway.getConfigurationExtension(PostgreSQLConfigurationExtension.class).setTransactionalLock(false);
        return flyway;
    }

    /** @return false if this thread is to stop */
    private static boolean pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void disintegrate(SessionFactoryImplementor factory, SessionFactoryServiceRegistry registry) {
        // no resource stays open after the migration
    }
}
