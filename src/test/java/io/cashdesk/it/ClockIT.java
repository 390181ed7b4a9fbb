package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.Simulator;
import io.cashdesk.testing.SteeredClock;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes on one database; the system clock of one of them is wrong, from its start and by leaps while it runs. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestMethodOrder(OrderAnnotation.class)
class ClockIT {
    private static final String TOKEN = "a-token-for-prometheus";

    static String database;
    static SteeredClock clock;
    static Node right;
    static Node wrong;
    static OtherProviderProcess provider;
    static String key;
    static String live;

    @BeforeAll
    static void start() {
        database = TestDatabase.fresh();
        provider = OtherProviderProcess.start();
        right = Nodes.start("clock-right", database, null, Map.of());
        clock = new SteeredClock("clock-wrong");
        clock.isAhead(Duration.ofMinutes(1));
        var settings = new HashMap<>(clock.settings());
        settings.put("CASHDESK_METRICS_TOKEN", TOKEN);
        wrong = Nodes.start("clock-wrong", database, null, settings);
        key = right.merchant("clock-it", "test");
        live = provider.liveMerchant(right, "clock-live", false);
    }

    @AfterAll
    static void stop() {
        right.stop();
        wrong.stop();
        provider.close();
    }

    private static JsonObject ready(int status) {
        var answer = wrong.call("GET", "/health/ready", null, null);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        return answer.json();
    }

    /** Lets the clock leap, and waits until the node has noticed. */
    private static void leap(long seconds) {
        clock.isAhead(Duration.ofSeconds(seconds));
        var isWrong = Math.abs(seconds) > 2;
        Eventually.within(
                Duration.ofSeconds(3),
                "noticed",
                () -> wrong.call("GET", "/health/ready", null, null).status() == (isWrong ? 503 : 200));
    }

    private static Instant at(String column, String number) {
        return Instant.parse(TestDatabase.text(
                database,
                "select to_char(" + column
                        + " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from pay_order where out_trade_no = ?",
                number));
    }

