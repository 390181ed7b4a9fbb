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

            eventually("the refund is delivered", () -> !refunds.about(number).isEmpty());
            eventually("both are delivered", () -> server.about(number).size() == 2);
            assertThat(server.about(number))
                    .extracting(MerchantServer.Received::type)
                    .containsExactlyInAnyOrder("payment.paid", "refund.succeeded");
            var refund = object(refunds.about(number).get(0).body());
            assertThat(refund.getJsonObject("refund").getString("out_refund_no"))
                    .isEqualTo(number + "-1");
            assertThat(refund.getJsonObject("data").getInt("refund_fee")).isEqualTo(100);
            assertThat(vips.received()).isEmpty();
            assertThat(live.received()).isEmpty();
            assertThat(shop.query(number).getBoolean("user_order_success")).isTrue();
        }
    }

    @Test
    void money_for_a_closed_order_is_delivered_as_late_with_the_payment_beside_the_order() {
        put("shop", endpoint(server));
        var number = Shop.number();
        shop.node.createPayment(shop.key, "alipay", number, 990);
        shop.call("closePayment", "{\"out_trade_no\":\"" + number + "\"}");

        shop.pay(number); // a code that was not scanned cannot be closed at Alipay

        eventually(
                "the late payment is delivered",
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

        eventually("received", () -> delivery("shop", id).getString("state").equals("acknowledged"));
        var shown = delivery("shop", id);
        var log = shown.getJsonArray("log").getValuesAs(JsonObject.class);
        assertThat(log).hasSize(2);
        assertThat(log.get(0).getInt("status")).isEqualTo(500);
        assertThat(log.get(0).getString("error")).isEqualTo("HTTP 500");
        assertThat(log.get(0).getString("answer")).hasSize(4096);
        assertThat(log.get(0).getBoolean("acknowledged")).isFalse();
        assertThat(log.get(1).getInt("status")).isEqualTo(200);
        assertThat(log.get(1).getString("answer")).isEqualTo("ok");
        assertThat(log.get(1).getBoolean("acknowledged")).isTrue();
        assertThat(log.get(1).getString("node")).isEqualTo(shop.node.environment("CASHDESK_NODE"));
        var request = log.get(1).getJsonObject("request");
        assertThat(request.getString("url")).isEqualTo(server.url());
        assertThat(server.url()).contains(request.getString("address"));
        assertThat(server.received()).hasSize(2).allSatisfy(webhook -> {
            assertThat(webhook.id()).isEqualTo(shown.getString("webhook_id"));
            assertThat(webhook.body()).isEqualTo(shown.getString("body"));
        });
        assertThat(server.received().get(1).headers().firstValue("webhook-timestamp"))
                .contains(request.getString("webhook-timestamp"));
        assertThat(state("shop").getInt("failures")).isZero();
        assertThat(state("shop").containsKey("failing_since")).isFalse();
    }

    @Test
    void an_acknowledged_delivery_can_be_sent_again_and_stays_acknowledged_for_the_order() {
        put("shop", endpoint(server));
        var number = shop.paid("wxpay");
        eventually("received", () -> shop.query(number).getBoolean("user_order_success", false));
        var id = deliveries("shop", "?out_trade_no=" + number).get(0).getString("id");
        server.answers(500, "");

        post("shop/deliveries/" + id + "/resend", null);

        eventually("sent again", () -> delivery("shop", id).getInt("tries") == 2);
        assertThat(server.about(number).stream()
                        .map(MerchantServer.Received::id)
                        .distinct())
                .hasSize(1);
        assertThat(delivery("shop", id).getString("state")).isEqualTo("waiting");
        assertThat(shop.query(number).getBoolean("user_order_success")).isTrue();
        assertThat(manage("POST", "shop/deliveries/" + UUID.randomUUID() + "/resend", null)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void events_that_a_disabled_endpoint_missed_are_sent_on_request_by_time_range() {
        var from = Instant.now().toEpochMilli();
        put("shop", endpoint(server).add("events", texts("payment.paid")));
        var delivered = shop.paid("wxpay");
        eventually("received", () -> !server.about(delivered).isEmpty());
        post("shop/disable", null);
        var missed = shop.paid("wxpay");
        assertThat(shop.query(missed).containsKey("user_order_success")).isFalse();
        var range =
                "{\"from\":" + from + ",\"to\":" + Instant.now().plusSeconds(60).toEpochMilli();
        assertThat(manage("POST", "shop/resend", range + "}").json().getInt("code"))
                .isEqualTo(2030);

        post("shop/enable", null);
        var resent = post("shop/resend", range + "}");

        assertThat(resent.getInt("resent")).isEqualTo(1);
        assertThat(resent.containsKey("next")).isFalse();
        eventually("the missed one is received", () -> !server.about(missed).isEmpty());
        eventually(
                "stored as acknowledged",
                () -> deliveries("shop", "?state=acknowledged").size() == 2);
        assertThat(post("shop/resend", range + "}").getInt("resent")).isZero();
        assertThat(post("shop/resend", range + ",\"acknowledged_too\":true}").getInt("resent"))
                .isEqualTo(2);
        eventually("all are received twice", () -> server.received().size() == 4);
        assertThat(server.received().stream().map(MerchantServer.Received::id).distinct())
                .hasSize(2);
    }

    @Test
    void retry_after_delays_every_delivery_to_that_server() {
        put("shop", endpoint(server));
        server.answers(503, "");
        server.answerHeader("Retry-After", "8");
        test("shop");
        eventually("Retry-After is answered", () -> server.received().size() == 1);
        eventually("paused", () -> state("shop").containsKey("paused_until"));
        server.answers(200, "");

        test("shop");

        eventually("both are received", () -> server.received().size() == 3);
        var first = server.received().get(0).at();
        assertThat(server.received().subList(1, 3))
                .allSatisfy(h -> assertThat(Duration.between(first, h.at())).isGreaterThan(Duration.ofMillis(7_500)));
        eventually("over", () -> !state("shop").containsKey("paused_until"));
    }

    @Test
    void an_endpoint_that_hangs_uses_at_most_four_threads_and_delays_no_other_endpoint() {
        try (var slow = new MerchantServer()) {
            put("slow", endpoint(slow));
            put("quick", endpoint(server));
            pause(""); // so that the time for which a node waits for an answer is not spent on making events
            for (int i = 0; i < 30; i++) test("slow");
            for (int i = 0; i < 10; i++) test("quick");
            slow.hold();
            resume("slow");
            eventually("busy", () -> slow.waiting() == 4);

            resume("quick");

            eventually("quick", () -> server.received().size() == 10);
            assertThat(slow.waiting()).as("slow ones still wait").isEqualTo(4);
            slow.release();
            eventually("continues", () -> slow.received().size() >= 9);
            assertThat(slow.mostAtOnce()).isEqualTo(4);
            post("slow/disable", null); // so that the node has no work left for other tests
        }
    }

    @Test
    void a_merchant_with_many_slow_endpoints_uses_at_most_half_of_the_threads_and_delays_no_other_merchant() {
        var other = new Shop("webhook-it-other");
        try (var slow = new MerchantServer()) {
            for (int i = 0; i < 8; i++) put("slow-" + i, endpoint(slow));
            other.node.manage("PUT", "merchants/" + other.pid + "/webhooks/quick", endpoint(server));
            pause("slow");
            for (int i = 0; i < 8; i++) for (int n = 0; n < 4; n++) test("slow-" + i);
            slow.hold();
            resume("slow");
            eventually("busy", () -> slow.waiting() == 12);

            other.node.call(
                    "POST", "/api/manage/merchants/" + other.pid + "/webhooks/quick/test", Node.MANAGE_TOKEN, null);

            eventually("quick", () -> server.received().size() == 1);
            assertThat(slow.waiting()).as("slow ones still wait").isEqualTo(12);
            slow.release();
            eventually(
                    "all are received",
                    () -> slow.received().stream()
                                    .map(MerchantServer.Received::id)
                                    .distinct()
                                    .count()
                            == 32);
            assertThat(slow.mostAtOnce()).isEqualTo(12);
        }
    }
}
