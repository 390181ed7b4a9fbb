package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A node of its own whose figures a test reads while it breaks the stored data on purpose, as no code of ours can. */
abstract class WatchedNode {
    static final String TOKEN = "a-token-for-prometheus";

    static Node node;
    static String key;

    @BeforeAll
    static void start() {
        node = Nodes.start("watch", TestDatabase.fresh(), null, Map.of("CASHDESK_METRICS_TOKEN", TOKEN));
        key = node.merchant("watch-it", "test");
        checkNow();
        assertThat(health().getBoolean("balanced")).as(health().toString()).isTrue();
    }

    @AfterAll
    static void stop() {
        node.stop();
    }

    static String metrics() {
        var answer = node.call("GET", "/metrics", TOKEN, null);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** The value of one line: its name with its labels, as they are printed. */
    static double metric(String line) {
        return metrics()
                .lines()
                .filter(l -> l.startsWith(line + " "))
                .mapToDouble(l -> Double.parseDouble(l.substring(line.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    static JsonObject health() {
        return node.call("GET", "/health", TOKEN, null).json();
    }

    static JsonObject invariant(String name) {
        return health().getJsonArray("invariants").getValuesAs(JsonObject.class).stream()
                .filter(i -> i.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    static void execute(String sql) {
        TestDatabase.execute(node.dbUrl(), sql);
    }

    static String text(String sql, Object... parameters) {
        return TestDatabase.text(node.dbUrl(), sql, parameters);
    }

    /** How many conditions are checked. */
    static final int CHECKS = 12;

    /** Runs the job now instead of within a minute; returns when it has run. */
    static void checkNow() {
        var before = text("select now()::text");
        execute(
                "update recurring_tasks set execution_time = now() where task_name = 'check-invariants' and not picked");
        Eventually.within(
                Duration.ofSeconds(30),
                "the check has run",
                () -> TestDatabase.number(
                                node.dbUrl(),
                                "select count(*) from invariant where checked_at > ?::timestamptz",
                                before)
                        == CHECKS);
    }

    /** Stops a job of the sweeper, or lets it run again, so that what is overdue stays overdue. */
    static void hold(String job, boolean held) {
        execute("""
                update recurring_tasks
                set execution_time = now()%s
                where task_name = '%s'
                """.formatted((held ? " + interval '1 day'" : ""), job));
        if (held) { // a running job schedules itself again when it ends
            Eventually.within(Duration.ofSeconds(10), job + " is stopped", () -> {
                execute("""
                        update recurring_tasks
                        set execution_time = now() + interval '1 day'
                        where task_name = '%s' and not picked
                        """.formatted(job));
                return TestDatabase.number(node.dbUrl(), """
                        select count(*)
                        from recurring_tasks
                        where task_name = ? and not picked and execution_time > now() + interval '1 hour'
                        """, job) == 1;
            });
        }
    }

    static void breaks(String name, String sql, String sample, String repair) {
        execute(sql);
        checkNow();

        var seen = invariant(name);
        assertThat(seen.getString("state")).as(seen.toString()).isEqualTo("broken");
        assertThat(seen.getJsonArray("samples").toString()).contains(sample);
        assertThat(health().getBoolean("balanced")).isFalse();
        assertThat(metric("cashdesk_invariant_violations{invariant=\"" + name + "\"}"))
                .isEqualTo(1);
        assertThat(node.call("GET", "/health/ready", null, null).status()).isEqualTo(200);

        execute(repair);
        checkNow();
        assertThat(invariant(name).getString("state"))
                .as(invariant(name).toString())
                .isEqualTo("holds");
        assertThat(metric("cashdesk_invariant_violations{invariant=\"" + name + "\"}"))
                .isZero();
    }

    static String paid() {
        var number = Shop.number();
        node.createPayment(key, "wxpay", number, 990);
        assertThat(node.simulator("pay", "{\"out_trade_no\":\"" + number + "\"}")
                        .json()
                        .getBoolean("paid"))
                .isTrue();
        Eventually.within(
                Duration.ofSeconds(10),
                "paid",
                () -> node.queryPayment(key, number, "").getBoolean("orderPaid"));
        return number;
    }

    static String id(String number) {
        return text("select id::text from pay_order where out_trade_no = ?", number);
    }
}