    @Test
    @Order(1)
    void a_node_that_starts_a_minute_ahead_is_not_ready_and_says_why() {
        var health = ready(503);

        assertThat(health.getString("status")).isEqualTo("DOWN");
        assertThat(health.getString("database")).isEqualTo("UP");
        assertThat(health.getString("clock")).isEqualTo("DOWN");
        assertThat((long) health.getInt("clock_offset_ms")).isCloseTo(60_000, within(500L));
        assertThat(health.getString("reason")).contains("s ahead of the database's", "NTP");
        var metrics = wrong.call("GET", "/metrics", TOKEN, null).body();
        assertThat(metrics)
                .contains("cashdesk_clock_wrong 1.0")
                .containsPattern("cashdesk_clock_offset_seconds (59|60)");
        assertThat(wrong.call("GET", "/health", TOKEN, null).status()).isEqualTo(503);
        assertThat(right.call("GET", "/health/ready", null, null).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {60, -60})
    @Order(2)
    void its_calls_are_answered_with_the_right_time(int seconds) {
        leap(seconds);
        var number = Shop.number();
        var begun = Instant.now().minusSeconds(2);

        assertThat(wrong.createPayment(key, "wxpay", number, 990).json().getInt("code"))
                .isZero();

        var ended = Instant.now().plusSeconds(2);
        assertThat(at("created_at", number)).isBetween(begun, ended);
        assertThat(at("expires_at", number))
                .isBetween(begun.plus(Duration.ofHours(2)), ended.plus(Duration.ofHours(2)));
        var id = TestDatabase.text(database, "select id::text from pay_order where out_trade_no = ?", number);
        var millis = Long.parseLong(id.replace("-", "").substring(0, 12), 16);
        assertThat(Instant.ofEpochMilli(millis)).as("in its id").isBetween(begun, ended);
        assertThat(wrong.queryPayment(key, number, "").getInt("status")).isZero();
        new Simulator(wrong).pay(number);
        Eventually.within(
                Duration.ofSeconds(20),
                "paid",
                () -> wrong.queryPayment(key, number, "").getBoolean("orderPaid"));
    }

    @ParameterizedTest
    @ValueSource(ints = {60, -60})
    @Order(3)
    void real_providers_accept_its_signatures_and_it_accepts_theirs(int seconds) {
        leap(seconds);
        for (var each : new String[] {"wxpay", "alipay"}) {
            var number = Shop.number();
            var answer = wrong.createPayment(live, each, number, 990);
            assertThat(answer.json().getInt("code")).as(answer.body()).isZero();
        }
    }

    /** An order on the node whose clock is right; its number. */
    private static String create(String more, String provider) {
        var number = Shop.number();
        var answer = right.pay(
                "createPayment",
                key,
                "{\"provider\":\"" + provider + "\",\"needQRcode\":true,\"data\":{\"out_trade_no\":\"" + number
                        + "\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"goods\"" + more + "}}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return number;
    }

    private static long closing(String number) {
        return TestDatabase.number(database, """
                select count(*)
                from attempt a
                join pay_order o on o.id = a.order_id
                where o.out_trade_no = ? and (a.state in ('CLOSING', 'CLOSED') or o.state <> 'UNPAID')
                """, number);
    }

    /** Queries at the node whose clock is wrong; nothing is closed until then. */
    private static void staysOpen(String number, Instant until) throws InterruptedException {
        while (Instant.now().isBefore(until)) {
            assertThat(wrong.queryPayment(key, number, "").getInt("status")).isZero();
            assertThat(closing(number)).as("closed or reversed").isZero();
            TimeUnit.MILLISECONDS.sleep(300);
        }
    }

    @Test
    @Order(4)
    void an_order_is_not_closed_before_its_deadline() throws InterruptedException {
        leap(60);
        create(
                "",
                "alipay"); // a node's first call to a provider loads classes, which may take longer than the deadline
        var deadline = Instant.now().plusSeconds(15);
        var number = create(",\"time_expire\":" + deadline.toEpochMilli(), "alipay");

        staysOpen(number, deadline.minusSeconds(1));

        Eventually.within(Duration.ofSeconds(40), "closed", () -> closing(number) == 1);
    }

    /** The payer does not decide; the payment would be reversed after 45 seconds. */
    @Test
    @Order(5)
    void a_payment_at_the_point_of_sale_is_not_reversed_early() throws InterruptedException {
        leap(60);
        var code = "28" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + "0007";

        staysOpen(
                create(",\"auth_code\":\"" + code + "\"", "alipay"),
                Instant.now().plusSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(ints = {60, -60})
    @Order(6)
    void a_call_under_another_nodes_lease_is_not_made_again(int seconds) throws Exception {
        leap(seconds);
        var number = Shop.number();
        provider.get("delay?ms=5000");
        try {
            var first = CompletableFuture.supplyAsync(() -> right.createPayment(live, "wxpay", number, 990));
            var claim = "select claim::text from attempt where attempt_no = ? and state = 'CALLING'";
            Eventually.within(
                    Duration.ofSeconds(4),
                    "called",
                    () -> TestDatabase.number(
                                    database,
                                    "select count(*) from attempt where attempt_no = ? and claim is not null",
                                    number)
                            == 1);
            var held = TestDatabase.text(database, claim, number);

            var second = CompletableFuture.supplyAsync(() -> wrong.createPayment(live, "wxpay", number, 990));
            TimeUnit.MILLISECONDS.sleep(1_500);

            assertThat(TestDatabase.text(database, "select claim::text from attempt where attempt_no = ?", number))
                    .isEqualTo(held);
            assertThat(first.get().body()).contains("codeUrl");
            assertThat(second.get().body()).contains("codeUrl");
        } finally {
            provider.get("delay?ms=0");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {60, -60})
    @Order(7)
    void webhooks_have_the_right_time(int seconds) {
        leap(seconds);
        try (var shop = new MerchantServer()) {
            var pid = "clock-hook" + seconds;
            var merchant = right.merchant(pid, "test");
            right.manage(
                    "PUT",
                    "merchants/" + pid + "/webhooks/main",
                    Json.createObjectBuilder().add("url", shop.url()).add("mode", "test"));
            for (int i = 0; i < 6; i++) {
                var number = Shop.number();
                wrong.createPayment(merchant, "wxpay", number, 990);
                new Simulator(wrong).pay(number);
                Eventually.within(
                        Duration.ofSeconds(20),
                        "delivered",
                        () -> !shop.about(number).isEmpty());
            }
            assertThat(shop.received()).isNotEmpty().allSatisfy(received -> {
                var stamp = received.headers().firstValue("webhook-timestamp").orElseThrow();
                assertThat(Instant.ofEpochSecond(Long.parseLong(stamp)))
                        .isCloseTo(received.at(), within(5, ChronoUnit.SECONDS));
            });
        }
    }

    private static long queries(String number) {
        return TestDatabase.number(database, "select queries from attempt where attempt_no = ?", number);
    }

    @Test
    @Order(8)
    void its_sweeper_rests_until_the_clock_is_right() throws InterruptedException {
        leap(-60);
        right.stop();
        TimeUnit.SECONDS.sleep(3); // runs that had begun end
        var number = Shop.number();
        wrong.createPayment(key, "wxpay", number, 990);
        TimeUnit.SECONDS.sleep(12);
        assertThat(queries(number)).as("due after 5 s").isZero();

        leap(0);

        Eventually.within(Duration.ofSeconds(20), "the sweeper runs", () -> queries(number) > 0);
        assertThat(ready(200).getString("clock")).isEqualTo("UP");

        leap(60);
        assertThat(ready(503).getString("reason")).contains("ahead");
        clock.isAhead(Duration.ofMillis(1_800));
        Eventually.within(
                Duration.ofSeconds(3),
                "less than two seconds are tolerated",
                () -> wrong.call("GET", "/health/ready", null, null).status() == 200);
        leap(-3);
        assertThat(ready(503).getString("reason")).contains("behind");
        leap(0);
    }
}
