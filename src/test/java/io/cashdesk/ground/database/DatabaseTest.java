package io.cashdesk.ground.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.setting.Settings;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DatabaseTest {
    @Nested
    class An_id {
        @Test
        void lies_between_the_first_of_its_millisecond_and_the_first_of_the_next() {
            var before = Instant.now();
            var id = Ids.next();
            var after = Instant.now();

            assertThat(id.toString())
                    .isGreaterThanOrEqualTo(Ids.first(before).toString())
                    .isLessThan(Ids.first(after.plusMillis(1)).toString());
            assertThat(Ids.first(before).version()).isEqualTo(7);
        }
    }

    @Nested
    class An_address {
        private static PGSimpleDataSource open(String url) {
            return CashdeskDataSource.open(new Settings(Map.of("CASHDESK_DB_URL", url)::get));
        }

        @Test
        void with_several_hosts_uses_the_one_that_accepts_writes() {
            var source = open("postgres://shop:p%40ss@one:5433,two,three:5434/cashdesk?sslmode=require");

            assertThat(source.getServerNames()).containsExactly("one", "two", "three");
            assertThat(source.getPortNumbers()).containsExactly(5433, 5432, 5434);
            assertThat(source.getDatabaseName()).isEqualTo("cashdesk");
            assertThat(source.getUser()).isEqualTo("shop");
            assertThat(source.getPassword()).isEqualTo("p@ss");
            assertThat(source.getSslMode()).isEqualTo("require");
            assertThat(source.getTargetServerType()).isEqualTo("primary");
            assertThat(source.getHostRecheckSeconds()).isEqualTo(1);
        }

        @Test
        void as_a_jdbc_url_may_have_several_hosts_too() {
            var source = open("jdbc:postgresql://one,two:5433/cashdesk?user=shop");

            assertThat(source.getServerNames()).containsExactly("one", "two");
            assertThat(source.getUser()).isEqualTo("shop");
            assertThat(source.getTargetServerType()).isEqualTo("primary");
        }

        @Test
        void with_one_host_sets_no_target_server_type() {
            assertThat(open("jdbc:postgresql://one/cashdesk").getTargetServerType())
                    .isEqualTo("any");
        }

        @Test
        void has_priority_over_the_defaults() {
            var source =
                    open("jdbc:postgresql://one,two/cashdesk?socketTimeout=7&connectTimeout=1&targetServerType=any");

            assertThat(source.getSocketTimeout()).isEqualTo(7);
            assertThat(source.getConnectTimeout()).isEqualTo(1);
            assertThat(source.getTargetServerType()).isEqualTo("any");
        }

        @Test
        void without_timeouts_gets_the_defaults() {
            var source = open("jdbc:postgresql://one/cashdesk");

            assertThat(source.getSocketTimeout()).isEqualTo(20);
            assertThat(source.getConnectTimeout()).isEqualTo(3);
            assertThat(source.getTcpKeepAlive()).isTrue();
        }
    }

    @Nested
    class A_fault {
        @ParameterizedTest
        @CsvSource({
            "40001, CONFLICT",
            "40P01, CONFLICT",
            "23505, DUPLICATE_KEY",
            "08006, CONNECTION_LOST",
            "57P01, CONNECTION_LOST",
            "57P03, CONNECTION_LOST",
            "25006, CONNECTION_LOST",
            "53300, BUSY",
            "55P03, BUSY",
            "57014, BUSY"
        })
        void is_classified_by_its_sqlstate_at_any_depth_of_causes(String state, DatabaseFault fault) {
            var thrown = new IllegalStateException(new PersistenceException(new SQLException("no", state)));

            assertThat(DatabaseFault.of(thrown)).contains(fault);
        }

        @ParameterizedTest
        @CsvSource({"23514", "22001", "42P01"})
        void is_not_a_programming_error(String state) {
            assertThat(DatabaseFault.of(new PersistenceException(new SQLException("no", state))))
                    .isEmpty();
        }

        @Test
        void includes_an_optimistic_lock_conflict() {
            assertThat(DatabaseFault.of(new OptimisticLockException())).contains(DatabaseFault.CONFLICT);
        }

        @Test
        void in_the_commit_is_not_retryable() {
            var thrown = new CommitUnknown(new SQLException("lost", "08006"));

            assertThat(DatabaseFault.of(thrown)).contains(DatabaseFault.COMMIT_UNKNOWN);
            assertThat(DatabaseFault.COMMIT_UNKNOWN.retryable()).isFalse();
        }

        @Test
        void is_found_in_a_circular_chain_of_causes() {
            var first = new SQLException("one");
            var second = new SQLException("two", "08001", first);
            first.initCause(second);

            assertThat(DatabaseFault.of(first)).contains(DatabaseFault.CONNECTION_LOST);
        }
    }
}
