package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.AppleMerchant;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Purchases in Apple's App Store, from createPayment to the webhook, through the public API and the simulated store: in
 * test mode, where nothing is configured, and with a live node.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AppleIapIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    static Shop shop;
    static MerchantServer server;
    static String bundleId;

    @BeforeAll
    static void open() {
        shop = new Shop("apple-" + UUID.randomUUID().toString().substring(0, 8));
        server = new MerchantServer();
        shop.node.manage(
                "PUT",
                "merchants/" + shop.pid + "/webhooks/shop",
                Json.createObjectBuilder().add("url", server.url()).add("mode", "test"));
        var accounts = shop.node
                .call("GET", "/api/manage/merchants/" + shop.pid + "/test-accounts", Node.MANAGE_TOKEN, null)
                .json()
                .getJsonArray("accounts")
                .getValuesAs(JsonObject.class);
        bundleId = accounts.stream()
                .filter(a -> a.getString("provider").equals("appleiap"))
                .map(a -> a.getString("bundleId"))
                .findFirst()
                .orElseThrow();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    // what the app and the merchant do

    private static Node.Answer create(String number, String product) {
        var data = Json.createObjectBuilder()
                .add("out_trade_no", number)
                .add("subject", "金币")
                .add("type", "goods")
                .add("productid", product);
        return shop.create("appleiap", Shop.on("app-plus", ""), data);
    }

    /** The token of a new order. */
    private static String created(String number, String product) {
        var answer = create(number, product);
        assertThat(answer.json().getInt("code", -1)).as(answer.body()).isZero();
        var info = answer.json().getJsonObject("orderInfo");
        assertThat(info.keySet()).containsExactly("appAccountToken");
        return info.getString("appAccountToken");
    }

    private static JsonObject control(String name, JsonObjectBuilder body) {
        return shop.simulator.call("appleiap/" + name, body.build().toString()).json();
    }

    private static JsonObjectBuilder purchase(String product, String token) {
        return Json.createObjectBuilder()
                .add("bundle_id", bundleId)
                .add("product_id", product)
                .add("appAccountToken", token);
    }

    /** A purchase of which the store does not notify us. */
    private static JsonObject boughtSilently(JsonObjectBuilder purchase) {
        return control("buy", purchase.add("notify", false));
    }

    private static JsonObject verify(String number, String receipt, String transaction) {
        var body = Json.createObjectBuilder().add("out_trade_no", number);
        if (!receipt.isEmpty()) body.add("transaction_receipt", receipt);
        if (!transaction.isEmpty()) body.add("transaction_identifier", transaction);
        return shop.call("verifyReceipt", body.build().toString()).json();
    }

    private static String id(JsonObject bought) {
        return bought.getString("transaction_id");
    }

    private static JsonObjectBuilder about(JsonObject bought) {
        return Json.createObjectBuilder().add("transaction_id", id(bought));
    }

    private static JsonObject record(String number) {
        return shop.node
                .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                .getJsonObject("payOrder");
    }

    private static void untilStatus(String number, int status) {
        Eventually.within(
                SOON, number + " has status " + status, () -> shop.query(number).getInt("status") == status);
    }

    private static void untilWebhook(String number, String type) {
        Eventually.within(SOON, type, () -> webhooks(number, type) > 0);
    }

    private static long webhooks(String number, String type) {
        return server.about(number).stream()
                .filter(r -> r.type().equals(type))
                .map(MerchantServer.Received::id)
                .distinct()
                .count();
    }

    private static String needsPerson(String number) {
        return TestDatabase.text(
                shop.node.dbUrl(), "select coalesce(needs_person, '') from pay_order where out_trade_no = ?", number);
    }

    @Nested
    class An_order {
        @Test
        void gives_the_app_a_token_and_waits() {
            var number = Shop.number();

            var token = created(number, "coins60");

            assertThat(token).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
            assertThat(shop.query(number).getInt("status")).isZero();
            assertThat(record(number).getString("pay_type")).isEqualTo("appleiap_app-plus");
        }

        @Test
        void needs_a_product() {
            var answer = shop.create(
                    "appleiap",
                    Shop.on("app-plus", ""),
                    Json.createObjectBuilder()
                            .add("out_trade_no", Shop.number())
                            .add("subject", "金币")
                            .add("type", "goods"));

            assertThat(answer.json().getInt("code")).as(answer.body()).isNotZero();
            assertThat(answer.body()).contains("productid");
        }

        @Test
        void is_paid_by_the_notification_alone() {
            var number = Shop.number();
            var token = created(number, "coins60");

            var bought = control("buy", purchase("coins60", token));

            shop.untilPaid(number);
            assertThat(record(number).getString("transaction_id")).isEqualTo(id(bought));
            untilWebhook(number, "payment.paid");
            Eventually.within(
                    SOON,
                    "acknowledged",
                    () -> shop.simulator
                            .records(id(bought))
                            .getJsonArray("notifications")
                            .toString()
                            .contains("\"status\":200"));
        }

        @Test
        void is_paid_by_a_token_in_capitals_too() {
            var number = Shop.number();
            var token = created(number, "coins60");

            control("buy", purchase("coins60", token.toUpperCase(Locale.ROOT)));

            shop.untilPaid(number);
        }

        @ParameterizedTest
        @CsvSource({
            "NOTIFY_FORGED, 401",
            "NOTIFY_INNER_FORGED, 401",
            "NOTIFY_OF_OTHER_APP, 401",
            "PURCHASE_FAMILY_SHARED, 200"
        })
        void is_not_paid_by_a_notification_that_proves_nothing(String fault, int status) {
            var number = Shop.number();
            var token = created(number, "coins60");
            shop.setFault(token, fault);

            var bought = control("buy", purchase("coins60", token));

            Eventually.within(
                    SOON,
                    "delivered",
                    () -> shop.simulator
                            .records(id(bought))
                            .getJsonArray("notifications")
                            .toString()
                            .contains("\"status\":" + status));
            assertThat(shop.query(number).getInt("status")).isZero();
        }

        @Test
        void is_paid_once_by_a_notification_that_comes_twice() {
            var number = Shop.number();
            var token = created(number, "coins60");
            shop.setFault(token, "NOTIFY_TWICE_AT_ONCE");

            control("buy", purchase("coins60", token));

            shop.untilPaid(number);
            untilWebhook(number, "payment.paid");
            assertThat(webhooks(number, "payment.paid")).isEqualTo(1);
        }

        @Test
        void is_paid_once_by_a_notification_and_the_app_at_the_same_time() {
            var number = Shop.number();
            var token = created(number, "coins60");

            var bought = control("buy", purchase("coins60", token));
            var signed = bought.getString("signedTransaction");
            var answers = Stream.generate(() -> CompletableFuture.supplyAsync(() -> verify(number, signed, "")))
                    .limit(4)
                    .toList();

            answers.forEach(a -> assertThat(a.join().getInt("code", -1)).isZero());
            shop.untilPaid(number);
            untilWebhook(number, "payment.paid");
            assertThat(webhooks(number, "payment.paid")).isEqualTo(1);
            assertThat(needsPerson(number)).isEmpty();
        }

        @Test
        void that_was_closed_is_paid_by_a_late_purchase() {
            var number = Shop.number();
            var token = created(number, "coins60");
            var closed = shop.call("closePayment", "{\"out_trade_no\":\"" + number + "\"}");
            assertThat(closed.json().getInt("code")).as(closed.body()).isZero();

            control("buy", purchase("coins60", token));

            shop.untilPaid(number);
        }
    }

    @Nested
    class VerifyReceipt {
        private final String number = Shop.number();

        private void paidBy(JsonObject answer, JsonObject bought) {
            assertThat(answer.getInt("code", -1)).as(answer.toString()).isZero();
            assertThat(answer.getBoolean("has_paid")).isTrue();
            assertThat(answer.getBoolean("orderPaid")).isTrue();
            assertThat(answer.getString("out_trade_no")).isEqualTo(number);
            assertThat(answer.getString("transaction_id")).isEqualTo(id(bought));
            assertThat(answer.getInt("status")).isEqualTo(1);
            assertThat(answer.getJsonObject("pay_order").getString("out_trade_no"))
                    .isEqualTo(number);
            untilWebhook(number, "payment.paid");
        }

        private void refused(JsonObject answer) {
            assertThat(answer.getInt("code")).as(answer.toString()).isEqualTo(1016);
            assertThat(answer.getString("msg")).contains(number);
            assertThat(shop.query(number).getInt("status")).isZero();
        }

        @Test
        void takes_a_signed_transaction() {
            var bought = boughtSilently(purchase("coins60", created(number, "coins60")));

            paidBy(verify(number, bought.getString("signedTransaction"), ""), bought);
        }

        @Test
        void takes_the_number_of_a_transaction() {
            var bought = boughtSilently(purchase("coins60", created(number, "coins60")));

            paidBy(verify(number, "", id(bought)), bought);
        }

        @Test
        void takes_a_receipt_and_searches_it_for_the_transaction() {
            var other = boughtSilently(purchase("coins60", created(Shop.number(), "coins60")));
            var bought = boughtSilently(purchase("coins60", created(number, "coins60"))
                    .add("with", Json.createArrayBuilder().add(id(other))));

            paidBy(verify(number, bought.getString("receipt"), id(bought)), bought);
        }

        @Test
        void takes_a_purchase_in_the_sandbox_by_every_proof() {
            var bought = boughtSilently(
                    purchase("coins60", created(number, "coins60")).add("environment", "Sandbox"));

            paidBy(verify(number, bought.getString("receipt"), id(bought)), bought);
            for (var proof : new String[] {bought.getString("signedTransaction"), ""}) {
                assertThat(verify(number, proof, id(bought)).getInt("code")).isZero();
            }
            assertThat(record(number).getString("store_environment")).isEqualTo("Sandbox");
        }

        @Test
        void changes_nothing_a_second_time() {
            var bought = boughtSilently(purchase("coins60", created(number, "coins60")));
            paidBy(verify(number, bought.getString("signedTransaction"), id(bought)), bought);

            paidBy(verify(number, bought.getString("signedTransaction"), id(bought)), bought);

            assertThat(webhooks(number, "payment.paid")).isEqualTo(1);
        }

        @Test
        void does_not_pay_an_order_with_the_purchase_of_another() {
            var other = Shop.number();
            var bought = boughtSilently(purchase("coins60", created(other, "coins60")));
            created(number, "coins60");

            refused(verify(number, bought.getString("signedTransaction"), ""));

            assertThat(shop.query(other).getInt("status"))
                    .as("it pays its own order")
                    .isEqualTo(1);
            refused(verify(number, bought.getString("signedTransaction"), "")); // the same as at first
        }

        @Test
        void refuses_another_product_another_app_a_family_and_what_xcode_has_signed() {
            var token = created(number, "coins60");
            var film = Json.createObjectBuilder().add("bundle_id", bundleId).add("product_id", "film");
            refused(verify(number, boughtSilently(film).getString("signedTransaction"), ""));
            assertThat(needsPerson(number)).as("nothing was stored").isEmpty();

            shop.setFault(token, "PURCHASE_FAMILY_SHARED");
            refused(verify(number, boughtSilently(purchase("coins60", token)).getString("signedTransaction"), ""));
            shop.simulator.clearFaults(token);

            refused(verify(
                    number,
                    boughtSilently(purchase("coins60", token).add("environment", "Xcode"))
                            .getString("signedTransaction"),
                    ""));
            refused(verify(
                    number,
                    boughtSilently(purchase("coins60", token).add("environment", "LocalTesting"))
                            .getString("signedTransaction"),
                    ""));
            refused(verify(
                    number,
                    new AppleMerchant(shop.node)
                            .buy("coins60", "appAccountToken", token)
                            .getString("signedTransaction"),
                    ""));
        }

        @Test
        void does_not_pay_for_another_product() {
            var token = created(number, "coins60");
            var bought = boughtSilently(purchase("film", token));

            var answer = verify(number, bought.getString("signedTransaction"), "");

            assertThat(answer.getInt("code", 0)).as(answer.toString()).isEqualTo(1016);
            assertThat(shop.query(number).getBoolean("orderPaid")).isFalse();
            assertThat(needsPerson(number)).as("the money is held").isNotEmpty();
        }

        @Test
        void refuses_what_was_changed_on_its_way() {
            var bought = boughtSilently(purchase("coins60", created(number, "coins60")));
            var signed = bought.getString("signedTransaction");
            var at = signed.length() - 20;
            var changed = signed.substring(0, at) + (signed.charAt(at) == 'A' ? 'B' : 'A') + signed.substring(at + 1);

            refused(verify(number, changed, ""));
            refused(verify(number, "bm9uZQ==", ""));
            refused(verify(number, "", "450000000000000"));
        }

        @Test
        void counts_a_purchase_that_is_older_than_receipts_are_taken() {
            var bought = boughtSilently(purchase("coins60", created(number, "coins60")));
            shop.simulator.age(id(bought), Duration.ofDays(40));

            paidBy(verify(number, bought.getString("receipt"), id(bought)), bought);
        }

        @Test
        void finds_a_purchase_that_apple_finds_late() {
            var token = created(number, "coins60");
            shop.setFault(token, "PURCHASE_FOUND_LATE");
            var bought = boughtSilently(purchase("coins60", token));

            paidBy(verify(number, "", id(bought)), bought);
        }

        @Test
        void takes_a_publishable_key() {
            var key = shop.node
                    .manage(
                            "POST",
                            "merchants/" + shop.pid + "/keys",
                            Json.createObjectBuilder().add("mode", "test").add("kind", "publishable"))
                    .json()
                    .getString("key");
            var bought = boughtSilently(purchase("coins60", created(number, "coins60")));
            var data = Json.createObjectBuilder()
                    .add("out_trade_no", number)
                    .add("transaction_receipt", bought.getString("signedTransaction"));

            for (var action : new String[] {"pay/verifyReceipt", "pay/appleiap/verifyReceipt"}) {
                var body = Json.createObjectBuilder()
                        .add("action", action)
                        .add("data", data.build())
                        .build();
                data.add("out_trade_no", number).add("transaction_receipt", bought.getString("signedTransaction"));
                var answer = shop.node
                        .call("POST", "/http/vk-pay/" + key, null, body.toString())
                        .json();

                assertThat(answer.getInt("code", -1)).as(answer.toString()).isZero();
                assertThat(answer.getBoolean("has_paid")).isTrue();
                assertThat(answer.containsKey("pay_order")).isFalse();
            }
        }

        @Test
        void takes_a_receipt_of_half_a_megabyte_and_no_more() {
            created(number, "coins60");

            refused(verify(number, "A".repeat(500 * 1024), ""));

            assertThat(verify(number, "A".repeat(513 * 1024), "").getInt("code"))
                    .isEqualTo(1104);
        }
    }

    @Nested
    class A_subscription {
        @Test
        void is_renewed_as_an_order_that_has_the_number_of_its_transaction() {
            var number = Shop.number();
            var first = control("buy", purchase("vip", created(number, "vip")));
            shop.untilPaid(number);

            var renewed = control("renew", Json.createObjectBuilder().add("original_transaction_id", id(first)));

            shop.untilPaid(id(renewed));
            var record = record(id(renewed));
            assertThat(record.getString("original_out_trade_no")).isEqualTo(number);
            assertThat(record.getString("original_transaction_id")).isEqualTo(id(first));
            assertThat(record.getString("transaction_id")).isEqualTo(id(renewed));
            untilWebhook(id(renewed), "payment.paid");
            assertThat(record(number).getString("transaction_id"))
                    .as("the first order")
                    .isEqualTo(id(first));
        }

        @Test
        void whose_renewal_only_the_app_reports_is_an_order_too() {
            var number = Shop.number();
            var first = control("buy", purchase("vip", created(number, "vip")));
            shop.untilPaid(number);
            var renewed = control(
                    "renew",
                    Json.createObjectBuilder()
                            .add("original_transaction_id", id(first))
                            .add("notify", false));

            var answer = verify(number, renewed.getString("signedTransaction"), "");

            assertThat(answer.getInt("code")).as(answer.toString()).isZero();
            assertThat(answer.getString("out_trade_no")).isEqualTo(id(renewed));
            assertThat(answer.getString("transaction_id")).isEqualTo(id(renewed));
            shop.untilPaid(id(renewed));
        }
    }

    @Nested
    class A_refund {
        private final String number = Shop.number();

        private JsonObject paid(String product) {
            var bought = control("buy", purchase(product, created(number, product)));
            shop.untilPaid(number);
            return bought;
        }

        @Test
        void of_everything_ends_the_order() {
            var bought = paid("coins60");

            control("refund", about(bought));

            untilStatus(number, 3);
            untilWebhook(number, "refund.succeeded");
        }

        @Test
        void of_half_is_a_part() {
            var bought = paid("film");

            control("refund", about(bought).add("percentage", 50_000));

            untilStatus(number, 2);
            untilWebhook(number, "refund.succeeded");
            assertThat(record(number).getInt("refund_fee", 0)).isEqualTo(600);
        }

        @Test
        void of_all_of_a_purchase_that_was_never_seen_leaves_the_order_unpaid() {
            var bought = boughtSilently(purchase("coins60", created(number, "coins60")));

            control("refund", about(bought));

            Eventually.within(
                    SOON,
                    "the money is stored as returned",
                    () -> TestDatabase.number(
                                    shop.node.dbUrl(),
                                    "select count(*) from receipt r join pay_order o on o.id = r.order_id"
                                            + " where o.out_trade_no = ? and r.disposition = 'RETURNED'",
                                    number)
                            == 1);
            var answer = verify(number, bought.getString("signedTransaction"), "");
            assertThat(answer.getInt("code")).as(answer.toString()).isEqualTo(1016);
            assertThat(shop.query(number).getInt("status")).isZero();
            assertThat(webhooks(number, "payment.paid")).isZero();
        }

        @Test
        void of_half_of_a_purchase_that_was_never_seen_is_a_part() {
            var bought = boughtSilently(purchase("film", created(number, "film")));

            control("refund", about(bought).add("percentage", 50_000));

            untilStatus(number, 2);
            assertThat(record(number).getInt("refund_fee", 0)).isEqualTo(600);
        }

        @Test
        void of_a_family_ends_the_order() {
            var bought = paid("film");

            control("refund", about(bought).add("type", "REVOKE"));

            untilStatus(number, 3);
        }

        @Test
        void that_apple_reverses_needs_a_person() {
            var bought = paid("coins60");
            control("refund", about(bought));
            untilStatus(number, 3);

            control("reverse", about(bought));

            Eventually.within(SOON, "a person", () -> !needsPerson(number).isEmpty());
        }

        @Test
        void cannot_be_made_by_the_merchant() {
            paid("coins60");

            var answer = shop.call("refund", "{\"out_trade_no\":\"" + number + "\"}");

            assertThat(answer.json().getInt("code")).as(answer.body()).isEqualTo(1108);
            assertThat(answer.json().getString("detail")).contains("only the store itself refunds");
            assertThat(shop.query(number).getInt("status")).isEqualTo(1);
        }

        @Test
        void is_not_commented_on_unless_the_merchant_allows_that() {
            var bought = paid("coins60");

            control("consumption", about(bought));

            Eventually.within(
                    SOON,
                    "acknowledged",
                    () -> shop.simulator.records(id(bought)).getJsonArray("notifications").stream()
                                    .filter(n -> n.toString().contains("\"status\":200"))
                                    .count()
                            == 2);
            assertThat(answers(bought)).isZero();
        }
    }

    private static int answers(JsonObject bought) {
        return shop.simulator
                .call("appleiap/consumption?transaction_id=" + id(bought), null)
                .json()
                .getJsonArray("answers")
                .size();
    }

    @Nested
    class A_live_merchant {
        private final AppleMerchant app = new AppleMerchant(shop.node);
        private final Shop live =
                new Shop("apple-live-" + UUID.randomUUID().toString().substring(0, 8), "live");

        private void configure(String flag, boolean value) {
            var node = Json.createObjectBuilder(app.account).add(flag, value);
            var put = live.node.manage(
                    "PUT",
                    "merchants/" + live.pid + "/providers",
                    Json.createObjectBuilder()
                            .add("appleiap", Json.createObjectBuilder().add("app-plus", node)));
            assertThat(put.status()).as(put.body()).isEqualTo(200);
            var account = TestDatabase.text(
                    live.node.dbUrl(),
                    "select a.id::text from provider_account a join merchant m on m.id = a.merchant_id"
                            + " where m.pid = ? and a.provider = 'appleiap'",
                    live.pid);
            app.notifyAt(live.node.base() + "/notify/appleiap/" + account);
        }

        private String token(String number) {
            var data = Json.createObjectBuilder()
                    .add("out_trade_no", number)
                    .add("subject", "金币")
                    .add("type", "goods")
                    .add("productid", "coins60");
            var answer = live.create("appleiap", Shop.on("app-plus", ""), data);
            assertThat(answer.json().getInt("code")).as(answer.body()).isZero();
            return answer.json().getJsonObject("orderInfo").getString("appAccountToken");
        }

        @Test
        void is_notified_at_the_address_in_app_store_connect_and_answers_what_apple_wants_to_know() {
            configure("answerConsumptionRequests", true);
            var endpoint = live.node.manage( // "delivered" is what an endpoint has confirmed
                    "PUT",
                    "merchants/" + live.pid + "/webhooks/all",
                    Json.createObjectBuilder().add("url", server.url()).add("mode", "live"));
            assertThat(endpoint.status()).as(endpoint.body()).isEqualTo(200);
            var number = Shop.number();

            var bought = app.buy("coins60", "appAccountToken", token(number));

            live.untilPaid(number);
            Eventually.within(SOON, "delivered", () -> live.query(number).getBoolean("user_order_success", false));
            app.control("consumption", about(bought));
            Eventually.within(SOON, "the answer", () -> answers(bought) == 1);
        }

        @Test
        void that_does_not_accept_the_sandbox_is_not_paid_by_it() {
            configure("acceptSandbox", false);
            var number = Shop.number();

            var bought = app.buy("coins60", "appAccountToken", token(number), "environment", "Sandbox");

            for (var proof : new String[] {"signedTransaction", "receipt", "transaction_id"}) {
                var field = proof.equals("transaction_id") ? "transaction_identifier" : "transaction_receipt";
                var body =
                        Json.createObjectBuilder().add("out_trade_no", number).add(field, bought.getString(proof));
                var answer = live.call("verifyReceipt", body.build().toString()).json();
                assertThat(answer.getInt("code")).as(answer.toString()).isEqualTo(1016);
            }
            assertThat(live.query(number).getInt("status")).isZero();
        }
    }
}
