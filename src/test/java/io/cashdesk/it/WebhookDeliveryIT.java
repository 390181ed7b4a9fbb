package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Deliveries to merchants' servers: which events, retries, the log of tries, sending again, slow servers. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WebhookDeliveryIT extends WebhookShop {
    @Test
    void each_endpoint_receives_the_events_and_order_types_that_it_named() {
        try (var refunds = new MerchantServer();
                var vips = new MerchantServer();
                var live = new MerchantServer()) {
            put("all", endpoint(server));
            put("refunds", endpoint(refunds).add("events", texts("refund.succeeded")));
            put("vips", endpoint(vips).add("types", texts("vip")));
            put("live", endpoint(live).add("mode", "live"));

            var number = shop.paid("wxpay");
            shop.call("refund", "{\"out_trade_no\":\"" + number + "\",\"refund_fee\":100}");

            eventually("refund told", () -> !refunds.about(number).isEmpty());
            eventually("both told", () -> server.about(number).size() == 2);
            assertThat(server.about(number))
                    .extracting(MerchantServer.Heard::type)
                    .containsExactlyInAnyOrder("payment.paid", "refund.succeeded");
            var refund = object(refunds.about(number).get(0).body());
            assertThat(refund.getJsonObject("refund").getString("out_refund_no"))
                    .isEqualTo(number + "-1");
            assertThat(refund.getJsonObject("data").getInt("refund_fee")).isEqualTo(100);
            assertThat(vips.heard()).isEmpty();
            assertThat(live.heard()).isEmpty();
            assertThat(shop.query(number).getBoolean("user_order_success")).isTrue();
        }
    }

    @Test
    void money_for_a_closed_order_is_delivered_as_late_with_the_payment_beside_the_order() {
        put("shop", endpoint(server));
        var number = Shop.number();
        shop.node.createPayment(shop.key, "alipay", number, 990);
        shop.call("closePayment", "{\"out_trade_no\":\"" + number + "\"}");

        shop.pay(number); // a code that nobody had scanned cannot be closed at Alipay

        eventually(
                "late told",
                () -> server.about(number).stream().anyMatch(h -> h.type().equals("payment.late")));
        var late = server.about(number).stream()
                .filter(h -> h.type().equals("payment.late"))
                .map(h -> object(h.body()))
                .findFirst()
                .orElseThrow();
        assertThat(late.getJsonObject("payment").getInt("total_fee")).isEqualTo(990);
        assertThat(late.getJsonObject("payment").getString("handling")).isEqualTo("refund");
        assertThat(late.getJsonObject("data").getInt("status")).isEqualTo(-1);
    }

    @Test
    void every_try_is_logged_and_all_have_the_same_id_and_bytes() {
        put("shop", endpoint(server));
        server.answers(500, "x".repeat(5000));

        var id = test("shop");
        eventually("refused", () -> delivery("shop", id).getInt("tries") == 1);
        var waiting = deliveries("shop", "?state=waiting").get(0);
        assertThat(waiting.getString("id")).isEqualTo(id);
        assertThat(waiting.getJsonNumber("next_try_at").longValue())
                .isGreaterThan(Instant.now().toEpochMilli());
        assertThat(state("shop").getInt("waiting")).isEqualTo(1);
        assertThat(state("shop").getInt("failures")).isEqualTo(1);
        server.answers(200, "ok");

        eventually("heard", () -> delivery("shop", id).getString("state").equals("heard"));
        var shown = delivery("shop", id);
        var log = shown.getJsonArray("log").getValuesAs(JsonObject.class);
        assertThat(log).hasSize(2);
        assertThat(log.get(0).getInt("status")).isEqualTo(500);
        assertThat(log.get(0).getString("error")).isEqualTo("HTTP 500");
        assertThat(log.get(0).getString("answer")).hasSize(4096);
        assertThat(log.get(0).getBoolean("heard")).isFalse();
        assertThat(log.get(1).getInt("status")).isEqualTo(200);
        assertThat(log.get(1).getString("answer")).isEqualTo("ok");
        assertThat(log.get(1).getBoolean("heard")).isTrue();
        assertThat(log.get(1).getString("node")).isEqualTo("shared");
        var request = log.get(1).getJsonObject("request");
        assertThat(request.getString("url")).isEqualTo(server.url());
        assertThat(server.url()).contains(request.getString("address"));
        assertThat(server.heard()).hasSize(2).allSatisfy(heard -> {
            assertThat(heard.id()).isEqualTo(shown.getString("webhook_id"));
            assertThat(heard.body()).isEqualTo(shown.getString("body"));
        });
        assertThat(server.heard().get(1).headers().firstValue("webhook-timestamp"))
                .contains(request.getString("webhook-timestamp"));
        assertThat(state("shop").getInt("failures")).isZero();
        assertThat(state("shop").containsKey("failing_since")).isFalse();
    }

    @Test
    void an_acknowledged_delivery_can_be_sent_again_and_stays_acknowledged_for_the_order() {
        put("shop", endpoint(server));
        var number = shop.paid("wxpay");
        eventually("heard", () -> shop.query(number).getBoolean("user_order_success", false));
        var id = deliveries("shop", "?out_trade_no=" + number).get(0).getString("id");
        server.answers(500, "");

        post("shop/deliveries/" + id + "/resend", null);

        eventually("sent again", () -> delivery("shop", id).getInt("tries") == 2);
        assertThat(server.about(number).stream().map(MerchantServer.Heard::id).distinct())
                .hasSize(1);
        assertThat(delivery("shop", id).getString("state")).isEqualTo("waiting");
        assertThat(shop.query(number).getBoolean("user_order_success")).isTrue();
        assertThat(ask("POST", "shop/deliveries/" + UUID.randomUUID() + "/resend", null)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void events_that_a_disabled_endpoint_missed_are_sent_on_request_by_time_range() {
        var from = Instant.now().toEpochMilli();
        put("shop", endpoint(server).add("events", texts("payment.paid")));
        var heard = shop.paid("wxpay");
        eventually("heard", () -> !server.about(heard).isEmpty());
        post("shop/disable", null);
        var missed = shop.paid("wxpay");
        assertThat(shop.query(missed).containsKey("user_order_success")).isFalse();
        var range =
                "{\"from\":" + from + ",\"to\":" + Instant.now().plusSeconds(60).toEpochMilli();
        assertThat(ask("POST", "shop/resend", range + "}").json().getInt("code"))
                .isEqualTo(2030);

        post("shop/enable", null);
        var resent = post("shop/resend", range + "}");

        assertThat(resent.getInt("resent")).isEqualTo(1);
        assertThat(resent.containsKey("next")).isFalse();
        eventually("missed heard", () -> !server.about(missed).isEmpty());
        eventually("written down", () -> deliveries("shop", "?state=heard").size() == 2);
        assertThat(post("shop/resend", range + "}").getInt("resent")).isZero();
        assertThat(post("shop/resend", range + ",\"heard_too\":true}").getInt("resent"))
                .isEqualTo(2);
        eventually("all heard twice", () -> server.heard().size() == 4);
        assertThat(server.heard().stream().map(MerchantServer.Heard::id).distinct())
                .hasSize(2);
    }

    @Test
    void retry_after_delays_every_delivery_to_that_server() {
        put("shop", endpoint(server));
        server.answers(503, "");
        server.says("Retry-After", "8");
        test("shop");
        eventually("asked for a rest", () -> server.heard().size() == 1);
        eventually("granted", () -> state("shop").containsKey("paused_until"));
        server.answers(200, "");

        test("shop");

        eventually("both heard", () -> server.heard().size() == 3);
        var first = server.heard().get(0).at();
        assertThat(server.heard().subList(1, 3))
                .allSatisfy(h -> assertThat(Duration.between(first, h.at())).isGreaterThan(Duration.ofMillis(7_500)));
        eventually("over", () -> !state("shop").containsKey("paused_until"));
    }

    @Test
    void an_endpoint_that_hangs_uses_at_most_four_threads_and_delays_no_other_endpoint() {
        try (var slow = new MerchantServer()) {
            put("slow", endpoint(slow));
            put("quick", endpoint(server));
            slow.thinks(Duration.ofSeconds(3));
            for (int i = 0; i < 30; i++) test("slow");
            eventually("busy", () -> slow.heard().size() >= 4);
            var asked = Instant.now();

            for (int i = 0; i < 10; i++) test("quick");

            eventually("quick", () -> server.heard().size() == 10);
            assertThat(Duration.between(asked, server.heard().get(9).at())).isLessThan(Duration.ofSeconds(3));
            eventually("goes on", () -> slow.heard().size() >= 9);
            assertThat(slow.mostAtOnce()).isEqualTo(4);
            post("slow/disable", null); // so that other tests have the node for themselves
        }
    }

    @Test
    void a_merchant_with_many_slow_endpoints_uses_at_most_half_of_the_threads_and_delays_no_other_merchant() {
        var other = new Shop("webhook-it-other");
        try (var slow = new MerchantServer()) {
            for (int i = 0; i < 8; i++) put("slow-" + i, endpoint(slow));
            other.node.manage("PUT", "merchants/" + other.pid + "/webhooks/quick", endpoint(server));
            slow.thinks(Duration.ofSeconds(3));
            for (int i = 0; i < 8; i++) for (int n = 0; n < 4; n++) test("slow-" + i);
            eventually("busy", () -> slow.mostAtOnce() == 12);
            var asked = Instant.now();

            other.node.call(
                    "POST", "/api/manage/merchants/" + other.pid + "/webhooks/quick/test", Node.MANAGE_TOKEN, null);

            eventually("quick", () -> server.heard().size() == 1);
            assertThat(Duration.between(asked, server.heard().get(0).at())).isLessThan(Duration.ofSeconds(3));
            eventually("all of it", () -> slow.heard().size() == 32);
            assertThat(slow.mostAtOnce()).isEqualTo(12);
        }
    }
}
