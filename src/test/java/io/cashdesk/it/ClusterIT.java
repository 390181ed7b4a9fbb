package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
 * Two nodes on one database, one of which is killed at critical moments. Each test starts and stops the nodes that it
 * needs; in this order they are started least often.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestMethodOrder(OrderAnnotation.class)
class ClusterIT {
    /** Leases of a killed node end sooner. */
    private static final Map<String, String> SHORT_LEASES = Map.of("CASHDESK_PROVIDER_TIMEOUT_SECONDS", "2");

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
        provider.get("delay?ms=6000");
        CompletableFuture.runAsync(() -> one.createPayment(key, "wxpay", number, 990))
                .exceptionally(killed -> null);
        Eventually.within(
                Duration.ofSeconds(10),
                "the attempt is committed and the provider has it",
                () -> provider.get("order?number=" + number).json().getBoolean("known")
                        && count("select count(*) from attempt where state = 'CALLING' and attempt_no = ?", number)
                                == 1);

        one.kill();
        provider.get("delay?ms=0");
        assertThat(count("select count(*) from attempt where state = 'CALLING' and attempt_no = ?", number))
                .isEqualTo(1);
        one.start();

        Eventually.within(
                Duration.ofSeconds(90),
                "the sweeper has finished the call",
                () -> count("select count(*) from attempt where state = 'SHOWN' and attempt_no = ?", number) == 1);
        assertThat(one.createPayment(key, "wxpay", number, 990).body()).contains("codeUrl");
    }

    @Test
    @Order(2)
    void killed_between_paid_and_the_webhook_the_merchant_is_notified_after_a_restart() {
        run(one); // so that no other node delivers
        try (var shop = new MerchantServer()) {
            shop.answers(500, "not now");
            var key = one.merchant("killed-before-webhook", "test");
            one.manage(
                    "PUT",
                    "merchants/killed-before-webhook/webhooks/shop",
                    Json.createObjectBuilder().add("url", shop.url()).add("mode", "test"));
            var number = Shop.number();
            one.createPayment(key, "alipay", number, 990);

            one.simulator("pay", "{\"out_trade_no\":\"" + number + "\"}");
            Eventually.within(
                    Duration.ofSeconds(10),
                    "paid",
                    () -> count("select count(*) from pay_order where state = 'PAID' and out_trade_no = ?", number)
                            == 1);
            one.kill();
            shop.answers(200, "{\"code\":0}");
            one.start();

            Eventually.within(Duration.ofSeconds(90), "delivered", () -> count("""
                    select count(*)
                    from webhook_delivery d
                    join webhook_event e on e.id = d.event_id
                    join pay_order o on o.id = e.order_id
                    where d.state = 'ACKNOWLEDGED' and o.out_trade_no = ?
                    """, number) == 1);
            assertThat(shop.about(number).stream()
                            .map(MerchantServer.Received::id)
                            .distinct())
                    .hasSize(1);
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
            var key = one.merchant("killed-in-webhook", "test");
            one.manage(
                    "PUT",
                    "merchants/killed-in-webhook/webhooks/shop",
                    Json.createObjectBuilder().add("url", shop.url()).add("mode", "test"));
            var number = Shop.number();
            one.createPayment(key, "alipay", number, 990);
            one.simulator("pay", "{\"out_trade_no\":\"" + number + "\"}");
            Eventually.within(
                    Duration.ofSeconds(15),
                    "the merchant has received it",
                    () -> !shop.about(number).isEmpty());

            one.kill();
            shop.release();
            two.start();

            Eventually.within(Duration.ofSeconds(60), "the other node took over", () -> count("""
                    select count(*)
                    from webhook_delivery d
                    join webhook_event e on e.id = d.event_id
                    join pay_order o on o.id = e.order_id
                    where d.state = 'ACKNOWLEDGED' and o.out_trade_no = ?
                    """, number) == 1);
            assertThat(shop.about(number)).hasSize(2);
            assertThat(shop.about(number).stream()
                            .map(MerchantServer.Received::id)
                            .distinct())
                    .hasSize(1);
            assertThat(TestDatabase.text(database, """
                    select node
                    from webhook_try t
                    join webhook_delivery d on d.id = t.delivery_id
                    join webhook_event e on e.id = d.event_id
                    join pay_order o on o.id = e.order_id
                    where o.out_trade_no = ?
                    """, number)).isEqualTo("two");
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
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    @Order(5)
    void stopped_during_a_delivery_it_waits_for_the_merchants_answer() {
        run(one); // so that the node that stops is the one that delivers
        try (var shop = new MerchantServer()) {
            shop.delay(Duration.ofSeconds(5));
            var key = one.merchant("stopped-in-webhook", "test");
            one.manage(
                    "PUT",
                    "merchants/stopped-in-webhook/webhooks/shop",
                    Json.createObjectBuilder().add("url", shop.url()).add("mode", "test"));
            var number = Shop.number();
            one.createPayment(key, "alipay", number, 990);
            one.simulator("pay", "{\"out_trade_no\":\"" + number + "\"}");
            Eventually.within(
                    Duration.ofSeconds(15),
                    "the merchant has received it",
                    () -> !shop.about(number).isEmpty());

            one.stop();

            assertThat(count("""
                    select count(*)
                    from webhook_try t
                    join webhook_delivery d on d.id = t.delivery_id
                    join webhook_event e on e.id = d.event_id
                    join pay_order o on o.id = e.order_id
                    where d.state = 'ACKNOWLEDGED' and t.error is null and o.out_trade_no = ?
                    """, number)).isEqualTo(1);
            assertThat(shop.about(number)).hasSize(1);
        }
    }

    private static long count(String sql, String number) {
        return TestDatabase.number(database, sql, number);
    }
}
