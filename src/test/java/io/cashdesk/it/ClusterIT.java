package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Machine;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import io.cashdesk.testing.VirtualMerchant;
import jakarta.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Nodes on one database that are killed or stopped at critical moments; the same node, started again, or the other one
 * finishes what was begun. Each test starts and stops the nodes that it needs; in this order they are started least
 * often.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestMethodOrder(OrderAnnotation.class)
class ClusterIT {
    /** Leases of a killed node end sooner. */
    private static final Map<String, String> SHORT_LEASES = Map.of("CASHDESK_PROVIDER_TIMEOUT_SECONDS", "2");

    /** Less than the time for which a waiting query is held if nothing happens. */
    private static final Duration HELD = Duration.ofSeconds(20);

    static String database;
    static Node one;
    static Node two;
    static OtherProviderProcess provider;

    @BeforeAll
    static void start() {
        database = TestDatabase.fresh();
        provider = OtherProviderProcess.start();
        one = Nodes.stopped("one", database, null, SHORT_LEASES);
        two = Nodes.stopped("two", database, one.base().toString(), SHORT_LEASES);
    }

    @AfterAll
    static void stop() {
        one.stop();
        two.stop();
        provider.close();
    }

    private static void run(Node... nodes) {
        for (var node : List.of(one, two)) {
            if (!List.of(nodes).contains(node)) node.stop();
        }
        for (var node : nodes) {
            if (!node.isRunning()) node.start();
        }
    }

    @Test
    @Order(1)
    void killed_between_the_attempt_and_the_providers_answer_it_is_finished_after_a_restart() {
        run(one);
        var key = provider.liveMerchant(one, "killed-in-call", false);
        var number = Shop.number();
        killedDuringTheCall(one, key, number);

        one.start();

        isFinished(one, key, number);
    }

    /** The provider has the call of this node, which does not live to see the answer. */
    private static void killedDuringTheCall(Node node, String key, String number) {
        provider.get("delay?ms=6000");
        CompletableFuture.runAsync(() -> node.createPayment(key, "wxpay", number, 990))
                .exceptionally(killed -> null);
        Eventually.within(
                Duration.ofSeconds(10),
                "the attempt is committed and the provider has it",
                () -> provider.get("order?number=" + number).json().getBoolean("known")
                        && attempts(number, "CALLING") == 1);
        node.kill();
        provider.get("delay?ms=0");
        assertThat(attempts(number, "CALLING")).isEqualTo(1);
    }

    private static long attempts(String number, String state) {
        return count("select count(*) from attempt where state = '" + state + "' and attempt_no = ?", number);
    }

    private static void isFinished(Node node, String key, String number) {
        Eventually.within(
                Duration.ofSeconds(90), "the sweeper has finished the call", () -> attempts(number, "SHOWN") == 1);
        assertThat(node.createPayment(key, "wxpay", number, 990).body()).contains("codeUrl");
    }

    @Test
    @Order(2)
    void killed_between_paid_and_the_webhook_the_merchant_is_notified_after_a_restart() {
        run(one); // so that no other node delivers
        try (var shop = new MerchantServer()) {
            shop.answers(500, "not now");
            var key = merchant("killed-before-webhook", shop);
            var number = paid(key);
            Eventually.within(
                    Duration.ofSeconds(10),
                    "paid",
                    () -> count("select count(*) from pay_order where state = 'PAID' and out_trade_no = ?", number)
                            == 1);
            one.kill();
            shop.answers(200, "{\"code\":0}");
            one.start();

            Eventually.within(
                    Duration.ofSeconds(90),
                    "delivered",
                    () -> acknowledgedBy(number).isPresent());
            hasOneId(shop, number);
            assertThat(one.queryPayment(key, number, "").getBoolean("user_order_success"))
                    .isTrue();
        }
    }

    @Test
    @Order(3)
    void killed_during_a_delivery_the_other_node_delivers_again_under_the_same_id() {
        run(one); // so that the first try is by node one
        try (var shop = new MerchantServer()) {
            shop.hold();
            var key = merchant("killed-in-webhook", shop);
            var number = paid(key);
            isReceived(shop, number);

            one.kill();
            shop.release();
            two.start();

            Eventually.within(
                    Duration.ofSeconds(60),
                    "the other node took over",
                    () -> acknowledgedBy(number).isPresent());
            assertThat(shop.about(number)).hasSizeGreaterThanOrEqualTo(2);
            hasOneId(shop, number);
            assertThat(acknowledgedBy(number)).hasValue("two");
        }
    }

