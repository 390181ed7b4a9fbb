package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.Jobs;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Merchants;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.io.File;
import java.security.Security;
import java.time.Instant;
import org.assertj.core.api.Assertions;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Inside the real server, on the real PostgreSQL: what no test from outside can see. */
@ExtendWith(ArquillianExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class InContainerIT {
    @Deployment
    static WebArchive war() {
        return ShrinkWrap.create(ZipImporter.class, "ROOT.war")
                .importFrom(new File(System.getProperty("cashdesk.war", "target/cashdesk.war")))
                .as(WebArchive.class)
                .addClass(IdleJob.class)
                .addAsLibraries(jar(Assertions.class));
    }

    private static File jar(Class<?> type) {
        return new File(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    @Inject
    Transactions transactions;

    @Inject
    Merchants merchants;

    @Inject
    Jobs jobs;

    @Inject
    Settings settings;

    @PersistenceContext
    EntityManager entities;

    private long scheduled(String id) {
        return ((Number) entities.createNativeQuery("select count(*) from scheduled_tasks where task_instance = :id")
                        .setParameter("id", id)
                        .getSingleResult())
                .longValue();
    }

    @Test
    void a_provider_may_not_be_called_inside_a_transaction() {
        transactions.refuseInside("a call");

        assertThatThrownBy(() -> transactions.runInNew(() -> transactions.refuseInside("a call")))
                .hasMessageContaining("must not run inside a transaction");
    }

    @Test
    void work_that_is_scheduled_in_a_transaction_is_rolled_back_with_it() {
        var far = Instant.parse("2099-01-01T00:00:00Z");

        assertThatThrownBy(() -> transactions.runInNew(() -> {
                    jobs.schedule(IdleJob.KIND, "rolled-back", far);
                    throw new IllegalStateException("no");
                }))
                .isNotNull();
        transactions.runInNew(() -> jobs.schedule(IdleJob.KIND, "committed", far));

        assertThat(scheduled("rolled-back")).isZero();
        assertThat(scheduled("committed")).isEqualTo(1);
    }

    @Test
    void what_a_transaction_wrote_is_gone_when_it_fails() {
        assertThatThrownBy(() -> transactions.runInNew(() -> {
                    merchants.add(new Merchant("ghost", "Ghost", Instant.EPOCH));
                    throw new IllegalStateException("no");
                }))
                .isNotNull();

        assertThat(merchants.byPid("ghost")).isEmpty();
    }

    @Test
    void the_alipay_sdk_has_not_switched_off_the_servers_certificate_checks() {
        assertThat(Security.getProperty("jdk.certpath.disabledAlgorithms")).contains("MD5");
    }

    @Test
    void settings_come_from_the_operator() {
        assertThat(settings.development()).isTrue();
    }
}
