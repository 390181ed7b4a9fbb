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
 * Brings the schema up to date before anything reads it. Hibernate calls this while it starts, before it compares the
 * schema with the entities; a second node that starts at the same time waits on Flyway's own lock.
 */
public class Migrations implements Integrator {
    @Override
    public void integrate(Metadata metadata, BootstrapContext bootstrap, SessionFactoryImplementor factory) {
        var settings = new Settings();
        settings.check(); // the first thing that runs at a start: a missing setting is named here
        var source = CashdeskDataSource.open(settings);
        source.setSocketTimeout(0); // an index over millions of orders takes as long as it takes
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
        // nothing was opened that outlives the migration
    }
}