    @Test
    @Order(4)
    void a_page_served_by_one_node_shows_a_notification_received_by_the_other() {
        run(one, two);
        var key = two.merchant("cluster", "test");
        var number = Shop.number();
        var checkout = two.createCheckout(key, number);
        var token = checkout.substring(checkout.lastIndexOf('/'));
        two.createPayment(key, "wxpay", number, 990); // notify_url names node one
        var start = System.nanoTime();
        var held =
                CompletableFuture.supplyAsync(() -> two.call("POST", "/checkout" + token + "/queryPayment", null, null)
                        .json());
        Eventually.within(
                Duration.ofSeconds(5),
                "the waiting query is at node two",
                () -> two.call("GET", "/health/ready", null, null).json().getInt("waiting") > 0);

        two.simulator("pay", "{\"out_trade_no\":\"" + number + "\"}");

        assertThat(held.join().getBoolean("orderPaid")).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Machine.limit(Duration.ofSeconds(10), HELD));
    }

    @Test
    @Order(4)
    void both_nodes_call_wechat_with_one_access_token() {
        run(one, two);
        var merchant = new VirtualMerchant(one, Json.createObjectBuilder());
        var key = one.merchant("cluster-virtual", "live");
        one.manage(
                "PUT",
                "merchants/cluster-virtual/providers",
                Json.createObjectBuilder()
                        .add("wxpay-virtual", Json.createObjectBuilder().add("mp-weixin", merchant.account)));
        var login = one.simulator("login", "{\"app_id\":\"" + merchant.appId + "\"}")
                .json();
        one.pay("code2SessionWeixin", key, "{\"code\":\"" + login.getString("login_code") + "\"}");
        var balance = "{\"openid\":\"" + login.getString("openid") + "\"}";

        var answers = List.of(one, two, one, two).stream()
                .map(node ->
                        CompletableFuture.supplyAsync(() -> node.pay("wxpayVirtual/queryUserBalance", key, balance)))
                .toList();

        for (var answer : answers) {
            assertThat(answer.join().json().getInt("code"))
                    .as(answer.join().body())
                    .isZero();
        }
        var tokens =
                one.simulator("wechat/tokens?app_id=" + merchant.appId, null).json();
        assertThat(tokens.getInt("calls")).isEqualTo(1);
    }

    @Test
    @Order(5)
    void killed_between_the_attempt_and_the_providers_answer_it_is_finished_by_the_other_node() {
        run(one, two);
        var key = provider.liveMerchant(two, "killed-of-two", false);
        var number = Shop.number();

        killedDuringTheCall(two, key, number);

        isFinished(one, key, number);
    }

    @Test
    @Order(6)
    void stopped_during_a_delivery_it_waits_for_the_merchants_answer() {
        run(one); // so that the node that stops is the one that delivers
        try (var shop = new MerchantServer()) {
            shop.delay(Duration.ofSeconds(5));
            var key = merchant("stopped-in-webhook", shop);
            var number = paid(key);
            isReceived(shop, number);

            one.stop();

            assertThat(acknowledgedBy(number)).hasValue("one");
            assertThat(shop.about(number)).hasSize(1);
        }
    }

    /** A new merchant whose webhooks this server receives; its API key. */
    private static String merchant(String pid, MerchantServer shop) {
        var key = one.merchant(pid, "test");
        one.manage(
                "PUT",
                "merchants/" + pid + "/webhooks/shop",
                Json.createObjectBuilder().add("url", shop.url()).add("mode", "test"));
        return key;
    }

    /** The number of a new order whose payer has paid. */
    private static String paid(String key) {
        var number = Shop.number();
        one.createPayment(key, "alipay", number, 990);
        one.simulator("pay", "{\"out_trade_no\":\"" + number + "\"}");
        return number;
    }

    private static void isReceived(MerchantServer shop, String number) {
        Eventually.within(
                Duration.ofSeconds(15),
                "the merchant has received it",
                () -> !shop.about(number).isEmpty());
    }

    private static void hasOneId(MerchantServer shop, String number) {
        assertThat(shop.about(number).stream().map(MerchantServer.Received::id).distinct())
                .hasSize(1);
    }

    /** The node whose delivery about this order the merchant has acknowledged. */
    private static Optional<String> acknowledgedBy(String number) {
        return Optional.ofNullable(TestDatabase.text(database, """
                select max(t.node)
                from webhook_try t
                join webhook_delivery d on d.id = t.delivery_id
                join webhook_event e on e.id = d.event_id
                join pay_order o on o.id = e.order_id
                where d.state = 'ACKNOWLEDGED' and t.error is null and o.out_trade_no = ?
                """, number));
    }

    private static long count(String sql, String number) {
        return TestDatabase.number(database, sql, number);
    }
}
