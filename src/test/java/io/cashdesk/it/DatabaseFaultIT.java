package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.DatabaseProxy;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Machine;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.StoppableDatabase;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * The database fails in several ways while the providers continue: nothing is lost, doubled or stored in part, and
 * every caller gets an answer.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DatabaseFaultIT {
    static final int CONNECTIONS = 8;

    /** After this time a call that has a connection is refused too, because it waits for a lock. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(10);

    static StoppableDatabase postgres;
    static DatabaseProxy proxy;
    static OtherProviderProcess provider;
    static Node node;
    static String database;
    static String key;

    @BeforeAll
    static void start() {
        postgres = new StoppableDatabase("faults");
        proxy = new DatabaseProxy(postgres.port());
        provider = OtherProviderProcess.start();
        database = StoppableDatabase.url(postgres.port());
        node = Nodes.start(
                "faults",
                StoppableDatabase.url(proxy.port()),
                null,
                Map.of(
                        "CASHDESK_DB_CONNECTIONS",
                        Integer.toString(CONNECTIONS),
                        "CASHDESK_PROVIDER_TIMEOUT_SECONDS",
                        "1"));
        key = provider.liveMerchant(node, "faults", false);
    }

    @AfterAll
    static void stop() {
        node.stop();
        provider.close();
        proxy.close();
        postgres.close();
    }

    @Test
    void connections_that_are_cut_under_load_lose_and_double_nothing() throws Exception {
        long cut = 0;
        try (var customers = customers().start(6)) {
            for (int i = 0; i < 10; i++) {
                var before = customers.acknowledged().size();
                Eventually.within(
                        Duration.ofSeconds(30),
                        "more orders are paid",
                        () -> customers.acknowledged().size() > before);
                cut += TestDatabase.number(database, """
                        select count(pg_terminate_backend(pid))
                        from pg_stat_activity
                        where pid <> pg_backend_pid() and backend_type = 'client backend'
                        """);
            }

            var paid = customers.finish();

            assertThat(cut).isGreaterThan(CONNECTIONS);
            assertThat(paid).hasSizeGreaterThan(6).allSatisfy(DatabaseFaultIT::isPaidOnce);
        }
    }

    private static Customers customers() {
        return new Customers(List.of(node), key, provider);
    }

    private static boolean notified(String number) {
        return customers().notified(number);
    }

    private static void isPaidOnce(String number) {
        Customers.assertPaidOnce(database, number);
        assertThat(node.queryPayment(key, number, "").getBoolean("orderPaid")).isTrue();
    }

    @Test
    void while_the_database_is_unreachable_every_caller_gets_503_and_afterwards_all_calls_succeed() throws Exception {
        var number = Shop.number();
        assertThat(node.createPayment(key, "wxpay", number, 990).status()).isEqualTo(200);
        var checkout = node.createCheckout(key, Shop.number());

        postgres.stop();
        try {
            var refused = get("/api/pay/queryPayment", "application/json", "{\"out_trade_no\":\"" + number + "\"}");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("2");
            assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json;charset=UTF-8");
            assertThat(refused.body()).contains("\"code\":5001", "数据库暂时不可用", "The database cannot be used right now");

            var page = get(checkout.substring(checkout.indexOf("/checkout")), "text/html", null);
            assertThat(page.statusCode()).isEqualTo(503);
            assertThat(page.headers().firstValue("Retry-After")).hasValue("2");
            assertThat(page.body()).contains("<main", "暂时无法打开", "请不要重复支付");

            var envelope = node.call(
                    "POST",
                    "/http/vk-pay",
                    key,
                    Json.createObjectBuilder()
                            .add("action", "pay/queryPayment")
                            .add("data", Json.createObjectBuilder().add("out_trade_no", number))
                            .build()
                            .toString());
            assertThat(envelope.status()).isEqualTo(200);
            assertThat(envelope.json().getInt("code")).isEqualTo(5001);

            assertThat(notified(number)).isFalse();
            assertThat(node.call("GET", "/health/ready", null, null).status()).isEqualTo(503);
            assertThat(node.call("GET", "/health/live", null, null).status()).isEqualTo(200);
        } finally {
            postgres.start();
        }

        Eventually.within(
                Duration.ofSeconds(15),
                "the node is ready by itself",
                () -> node.call("GET", "/health/ready", null, null).status() == 200);
        assertThat(notified(number)).isTrue();
        isPaidOnce(number);
        isPaidOnce(customers().orderAndPay());
        Eventually.within(
                Duration.ofSeconds(15),
                "it receives signals again",
                () -> node.call("GET", "/health/ready", null, null).json().getBoolean("listening"));
    }

    private static HttpResponse<String> get(String path, String accept, String body) throws Exception {
        var request = HttpRequest.newBuilder(node.base().resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Accept", accept)
                .header("Accept-Language", "zh-CN")
                .header("Authorization", "Bearer " + key);
        if (body != null) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void when_all_connections_are_in_use_other_calls_are_refused_soon_and_can_be_repeated() throws Exception {
        var numbers =
                IntStream.range(0, 3 * CONNECTIONS).mapToObj(i -> Shop.number()).toList();
        var customers = Executors.newFixedThreadPool(numbers.size());
        List<Node.Answer> answers;
        Duration firstAnswer;
        try (var connection = DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table pay_order in access exclusive mode");
            var begun = System.nanoTime();
            var calls = numbers.stream()
                    .map(n -> CompletableFuture.supplyAsync(() -> node.createPayment(key, "wxpay", n, 990), customers))
                    .toList();
            CompletableFuture.anyOf(calls.toArray(CompletableFuture<?>[]::new)).get(2, TimeUnit.MINUTES);
            firstAnswer = Duration.ofNanos(System.nanoTime() - begun);
            connection.rollback();
            answers = calls.stream().map(CompletableFuture::join).toList();
        }
        customers.shutdown();

        assertThat(firstAnswer).isLessThan(Machine.limit(Duration.ofSeconds(5), LOCK_WAIT.minusSeconds(1)));
        var sentAway = answers.stream().filter(a -> a.status() == 503).toList();
        assertThat(sentAway)
                .isNotEmpty()
                .allSatisfy(a -> assertThat(a.json().getInt("code")).isEqualTo(5001));
        assertThat(answers).allSatisfy(a -> assertThat(a.status()).as(a.body()).isIn(200, 503));
        for (var number : numbers) {
            assertThat(node.createPayment(key, "wxpay", number, 990).status()).isEqualTo(200);
            assertThat(count(
                            "select count(*) from attempt a join pay_order o on o.id = a.order_id where o.out_trade_no = ?",
                            number))
                    .isEqualTo(1);
        }
    }

    @Test
    void a_commit_whose_answer_was_lost_is_no_success_and_its_repetition_finds_what_was_done() {
        var number = Shop.number();
        proxy.cutNextCommitOf(number);

        var answer = node.createPayment(key, "wxpay", number, 990);

        assertThat(proxy.cut()).isTrue();
        assertThat(answer.status()).as(answer.body()).isEqualTo(504);
        assertThat(answer.json().getInt("code")).isEqualTo(5002);
        assertThat(count("select count(*) from pay_order where out_trade_no = ?", number))
                .as("it was executed")
                .isEqualTo(1);
        assertThat(node.createPayment(key, "wxpay", number, 990).status()).isEqualTo(200);
        assertThat(count("select count(*) from pay_order where out_trade_no = ?", number))
                .isEqualTo(1);
    }

    @Test
    void a_notification_whose_commit_was_lost_is_sent_again_and_counts_once() {
        var number = Shop.number();
        assertThat(node.createPayment(key, "alipay", number, 990).status()).isEqualTo(200);
        proxy.cutNextCommitOf(number);

        assertThat(notified(number)).as("the notification is acknowledged").isFalse();

        assertThat(proxy.cut()).isTrue();
        assertThat(count("select count(*) from pay_order where state = 'PAID' and out_trade_no = ?", number))
                .as("it was executed")
                .isEqualTo(1);
        assertThat(notified(number)).isTrue();
        isPaidOnce(number);
    }

    private static long count(String sql, String number) {
        return TestDatabase.number(database, sql, number);
    }
}
