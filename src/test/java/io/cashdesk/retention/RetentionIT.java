package io.cashdesk.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.clock.NodeClock;
import io.cashdesk.ground.clock.SystemTime;
import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.database.MonthlyPartitions;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.testing.Machine;
import io.cashdesk.testing.TestDatabase;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Partitions on a real PostgreSQL with the real tables, without a server: the job's code has a clock that is set here.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RetentionIT {
    private static final Instant NOW = Instant.parse("2027-03-15T08:00:00Z");
    private static final YearMonth THIS_MONTH = YearMonth.of(2027, 3);

    /** Less than the time after which a statement is ended that waits for a lock without a limit. */
    private static final Duration STATEMENT_ENDS = Duration.ofMillis(2_900);

    private static final UUID MERCHANT = UUID.randomUUID();

    private static String url;
    private static MonthlyPartitions partitions;
    private static PGSimpleDataSource source;

    @BeforeAll
    static void migrate() {
        url = TestDatabase.fresh();
        source = new PGSimpleDataSource();
        source.setURL(url);
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration")
                .load()
                .migrate();
        partitions = new MonthlyPartitions(source);
    }

    @BeforeEach
    void empty() {
        for (var table : PartitionedTable.ALL) {
            for (var month : partitions.of(table.name())) partitions.drop(table.name(), month);
            TestDatabase.execute(url, "truncate " + table.name());
        }
    }

    private static MaintainPartitions job(Map<String, String> settings) {
        var job = new MaintainPartitions();
        job.partitions = partitions;
        job.nodeClock = new NodeClock(source, new SystemTime());
        job.settings = new Settings(settings::get);
        job.clock = Clock.fixed(NOW, ZoneOffset.UTC);
        return job;
    }

    private static void maintain(Map<String, String> settings, Instant now) {
        for (var table : PartitionedTable.ALL) job(settings).maintain(table, now);
    }

    private static void maintain() {
        maintain(Map.of(), NOW);
    }

    /** Adds a row to each table, with an id of this moment. */
    private static UUID add(Instant moment) {
        var first = Ids.first(moment);
        var id = new UUID(
                first.getMostSignificantBits(),
                first.getLeastSignificantBits() | (Ids.next().getLeastSignificantBits() >>> 2));
        TestDatabase.execute(url, """
                insert into order_event (merchant_id, id, order_id, at, kind, detail)
                values ('%1$s', '%2$s', '%2$s', '%3$s', 'created', '{}');
                insert into notification (merchant_id, id, account_id, verdict, method, raw_query, headers, received_at)
                values ('%1$s', '%2$s', '%2$s', 'AUTHENTIC', 'POST', '', '{}', '%3$s');
                insert into webhook_try (merchant_id, id, delivery_id, n, at, node, url, signatures, took_ms)
                values ('%1$s', '%2$s', '%2$s', 1, '%3$s', 'node', 'https://shop.example', 1, 1)
                """.formatted(MERCHANT, id, moment));
        return id;
    }

    private static long rows(String table) {
        return TestDatabase.number(url, "select count(*) from " + table);
    }

    private static List<Long> rowsOfEach(String suffix) {
        return PartitionedTable.ALL.stream().map(t -> rows(t.name() + suffix)).toList();
    }

    @Test
    void the_coming_months_have_partitions_and_rows_go_there() {
        maintain();
        maintain();

        for (var table : PartitionedTable.ALL) {
            assertThat(partitions.of(table.name()))
                    .containsExactly(
                            THIS_MONTH, THIS_MONTH.plusMonths(1), THIS_MONTH.plusMonths(2), THIS_MONTH.plusMonths(3));
        }
        add(Instant.parse("2027-03-01T00:00:00Z"));
        add(Instant.parse("2027-03-31T23:59:59.999Z"));
        add(Instant.parse("2027-04-01T00:00:00Z"));
        assertThat(rowsOfEach("_2027_03")).containsOnly(2L);
        assertThat(rowsOfEach("_2027_04")).containsOnly(1L);
        assertThat(rowsOfEach("_default")).containsOnly(0L);
    }

    @Test
    void a_partition_has_the_indexes_and_conditions_of_its_table() {
        maintain();

        assertThat(TestDatabase.number(
                        url, "select count(*) from pg_index where indrelid = 'order_event_2027_03'::regclass"))
                .isEqualTo(TestDatabase.number(
                        url, "select count(*) from pg_index where indrelid = 'order_event'::regclass"))
                .isEqualTo(TestDatabase.number(url, """
                        select count(*) from pg_inherits h join pg_index i on i.indexrelid = h.inhrelid
                        where i.indrelid = 'order_event_2027_03'::regclass
                        """));
        assertThatThrownBy(
                        () -> TestDatabase.execute(url, """
                insert into notification (merchant_id, id, account_id, verdict, method, raw_query, headers, received_at)
                values ('%1$s', '%2$s', '%1$s', 'NEW', '', '', '', now())
                """.formatted(MERCHANT, MonthlyPartitions.first(THIS_MONTH))))
                .hasStackTraceContaining("notification_verdict_is_known");
    }

    @Test
    void rows_of_months_without_partitions_are_moved_when_they_are_made() {
        var lastMonth = add(NOW.minus(Duration.ofDays(30)));
        var today = add(NOW);
        assertThat(rowsOfEach("_default")).containsOnly(2L);

        maintain();

        assertThat(rowsOfEach("_default")).containsOnly(0L);
        for (var table : PartitionedTable.ALL) {
            assertThat(TestDatabase.text(url, "select id::text from " + table.name() + "_2027_02"))
                    .isEqualTo(lastMonth.toString());
            assertThat(TestDatabase.text(url, "select id::text from " + table.name() + "_2027_03"))
                    .isEqualTo(today.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:01Z", "1990-06-01T00:00:00Z", "2031-06-01T00:00:00Z"})
    void a_row_of_a_wrong_clock_is_stored_and_gets_an_id_of_its_real_time(Instant wrong) {
        maintain(Map.of(), Instant.now());
        add(wrong);
        assertThat(rowsOfEach("_default")).containsOnly(1L);

        maintain(Map.of(), Instant.now());

        assertThat(rowsOfEach("_default")).containsOnly(0L);
        var thisMonth = MonthlyPartitions.monthOf(Instant.now());
        for (var table : PartitionedTable.ALL) {
            assertThat(TestDatabase.text(
                            url,
                            "select %s::text from %s"
                                    .formatted(table.time(), MonthlyPartitions.name(table.name(), thisMonth))))
                    .as("its own column still says what the clock said")
                    .startsWith(wrong.toString().substring(0, 4));
        }
    }

    @Test
    void too_many_rows_stay_in_the_default_partition() {
        TestDatabase.execute(url, """
                insert into order_event (merchant_id, id, order_id, at, kind, detail)
                select '%1$s', cast('%2$s' || lpad(to_hex(n), 12, '0') as uuid), '%1$s', now(), 'created', '{}'
                from generate_series(1, %3$d) n
                """.formatted(
                        MERCHANT,
                        MonthlyPartitions.first(THIS_MONTH).toString().substring(0, 24),
                        MonthlyPartitions.MAX_MOVED + 1));
        add(NOW.plus(Duration.ofDays(30)));

        assertThatThrownBy(() -> job(Map.of()).maintain(PartitionedTable.ALL.get(0), NOW))
                .hasMessageContaining("order_event_default has more than 10000 rows of 2027-03");

        assertThat(rows("order_event_default"))
                .as("those of the next month have moved")
                .isEqualTo(MonthlyPartitions.MAX_MOVED + 1);
        assertThat(partitions.of("order_event")).doesNotContain(THIS_MONTH).contains(THIS_MONTH.plusMonths(1));

        TestDatabase.execute(
                url,
                "delete from order_event_default where id = (select id from order_event_default order by id limit 1)");
        maintain();
        assertThat(rows("order_event_default")).isZero();
        assertThat(rows("order_event_2027_03")).isEqualTo(MonthlyPartitions.MAX_MOVED);
    }

    /** Partitions of this and of some earlier months, with a row on the first and the last day of each. */
    private static void years() {
        for (var ago : List.of(40, 39, 14, 13, 4, 3, 0)) {
            var month = THIS_MONTH.minusMonths(ago);
            for (var table : PartitionedTable.ALL) partitions.make(table.name(), month);
            add(month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant());
            add(month.atEndOfMonth().atTime(23, 59).toInstant(ZoneOffset.UTC));
        }
    }

    private static YearMonth oldest(String table) {
        return partitions.of(table).first();
    }

    @Test
    void months_older_than_their_setting_are_dropped_one_in_each_run() {
        years();

        maintain();
        assertThat(oldest("webhook_try")).isEqualTo(THIS_MONTH.minusMonths(39));
        for (int i = 0; i < 6; i++) maintain();

        assertThat(oldest("webhook_try")).as("100 days before is 2026-12-05").isEqualTo(YearMonth.of(2026, 12));
        assertThat(oldest("notification")).as("400 days before is 2026-02-08").isEqualTo(YearMonth.of(2026, 2));
        assertThat(oldest("order_event")).as("1190 days before is 2023-12-11").isEqualTo(YearMonth.of(2023, 12));
        assertThat(rows("webhook_try")).isEqualTo(2 * 2);
    }

    @Test
    void with_0_nothing_is_dropped() {
        years();
        var before = rowsOfEach("");

        maintain(
                Map.of(
                        "CASHDESK_KEEP_ORDER_EVENTS_DAYS", "0",
                        "CASHDESK_KEEP_NOTIFICATIONS_DAYS", "0",
                        "CASHDESK_KEEP_WEBHOOK_TRIES_DAYS", "0"),
                NOW);

        assertThat(rowsOfEach("")).isEqualTo(before);
    }

    @Test
    void old_rows_of_the_default_partition_are_deleted_too() {
        var later = Instant.parse("2031-01-15T00:00:00Z");
        add(Instant.parse("2027-01-15T00:00:00Z"));

        maintain(Map.of(), later);

        assertThat(rowsOfEach("")).containsOnly(0L);
    }

    @Test
    void a_lock_that_is_held_does_not_keep_the_job_and_the_job_keeps_no_writer_for_long() throws Exception {
        maintain();
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into order_event values ('%1$s', '%2$s', '%1$s', null, now(), 'created', '{}')"
                    .formatted(MERCHANT, MonthlyPartitions.first(THIS_MONTH)));
            var start = System.nanoTime();
            var job = new Thread(() -> assertThatThrownBy(() -> partitions.drop("order_event", THIS_MONTH))
                    .hasStackTraceContaining("lock timeout"));
            var failed = new Throwable[1];
            job.setUncaughtExceptionHandler((t, e) -> failed[0] = e);
            job.start();
            var longest = 0L;
            while (job.isAlive()) {
                var written = System.nanoTime();
                add(NOW);
                longest = Math.max(longest, System.nanoTime() - written);
            }
            assertThat(failed[0]).isNull();
            assertThat(Duration.ofNanos(longest)).isLessThan(Machine.limit(Duration.ofMillis(1_500), STATEMENT_ENDS));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Machine.limit(Duration.ofSeconds(15)));
            connection.commit();
        }
        partitions.drop("order_event", THIS_MONTH);
        assertThat(partitions.of("order_event")).doesNotContain(THIS_MONTH);
    }

    @Test
    void a_wrong_clock_of_this_node_drops_nothing() {
        maintain(Map.of(), Instant.now());
        var before = partitions.of("order_event");
        var job = job(Map.of());
        job.nodeClock = new NodeClock(source, systemAhead(Duration.ofDays(5_000)));

        assertThatThrownBy(job::run).hasMessageContaining("this node's clock is 432000000.0 s ahead of the database's");

        assertThat(partitions.of("order_event")).isEqualTo(before);
    }

    private static SystemTime systemAhead(Duration offset) {
        return new SystemTime() {
            @Override
            public Instant wall() {
                return super.wall().plus(offset);
            }
        };
    }

    @Test
    void a_start_that_cannot_make_partitions_goes_on() throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table order_event in access exclusive mode");

            today().start(null);
        }

        assertThat(partitions.of("order_event")).isEmpty();
        today().start(null);
        assertThat(partitions.of("order_event")).hasSize(4);
    }

    private static MaintainPartitions today() {
        var job = job(Map.of());
        job.clock = Clock.systemUTC();
        return job;
    }

    @Test
    void a_start_with_a_wrong_clock_makes_no_partitions() {
        var job = job(Map.of());
        job.nodeClock = new NodeClock(source, systemAhead(Duration.ofDays(-20_000)));

        job.start(null);

        assertThat(partitions.of("order_event")).isEmpty();
    }
}
