package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What merchants hear, and what their operator can see of it and do about it: real servers that answer badly. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WebhookIT {
    Shop shop;
    MerchantServer server;

    @BeforeEach
    void open() {
        shop = new Shop("hook-" + UUID.randomUUID().toString().substring(0, 8));
        server = new MerchantServer();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static JsonObjectBuilder endpoint(MerchantServer server) {
        return Json.createObjectBuilder().add("url", server.url()).add("mode", "test");
    }

    private String put(String name, JsonObjectBuilder endpoint) {
        var answer = shop.node.manage("PUT", "merchants/" + shop.pid + "/webhooks/" + name, endpoint);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().getString("secret");
    }

    private Node.Answer ask(String method, String path, String body) {
        return shop.node.call(
                method, "/api/manage/merchants/" + shop.pid + "/webhooks/" + path, Node.MANAGE_TOKEN, body);
    }

    private JsonObject get(String path) {
        var answer = ask("GET", path, null);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private JsonObject post(String path, String body) {
        var answer = ask("POST", path, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private JsonObject state(String name) {
        return get(name).getJsonObject("webhook");
    }

    private List<JsonObject> deliveries(String name, String filter) {
        return get(name + "/deliveries" + filter).getJsonArray("deliveries").getValuesAs(JsonObject.class);
    }

    private JsonObject delivery(String name, String id) {
        return get(name + "/deliveries/" + id).getJsonObject("delivery");
    }

    /** Sends a test event; the id of its delivery. */
    private String test(String name) {
        return post(name + "/test", null).getJsonObject("delivery").getString("id");
    }

    private static JsonArray texts(String... texts) {
        return Json.createArrayBuilder(Arrays.asList(texts)).build();
    }

    private static void eventually(String what, BooleanSupplier condition) {
        Eventually.within(Duration.ofSeconds(20), what, condition);
    }

    @Test
    void each_endpoint_hears_the_events_and_order_types_that_it_named() {
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
    void money_for_a_closed_order_is_told_as_late_with_the_payment_beside_the_order() {
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
    void a_rotated_secret_and_the_one_before_it_both_verify_until_the_grace_ends() {
        var old = put("shop", endpoint(server));

        var fresh = post("shop/rotate", "{\"grace_seconds\":3600}");
        test("shop");

        eventually("heard", () -> server.heard().size() == 1);
        var both = server.heard().get(0);
        var secret = fresh.getString("secret");
        assertThat(both.headers().firstValue("webhook-signature").orElseThrow()).matches("v1,\\S+ v1,\\S+");
        assertThat(both.verifies(old)).isTrue();
        assertThat(both.verifies(secret)).isTrue();
        assertThat(fresh.getJsonObject("webhook").containsKey("old_secret_until"))
                .isTrue();

        var last = post("shop/rotate", "{\"grace_seconds\":0}").getString("secret");
        test("shop");

        eventually("heard again", () -> server.heard().size() == 2);
        var one = server.heard().get(1);
        assertThat(one.verifies(last)).isTrue();
        assertThat(one.verifies(secret)).isFalse();
        assertThat(get("shop").toString()).doesNotContain("whsec_");
    }

    @Test
    void every_try_can_be_looked_at_and_all_carry_the_same_id_and_bytes() {
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
    void a_delivery_that_was_heard_can_be_sent_again_and_stays_heard_for_the_order() {
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
    void what_an_endpoint_missed_while_it_was_disabled_is_sent_by_asking_for_the_time() {
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
    void an_endpoint_that_answers_410_hears_nothing_more_until_it_is_enabled() {
        put("shop", endpoint(server));
        server.answers(410, "");
        var first = test("shop");

        eventually("disabled", () -> !state("shop").getBoolean("enabled"));
        assertThat(state("shop").getString("disabled_because")).isEqualTo("gone");
        assertThat(ask("POST", "shop/test", null).json().getInt("code")).isEqualTo(2030);
        put("shop", endpoint(server)); // the same again: it stays as it is
        assertThat(state("shop").getBoolean("enabled")).isFalse();
        server.answers(200, "");
        TestDatabase.execute(
                shop.node.dbUrl(), "update webhook_delivery set next_at = now() where id = '" + first + "'");
        var other = witness("witness"); // by then the first would have been taken too
        eventually("witness heard", () -> other.heard().size() == 1);
        other.close();
        assertThat(server.heard()).hasSize(1);

        try (var moved = new MerchantServer()) {
            put("shop", endpoint(moved)); // another address is another server
            eventually("heard there", () -> moved.heard().size() == 1);
            assertThat(moved.heard().get(0).id())
                    .isEqualTo(server.heard().get(0).id());
            assertThat(state("shop").getBoolean("enabled")).isTrue();
            assertThat(delivery("shop", first).getInt("tries")).isEqualTo(2);
        }
    }

    @Test
    void what_waits_for_a_disabled_endpoint_goes_on_when_it_is_enabled() {
        put("shop", endpoint(server));
        server.answers(410, "");
        var first = test("shop");
        eventually("disabled", () -> !state("shop").getBoolean("enabled"));
        server.answers(200, "");

        post("shop/enable", null);

        eventually("heard", () -> delivery("shop", first).getString("state").equals("heard"));
        assertThat(server.heard().stream().map(MerchantServer.Heard::id).distinct())
                .hasSize(1);
        assertThat(state("shop").getBoolean("enabled")).isTrue();
    }

    private MerchantServer witness(String name) {
        var other = new MerchantServer();
        put(name, endpoint(other));
        test(name);
        return other;
    }

    @Test
    void an_endpoint_that_has_failed_for_five_days_is_disabled_and_says_so() {
        put("shop", endpoint(server));
        server.answers(500, "");
        var id = test("shop");
        eventually("failing", () -> state("shop").containsKey("failing_since"));
        TestDatabase.execute(
                shop.node.dbUrl(),
                "update webhook_endpoint e set failing_since = now() - interval '5 days' from merchant m"
                        + " where m.id = e.merchant_id and m.pid = '" + shop.pid + "'");

        post("shop/deliveries/" + id + "/resend", null);

        eventually("disabled", () -> !state("shop").getBoolean("enabled"));
        assertThat(state("shop").getString("disabled_because")).isEqualTo("failing");
        assertThat(state("shop").getInt("waiting")).isEqualTo(1);
    }

    @Test
    void a_secret_that_does_not_open_stops_its_own_endpoint_only_until_a_new_one_is_put() {
        put("shop", endpoint(server));
        TestDatabase.execute(
                shop.node.dbUrl(),
                "update webhook_endpoint e set sealed = encode(repeat('x', 64)::bytea, 'base64') from merchant m"
                        + " where m.id = e.merchant_id and m.pid = '" + shop.pid + "'");
        var id = test("shop");

        try (var other = witness("other")) {
            eventually("the other one hears", () -> !other.heard().isEmpty());
        }
        eventually("it fails", () -> state("shop").containsKey("failing_since"));
        assertThat(delivery("shop", id).toString()).contains("does not open under CASHDESK_MASTER_KEY");

        put("shop", endpoint(server).add("secret", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"));

        eventually("it hears", () -> !server.heard().isEmpty());
    }

    @Test
    void a_server_that_asks_for_a_rest_gets_it_for_everything() {
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
    void an_endpoint_that_hangs_has_four_of_our_hands_and_the_others_hear_at_once() {
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
    void a_merchant_of_many_slow_endpoints_has_half_of_our_hands_and_the_others_hear_at_once() {
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

    @Test
    void what_is_asked_for_wrongly_is_named() {
        put("shop", endpoint(server));

        assertThat(ask("GET", "nobody", null).json().getInt("code")).isEqualTo(4007);
        assertThat(ask("GET", "shop/deliveries?colour=red", null).json().getString("detail"))
                .contains("colour");
        assertThat(ask("GET", "shop/deliveries?state=lost", null).json().getInt("code"))
                .isEqualTo(1102);
        assertThat(ask("GET", "shop/deliveries?limit=501", null).json().getInt("code"))
                .isEqualTo(1102);
        assertThat(ask("POST", "shop/rotate", "{\"grace_seconds\":604801}")
                        .json()
                        .getInt("code"))
                .isEqualTo(1102);
        assertThat(ask("POST", "shop/resend", "{\"to\":1}").json().getString("detail"))
                .contains("from");
        assertThat(ask("POST", "shop/resend", "{\"from\":1,\"to\":2,\"after\":\"x\"}")
                        .json()
                        .getInt("code"))
                .isEqualTo(1102);
        var path = "/api/manage/merchants/" + shop.pid + "/webhooks/shop";
        assertThat(shop.node.call("GET", path, shop.key, null).json().getInt("code"))
                .isEqualTo(4004);
        assertThat(get("").getJsonArray("webhooks").getJsonObject(0).getString("name"))
                .isEqualTo("shop");
        assertThat(get("").getJsonArray("webhooks").getJsonObject(0).getJsonArray("types"))
                .isEmpty();
    }

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }
}
