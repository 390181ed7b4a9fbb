package io.cashdesk.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.ProviderProxy;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What the sweeper does by itself: no test here calls queryPayment to make progress. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SweeperIT {
    private final Node node = Nodes.shared();

    private long state(String number, String state) {
        return TestDatabase.number(
                node.dbUrl(), "select count(*) from pay_order where out_trade_no = ? and state = ?", number, state);
    }

    private JsonObject circuit(String pid, String name) {
        return node.call("GET", "/api/manage/merchants/" + pid + "/providers", Node.MANAGE_TOKEN, null)
                .json()
                .getJsonObject("circuits")
                .getJsonObject(name);
    }

    @Test
    void a_provider_that_is_down_is_called_less_and_delays_no_other_account() throws InterruptedException {
        try (var provider = OtherProviderProcess.start();
                var wire = new ProviderProxy(
                        URI.create(provider.account("wxpay-keys").getString("gateway")))) {
            var key = provider.liveMerchant(node, "down", false);
            var behind =
                    Json.createObjectBuilder(provider.account("wxpay-keys")).add("gateway", wire.address());
            node.manage(
                    "PUT",
                    "merchants/down/providers",
                    Json.createObjectBuilder()
                            .add("wxpay", Json.createObjectBuilder().add("h5", behind)));
            var before = Shop.number();
            assertThat(node.createPayment(key, "wxpay", before, 990).body()).contains("codeUrl");
            assertThat(circuit("down", "wxpay.h5").getString("state")).isEqualTo("closed");

            wire.suspend();
            Stream.generate(() -> CompletableFuture.supplyAsync(
                            () -> node.createPayment(key, "wxpay", Shop.number(), 990),
                            task -> new Thread(task).start()))
                    .limit(24)
                    .toList()
                    .forEach(CompletableFuture::join);

            var refused = node.createPayment(key, "wxpay", Shop.number(), 990);
            assertThat(refused.status()).as(refused.body()).isEqualTo(503);
            assertThat(refused.json().getInt("code")).isEqualTo(3008);
            assertThat(circuit("down", "wxpay.h5").getString("state")).isEqualTo("open");
            var swallowed = wire.dropped();
            var other = Shop.number();
            assertThat(node.createPayment(key, "alipay", other, 990).body()).contains("codeUrl");
            provider.get("pay?fault=silent&number=" + other);
            Eventually.within(
                    Duration.ofSeconds(20), "the other provider is queried as usual", () -> state(other, "PAID") == 1);
            assertThat(wire.dropped() - swallowed)
                    .as("calls to the one that is down: probes only, for 25 attempts that are due")
                    .isLessThanOrEqualTo(6);

            wire.resume();
            Eventually.within(
                    Duration.ofSeconds(60),
                    "called again",
                    () -> circuit("down", "wxpay.h5").getString("state").equals("closed"));
            assertThat(node.createPayment(key, "wxpay", Shop.number(), 990).body())
                    .contains("codeUrl");
            provider.get("pay?fault=silent&number=" + before);
            Eventually.within(
                    Duration.ofSeconds(60), "the attempts left open are queried", () -> state(before, "PAID") == 1);
        }
    }

    @Test
    void an_earlier_code_is_closed_as_soon_as_it_is_scanned() {
        var shop = new Shop("sweeper-it");
        var number = Shop.number();
        var alipay = node.createPayment(shop.key, "alipay", number, 990).json();
        node.createPayment(shop.key, "wxpay", number, 990);
        node.simulator("pay", "{\"out_trade_no\":\"" + number + "\",\"provider\":\"wxpay\"}");
        Eventually.within(Duration.ofSeconds(10), "paid", () -> state(number, "PAID") == 1);

        var code = alipay.getJsonObject("orderInfo").getString("codeUrl");
        var wallet = node.call("GET", "/simulator/wallet?code=" + URLEncoder.encode(code, UTF_8), null, null);
        assertThat(wallet.status()).isEqualTo(200);

        Eventually.within(
                Duration.ofSeconds(30),
                "closed at the provider",
                () -> node.simulator("books?provider=alipay&out_trade_no=" + number, null)
                        .json()
                        .getString("state")
                        .equals("CLOSED"));
        assertThat(node.simulator("pay", "{\"out_trade_no\":\"" + number + "\",\"provider\":\"alipay\"}")
                        .json()
                        .getBoolean("paid"))
                .isFalse();
    }

    @Test
    void a_code_whose_closing_node_crashed_blocks_nothing_and_can_still_be_paid() {
        var shop = new Shop("sweeper-it");
        var number = Shop.number();
        node.createPayment(shop.key, "alipay", number, 990);
        TestDatabase.execute( // the state after a node was killed while it closed the attempt, and its lease ended
                node.dbUrl(), """
                        update attempt
                        set state = 'CLOSING', claim = gen_random_uuid(), lease_until = now() - interval '1 s',
                            close_at = now(), next_query_at = now()
                        where order_id = (select id from pay_order where out_trade_no = '%s')
                        """.formatted(number));

        Eventually.within(
                Duration.ofSeconds(20),
                "queried until its end",
                () -> TestDatabase.number(node.dbUrl(), """
                        select count(*)
                        from attempt a
                        join pay_order o on o.id = a.order_id
                        where o.out_trade_no = ? and a.state = 'PAYABLE' and a.claim is null
                        """, number) == 1);

        assertThat(node.createPayment(shop.key, "wxpay", number, 990).json().getInt("code"))
                .isZero();
        assertThat(node.simulator("pay", "{\"out_trade_no\":\"" + number + "\",\"provider\":\"alipay\"}")
                        .json()
                        .getBoolean("paid"))
                .isTrue();
        Eventually.within(Duration.ofSeconds(10), "paid", () -> state(number, "PAID") == 1);
    }
}
