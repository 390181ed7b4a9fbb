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
import jakarta.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Two nodes are stopped with SIGTERM and started again, one after the other, while customers buy. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RollingRestartIT {
    /** Less than the time after which the server stops without waiting for running calls. */
    private static final Duration GRACEFUL = Duration.ofSeconds(25);

    /** How long a waiting query is held if nothing happens. */
    private static final Duration HELD = Duration.ofSeconds(25);

    static String database;
    static Node one;
    static Node two;
    static OtherProviderProcess provider;
    static MerchantServer shop;

    @BeforeAll
    static void start() {
        database = TestDatabase.fresh();
        provider = OtherProviderProcess.start();
        shop = new MerchantServer();
        one = Nodes.start("rolling-one", database, null, Map.of());
        two = Nodes.start("rolling-two", database, one.base().toString(), Map.of());
    }

    @AfterAll
    static void stop() {
        one.stop();
        two.stop();
        shop.close();
        provider.close();
    }

    @Test
    void a_rolling_restart_under_load_loses_and_repeats_nothing() throws Exception {
        var key = provider.liveMerchant(one, "rolling", false);
        one.manage(
                "PUT",
                "merchants/rolling/webhooks/shop",
                Json.createObjectBuilder().add("url", shop.url()).add("mode", "live"));
        try (var customers = new Customers(List.of(one, two), key, provider).start(6)) {
            untilMoreBuy(customers, 12);
            for (var node : List.of(one, two)) {
                stopsWhileAPayerWaits(node, key);
                var before = customers.acknowledged().size();
                node.start();
                assertThat(customers.acknowledged().size())
                        .as("the other node continues")
                        .isGreaterThan(before);
            }
            untilMoreBuy(customers, 12);

            var paid = customers.finish();

            assertThat(paid).hasSizeGreaterThan(20).allSatisfy(RollingRestartIT::isPaidByOneAttempt);
            Eventually.within(
                    Duration.ofSeconds(30),
                    "the merchant has received all",
                    () -> paid.stream().noneMatch(number -> shop.about(number).isEmpty()));
            assertThat(paid)
                    .allSatisfy(number -> assertThat(shop.about(number))
                            .as("webhooks about %s", number)
                            .hasSize(1));
        }
    }

    private static void stopsWhileAPayerWaits(Node node, String key) throws Exception {
        var waiting = aPayerWaits(node, key);

        var start = System.nanoTime();
        var stopping = CompletableFuture.runAsync(node::stop);
        var answer = waiting.get(HELD.toSeconds(), TimeUnit.SECONDS);
        var woken = Duration.ofNanos(System.nanoTime() - start);
        stopping.get(90, TimeUnit.SECONDS);
        var stopped = Duration.ofNanos(System.nanoTime() - start);

        assertThat(woken).as("woken").isLessThan(Machine.limit(Duration.ofSeconds(5), HELD.minusSeconds(5)));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().getBoolean("orderPaid")).isFalse();
        assertThat(answer.json().getInt("ask_again_ms")).isPositive();
        assertThat(stopped).as("stopped").isLessThan(GRACEFUL);
    }

    private static void isPaidByOneAttempt(String number) {
        Customers.assertPaidOnce(database, number);
        assertThat(TestDatabase.number(
                        database,
                        "select count(*) from attempt a join pay_order o on o.id = a.order_id where o.out_trade_no = ?",
                        number))
                .as("attempts of %s", number)
                .isEqualTo(1);
    }

    private static void untilMoreBuy(Customers customers, int more) {
        var before = customers.acknowledged().size();
        Eventually.within(
                Duration.ofSeconds(30),
                more + " more orders are paid",
                () -> customers.acknowledged().size() >= before + more);
    }

    /** An open checkout page whose waiting query is at this node. */
    private static CompletableFuture<Node.Answer> aPayerWaits(Node node, String key) {
        var before = waiting(node);
        var checkout = node.createCheckout(key, Shop.number());
        var token = checkout.substring(checkout.lastIndexOf('/'));
        var held = CompletableFuture.supplyAsync(
                () -> node.call("POST", "/checkout" + token + "/queryPayment", null, null));
        Eventually.within(Duration.ofSeconds(5), "the query waits", () -> waiting(node) > before);
        return held;
    }

    private static int waiting(Node node) {
        return node.call("GET", "/health/ready", null, null).json().getInt("waiting");
    }
}
