package io.cashdesk.ground.database;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** The schema as the migrations make it, and the exceptions that docs/operations.md lists. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SchemaIT {
    private static final String TABLES = """
            select c.relname
            from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            """;

    static String url;

    @BeforeAll
    static void migrate() {
        url = TestDatabase.fresh();
        Migrations.migrate(source(url));
    }

    private static PGSimpleDataSource source(String url) {
        var source = new PGSimpleDataSource();
        source.setURL(url);
        return source;
    }

    @Nested
    class Every_table_of_the_money_path {
        @Test
        void carries_merchant_id_or_is_listed_as_without() throws Exception {
            var without = all(TABLES + """
                    and not exists (
                        select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'merchant_id' and a.attnotnull)
                    """);
            without.addAll(all(TABLES + " and c.relname ~ '^sim_'"));
            without.add("api_key_merchant"); // joins two reference tables

            assertThat(collapsed(without)).isEqualTo(listed("### Tables without merchant_id"));
        }

        @Test
        void has_the_primary_key_merchant_id_and_id() throws Exception {
            var keys = all("""
                    select t.relname || ' ' || pg_get_constraintdef(k.oid)
                    from pg_constraint k
                    join pg_class t on t.oid = k.conrelid
                    where k.contype = 'p' and not t.relispartition
                    """ + OF_A_MERCHANT);

            assertThat(keys)
                    .hasSizeGreaterThanOrEqualTo(13)
                    .allSatisfy(
                            key -> assertThat(key)
                                    .matches(
                                            "\\w+ PRIMARY KEY \\(merchant_id, id\\)|notification_applied PRIMARY KEY \\(merchant_id, .*\\)"));
        }

        @Test
        void has_merchant_id_in_every_unique_key_that_is_not_listed() throws Exception {
            var overAll = all("""
                    select i.relname
                    from pg_index x
                    join pg_class i on i.oid = x.indexrelid
                    join pg_class t on t.oid = x.indrelid
                    where x.indisunique and not t.relispartition
                        and not exists (
                            select 1
                            from pg_attribute a
                            where a.attrelid = t.oid and a.attname = 'merchant_id' and a.attnum = any (x.indkey))
                    """ + OF_A_MERCHANT);

            assertThat(overAll).isEqualTo(listed("### Unique over all merchants"));
        }

        @Test
        void refers_to_others_by_merchant_id_and_id() throws Exception {
            var references = all("""
                    select t.relname || ': ' || pg_get_constraintdef(k.oid)
                    from pg_constraint k
                    join pg_class t on t.oid = k.conrelid
                    where k.contype = 'f' and k.confrelid <> 'merchant'::regclass
                    """ + OF_A_MERCHANT);

            assertThat(references)
                    .hasSizeGreaterThanOrEqualTo(12)
                    .allSatisfy(
                            key -> assertThat(key)
                                    .matches(
                                            "\\w+: FOREIGN KEY \\(merchant_id, (id, )?\\w+\\) REFERENCES \\w+\\(merchant_id, (order_id, )?id\\)( DEFERRABLE INITIALLY DEFERRED)?"));
        }

        /** Those that have merchant_id, except the simulator's and the table that joins keys and merchants. */
        private static final String OF_A_MERCHANT = """
                 and t.relname !~ '^(sim_|api_key_)'
                    and exists (select 1 from pg_attribute a where a.attrelid = t.oid and a.attname = 'merchant_id')
                """;
    }

    @Test
    void big_append_only_tables_are_in_partitions_with_a_default_one() throws Exception {
        assertThat(all("""
                select p.partrelid::regclass || ' by ' || pg_get_partkeydef(p.partrelid) || ', default '
                    || p.partdefid::regclass
                from pg_partitioned_table p
                """))
                .containsExactly(
                        "notification by RANGE (id), default notification_default",
                        "order_event by RANGE (id), default order_event_default",
                        "webhook_try by RANGE (id), default webhook_try_default");
    }

    /** YugabyteDB would hash the first column of an index; one that is read in order has to say so. */
    @Test
    void indexes_whose_order_matters_say_asc() throws IOException {
        var index = Pattern.compile("create index \\w+\\s+on\\s+\\w+\\s+\\(([^)]*)\\)");
        var ordered = Pattern.compile("(\\w+_at|at|id|n)( asc)?");
        try (var files = Files.list(Path.of("db-migrations"))) {
            for (var file : files.toList()) {
                var statements = index.matcher(Files.readString(file));
                while (statements.find()) {
                    for (var column : statements.group(1).split(",\\s*")) {
                        if (ordered.matcher(column).matches())
                            assertThat(column).as(statements.group()).endsWith(" asc");
                    }
                }
            }
        }
    }

    @Nested
    class A_database_that_another_version_has_filled {
        @Test
        void is_refused_with_one_sentence_and_not_changed() throws Exception {
            var older = TestDatabase.fresh();
            TestDatabase.execute(older, "create table pay_order (id uuid primary key)");
            TestDatabase.execute(older, """
                    create table flyway_schema_history (
                        installed_rank int primary key, version varchar(50), description varchar(200) not null,
                        type varchar(20) not null, script varchar(1000) not null, checksum int,
                        installed_by varchar(100) not null, installed_on timestamp not null default now(),
                        execution_time int not null, success boolean not null)
                    """);
            TestDatabase.execute(older, """
                    insert into flyway_schema_history values
                        (1, '202611210314', 'pay order create', 'SQL', 'V202611210314__pay_order_create.sql', 1, 'x', now(), 1, true)
                    """);

            assertThatThrownBy(() -> Migrations.check(source(older)))
                    .isInstanceOf(UnknownSchema.class)
                    .hasMessageStartingWith("CASHDESK_DB_URL names a database")
                    .hasMessageNotContaining("\n");

            assertThat(TestDatabase.number(older, "select count(*) from pg_class where relname = 'attempt'"))
                    .isZero();
        }

        @Test
        void is_one_of_another_program_too() {
            var other = TestDatabase.fresh();
            TestDatabase.execute(other, "create table shop (id int)");

            assertThatThrownBy(() -> Migrations.check(source(other))).isInstanceOf(UnknownSchema.class);
            Migrations.check(source(TestDatabase.fresh()));
        }

        @Test
        void is_not_the_one_that_a_newer_node_has_migrated_further() throws Exception {
            var newer = TestDatabase.fresh();
            Migrations.migrate(source(newer));
            TestDatabase.execute(newer, """
                    insert into flyway_schema_history
                    select max(installed_rank) + 1, '203001010000', 'later', 'SQL', 'V203001010000__later.sql', 1, 'x', now(), 1, true
                    from flyway_schema_history
                    """);

            Migrations.check(source(newer));
            Migrations.migrate(source(newer));

            assertThat(TestDatabase.number(newer, "select count(*) from merchant"))
                    .isZero();
        }
    }

    @Nested
    class A_migration_that_needs_a_locked_table {
        @TempDir
        Path migrations;

        private String database;

        private String locked(String alter) throws IOException {
            database = TestDatabase.fresh();
            TestDatabase.execute(database, "create table shop (id int)");
            Files.writeString(migrations.resolve("V1__shop_change.sql"), alter);
            return "filesystem:" + migrations;
        }

        @Test
        void waits_two_seconds_and_gives_the_lock_up_so_that_payments_go_on() throws Exception {
            var location = locked("alter table shop add name text;");
            try (var other = DriverManager.getConnection(database);
                    var statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("lock table shop in access share mode");
                var start = System.nanoTime();

                assertThatThrownBy(() -> Migrations.migrate(baselined(), location, 1))
                        .isInstanceOf(FlywayException.class)
                        .hasStackTraceContaining("lock timeout");

                assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start))
                        .isBetween(1L, 15L);
            }
        }

        @Test
        void is_tried_again_until_the_lock_is_free() throws Exception {
            var location = locked("alter table shop add name text;");
            try (var other = DriverManager.getConnection(database);
                    var statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("lock table shop in access share mode");
                var source = baselined();
                var migration = CompletableFuture.runAsync(() -> Migrations.migrate(source, location, 20));
                untilTheSecondTryWaits();
                assertThat(migration).isNotDone();

                other.commit();

                migration.get(30, TimeUnit.SECONDS);
            }
            assertThat(TestDatabase.number(database, "select count(*) from shop where name is null"))
                    .isZero();
        }

        /** As CONTRIBUTING.md describes it. */
        @Test
        void may_create_an_index_concurrently_in_a_file_of_its_own() throws Exception {
            var location = locked("""
                    set lock_timeout = 0;
                    drop index concurrently if exists shop_by_id;
                    create index concurrently shop_by_id on shop (id asc);
                    set lock_timeout = '2s';
                    """);
            Files.writeString(migrations.resolve("V1__shop_change.sql.conf"), "executeInTransaction=false\n");

            Migrations.migrate(baselined(), location, 1);

            assertThat(TestDatabase.number(
                            database,
                            "select count(*) from pg_index where indexrelid = 'shop_by_id'::regclass and indisvalid"))
                    .isEqualTo(1);
        }

        /** Each try has a connection of its own. */
        private void untilTheSecondTryWaits() {
            var waiting = new TreeSet<Long>();
            Eventually.within(Duration.ofSeconds(30), "the second try waits for the lock", () -> {
                waiting.add(TestDatabase.number(database, """
                        select coalesce(max(pid), 0)
                        from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock' and query like 'alter table shop%'
                        """));
                waiting.remove(0L);
                return waiting.size() == 2;
            });
        }

        /** Flyway refuses a database with tables and without a history; the history begins at 0 here. */
        private PGSimpleDataSource baselined() {
            org.flywaydb.core.Flyway.configure()
                    .dataSource(source(database))
                    .baselineVersion("0")
                    .load()
                    .baseline();
            return source(database);
        }
    }

    /** The first column of every row, sorted. */
    private static Set<String> all(String sql) throws SQLException {
        var found = new TreeSet<String>();
        try (var connection = DriverManager.getConnection(url);
                var rows = connection.createStatement().executeQuery(sql)) {
            while (rows.next()) found.add(rows.getString(1));
        }
        return found;
    }

    /** What the first column of the table below this heading of docs/operations.md names. */
    private static Set<String> listed(String heading) throws IOException {
        var section = Files.readString(Path.of("docs/operations.md"))
                .split(Pattern.quote(heading + "\n"), 2)[1]
                .split("\n##", 2)[0];
        return section.lines()
                .filter(line -> line.startsWith("| `"))
                .flatMap(line -> Stream.of(line.split("\\|")[1].split(",")))
                .map(name -> name.replace("`", "").strip())
                .collect(toCollection(TreeSet::new));
    }

    /** The simulator's and the demo shop's tables by their prefix, as the document names them. */
    private static Set<String> collapsed(Set<String> tables) {
        return new ArrayList<>(tables)
                .stream().map(name -> name.replaceAll("^(sim_|demo_).*", "$1…")).collect(toCollection(TreeSet::new));
    }
}
