package io.cashdesk.ground.database;

import io.cashdesk.ground.setting.Settings;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.service.spi.SessionFactoryServiceRegistry;

/**
 * Runs the Flyway migrations at start. Hibernate calls this integrator before it validates the schema against the
 * entities. A second node that starts at the same time waits for Flyway's lock.
 */
public class Migrations implements Integrator {
    @Override
    public void integrate(Metadata metadata, BootstrapContext bootstrap, SessionFactoryImplementor factory) {
        var settings = new Settings();
        settings.check(); // the first code that runs at start, so an invalid setting is reported here
        var source = CashdeskDataSource.open(settings);
        source.setSocketTimeout(0); // no limit: creating an index over millions of rows can take minutes
        migrate(source);
    }

    static void migrate(DataSource source) {
        Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(source)
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    @Override
    public void disintegrate(SessionFactoryImplementor factory, SessionFactoryServiceRegistry registry) {
        // no resource stays open after the migration
    }
}
