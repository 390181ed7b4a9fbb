package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.AppleMerchant;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.Simulator;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The simulated App Store over HTTP: who may call, what it answers, which receipts it verifies, what it notifies. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulatedAppStoreIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Node node = Nodes.shared();
    private final AppleMerchant merchant = new AppleMerchant(node);

    private static JsonObjectBuilder about(JsonObject bought) {
        return Json.createObjectBuilder().add("transaction_id", bought.getString("transaction_id"));
    }

    private static String id(JsonObject bought) {
        return bought.getString("transaction_id");
    }

    private JsonObject queried(String path) {
        var answer = merchant.get(path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return merchant.verified(answer.json().getString("signedTransactionInfo"));
    }

    @Nested
    class A_purchase {
        @Test
        void is_signed_for_the_app_and_by_the_api_alike() {
            var token = UUID.randomUUID().toString().toUpperCase(Locale.ROOT);
            var bought = merchant.buy("coins60", "appAccountToken", token);

            var signed = merchant.verified(bought.getString("signedTransaction"));
            var queried = queried("/inApps/v1/transactions/" + id(bought));

            for (var transaction : List.of(signed, queried)) {
                assertThat(transaction.getString("transactionId")).isEqualTo(id(bought));
                assertThat(transaction.getString("productId")).isEqualTo("coins60");
                assertThat(transaction.getString("bundleId")).isEqualTo(merchant.bundleId);
                assertThat(transaction.getString("appAccountToken")).isEqualTo(token);
                assertThat(transaction.getString("environment")).isEqualTo("Production");
                assertThat(transaction.getInt("price")).isEqualTo(6_000);
            }
        }

        @Test
        void of_the_sandbox_is_known_there_alone() {
            var sandbox = id(merchant.buy("coins60", "environment", "Sandbox"));
            var production = id(merchant.buy("coins60"));
            var xcode = id(merchant.buy("coins60", "environment", "Xcode"));

            assertThat(queried("/sandbox/inApps/v1/transactions/" + sandbox).getString("environment"))
                    .isEqualTo("Sandbox");
            for (var path : List.of(
                    "/inApps/v1/transactions/" + sandbox,
                    "/sandbox/inApps/v1/transactions/" + production,
                    "/inApps/v1/transactions/" + xcode,
                    "/sandbox/inApps/v1/transactions/" + xcode,
                    "/inApps/v1/transactions/450000000000000",
                    "/inApps/v1/transactions/" + id(new AppleMerchant(node).buy("coins60")))) {
                var answer = merchant.get(path);
                assertThat(answer.status()).as(path).isEqualTo(404);
                assertThat(answer.json().getInt("errorCode")).as(path).isEqualTo(4040010);
                assertThat(answer.json().getString("errorMessage")).as(path).isNotBlank();
            }
            var malformed = merchant.get("/inApps/v1/transactions/abc");
            assertThat(malformed.status()).isEqualTo(400);
            assertThat(malformed.json().getInt("errorCode")).isEqualTo(4000006);
        }

        @Test
        void that_cannot_be_made_says_why() {
            var wrong = List.of(
                    Json.createObjectBuilder().add("bundle_id", "com.unknown").add("product_id", "coins60"),
                    Json.createObjectBuilder()
                            .add("bundle_id", merchant.bundleId)
                            .add("product_id", "unknown"),
                    Json.createObjectBuilder()
                            .add("bundle_id", merchant.bundleId)
                            .add("product_id", "coins60")
                            .add("appAccountToken", "none"),
                    Json.createObjectBuilder()
                            .add("bundle_id", merchant.bundleId)
                            .add("product_id", "coins60")
                            .add("quantity", 11),
                    Json.createObjectBuilder()
                            .add("bundle_id", merchant.bundleId)
                            .add("product_id", "coins60")
                            .add("environment", "Moon"));
            for (var body : wrong) {
                var answer = node.simulator("appleiap/buy", body.build().toString());

                assertThat(answer.status()).as(answer.body()).isEqualTo(400);
                assertThat(answer.json().getInt("code")).as(answer.body()).isEqualTo(1102);
            }
        }

        @Test
        void of_any_product_can_be_made_with_a_price() {
            var bought = merchant.bought(Json.createObjectBuilder()
                    .add("product_id", "com.example.special")
                    .add("price", 990)
                    .add("currency", "USD"));

            var transaction = merchant.verified(bought.getString("signedTransaction"));
            assertThat(transaction.getInt("price")).isEqualTo(990);
            assertThat(transaction.getString("currency")).isEqualTo("USD");
        }

        @Test
        void cannot_be_made_through_the_control_of_other_providers_which_says_how() {
            var answer = node.simulator("pay", "{\"out_trade_no\":\"T1\",\"provider\":\"appleiap\"}");

            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("/simulator/appleiap/buy", "appAccountToken");
        }
    }

    @Nested
    class A_token {
        private int status(UnaryOperator<JsonObjectBuilder> header, UnaryOperator<JsonObjectBuilder> claims) {
            var bought = merchant.buy("coins60");
            var token = AppleMerchant.token(
                    header.apply(merchant.header()), claims.apply(merchant.claims()), merchant.key());
            return merchant.send("GET", "/inApps/v1/transactions/" + id(bought), token, null)
                    .status();
        }

        @Test
        void that_is_right_is_accepted_and_any_other_is_answered_with_401() {
            var now = Instant.now().getEpochSecond();

            assertThat(status(h -> h, c -> c)).isEqualTo(200);
            assertThat(status(h -> h, c -> c.add("exp", now + 3_500))).isEqualTo(200);
            for (var name : List.of("alg", "kid", "typ")) {
                assertThat(status(h -> h.add(name, "other"), c -> c)).as(name).isEqualTo(401);
            }
            for (var name : List.of("iss", "aud", "bid")) {
                assertThat(status(h -> h, c -> c.add(name, "other"))).as(name).isEqualTo(401);
            }
            assertThat(status(h -> h, c -> c.add("exp", now - 1))).isEqualTo(401);
            assertThat(status(h -> h, c -> c.add("exp", now + 4_000))).isEqualTo(401);
        }

        @Test
        void of_another_key_or_none_is_answered_with_401_and_no_json() {
            var path = "/inApps/v1/transactions/" + id(merchant.buy("coins60"));
            var forged = AppleMerchant.token(merchant.header(), merchant.claims(), AppleMerchant.otherKey());
            var tokens = new ArrayList<>(List.of(forged, "a.b.c", "x"));
            tokens.add(null);

            for (var token : tokens) {
                var answer = merchant.send("GET", path, token, null);
                assertThat(answer.status()).as(token).isEqualTo(401);
                assertThat(answer.body()).startsWith("Unauthenticated");
            }
        }
    }

    @Nested
    class A_subscription {
        @Test
        void is_renewed_with_a_number_of_its_own() {
            var token = UUID.randomUUID().toString();
            var first = merchant.buy("vip", "appAccountToken", token);
            var second =
                    merchant.control("renew", Json.createObjectBuilder().add("original_transaction_id", id(first)));

            var renewed = queried("/inApps/v1/transactions/" + id(second));

            assertThat(renewed.getString("originalTransactionId")).isEqualTo(id(first));
            assertThat(renewed.getString("transactionReason")).isEqualTo("RENEWAL");
            assertThat(renewed.getString("appAccountToken")).isEqualTo(token);
            var status = merchant.get("/inApps/v1/subscriptions/" + id(first)).json();
            var last = status.getJsonArray("data")
                    .getJsonObject(0)
                    .getJsonArray("lastTransactions")
                    .getJsonObject(0);
            assertThat(last.getInt("status")).isEqualTo(1);
            assertThat(merchant.verified(last.getString("signedTransactionInfo"))
                            .getString("transactionId"))
                    .isEqualTo(id(second));
            assertThat(merchant.verified(last.getString("signedRenewalInfo")).getString("autoRenewProductId"))
                    .isEqualTo("vip");
        }

        @Test
        void has_its_payments_in_the_history_a_page_at_a_time() {
            var first = merchant.buy("vip");
            for (int i = 0; i < 20; i++) {
                merchant.control("renew", Json.createObjectBuilder().add("original_transaction_id", id(first)));
            }

            var page = merchant.get("/inApps/v2/history/" + id(first)).json();
            var rest = merchant.get("/inApps/v2/history/" + id(first) + "?revision=" + page.getString("revision"))
                    .json();

            assertThat(page.getJsonArray("signedTransactions")).hasSize(20);
            assertThat(page.getBoolean("hasMore")).isTrue();
            assertThat(rest.getJsonArray("signedTransactions")).hasSize(1);
            assertThat(rest.getBoolean("hasMore")).isFalse();
            assertThat(merchant.verified(page.getJsonArray("signedTransactions").getString(0))
                            .getString("transactionId"))
                    .isEqualTo(id(first));
        }
    }

    @Nested
    class A_refund {
        @Test
        void is_seen_in_the_transaction_and_reversed() {
            var bought = merchant.buy("film");
            var path = "/inApps/v1/transactions/" + id(bought);

            assertThat(merchant.control("refund", about(bought).add("percentage", 50_000))
                            .getInt("code"))
                    .isZero();
            assertThat(merchant.control("refund", about(bought)).getInt("code"))
                    .as("a second one")
                    .isEqualTo(-1);

            var refunded = queried(path);
            assertThat(refunded.getInt("revocationPercentage")).isEqualTo(50_000);
            assertThat(refunded.getString("revocationType")).isEqualTo("REFUND_PRORATED");
            var found = merchant.get("/inApps/v2/refund/lookup/" + id(bought)).json();
            assertThat(found.getJsonArray("signedTransactions")).hasSize(1);
            assertThat(merchant.control("reverse", about(bought)).getInt("code"))
                    .isZero();
            assertThat(queried(path)).doesNotContainKey("revocationDate");
            assertThat(merchant.get("/inApps/v2/refund/lookup/" + id(bought))
                            .json()
                            .getJsonArray("signedTransactions"))
                    .isEmpty();
        }

        @Test
        void is_preceded_by_a_question_whose_answer_is_kept() {
            var bought = merchant.buy("coins60");
            var path = "/inApps/v2/transactions/consumption/" + id(bought);
            var right = "{\"customerConsented\":true,\"deliveryStatus\":\"DELIVERED\",\"sampleContentProvided\":false}";

            var wrong = merchant.put(path, right.replace("true", "false"));
            var done = merchant.put(path, right);

            assertThat(wrong.status()).isEqualTo(400);
            assertThat(wrong.json().getInt("errorCode")).isEqualTo(4000035);
            assertThat(done.status()).isEqualTo(202);
            var answers = node.simulator("appleiap/consumption?transaction_id=" + id(bought), null)
                    .json()
                    .getJsonArray("answers");
            assertThat(answers).hasSize(1);
            assertThat(answers.getJsonObject(0).getString("version")).isEqualTo("v2");
            assertThat(answers.getJsonObject(0).getJsonObject("body").getString("deliveryStatus"))
                    .isEqualTo("DELIVERED");
        }
    }

    @Nested
    class A_receipt {
        private int status(String receipt, String password, boolean sandbox) {
            return merchant.verifyReceipt(receipt, password, sandbox).getInt("status");
        }

        @Test
        void lists_its_purchases_and_every_value_of_them_is_a_text() {
            var first = merchant.buy("film");
            var second = merchant.bought(Json.createObjectBuilder()
                    .add("product_id", "coins60")
                    .add("quantity", 3)
                    .add("with", Json.createArrayBuilder().add(id(first))));

            var answer = merchant.verifyReceipt(second.getString("receipt"), null, false);

            assertThat(answer.getInt("status")).as(answer.toString()).isZero();
            assertThat(answer.getString("environment")).isEqualTo("Production");
            assertThat(answer.getJsonObject("receipt").getString("bundle_id")).isEqualTo(merchant.bundleId);
            var inApp = answer.getJsonObject("receipt").getJsonArray("in_app").getValuesAs(JsonObject.class);
            assertThat(inApp.stream().map(t -> t.getString("transaction_id"))).containsExactly(id(first), id(second));
            assertThat(inApp.get(1).getString("quantity")).isEqualTo("3");
            for (var t : inApp) {
                assertThat(t.values()).allMatch(v -> v.getValueType() == JsonValue.ValueType.STRING);
            }
        }

        @Test
        void of_a_subscription_needs_the_password_and_lists_the_renewals() {
            var first = merchant.buy("vip");
            var second =
                    merchant.control("renew", Json.createObjectBuilder().add("original_transaction_id", id(first)));
            var password = merchant.account.getString("password");
            var receipt = first.getString("receipt");

            assertThat(status(receipt, null, false)).isEqualTo(21004);
            assertThat(status(receipt, "wrong", false)).isEqualTo(21004);
            var answer = merchant.verifyReceipt(receipt, password, false);
            assertThat(answer.getJsonArray("latest_receipt_info").getValuesAs(JsonObject.class).stream()
                            .map(t -> t.getString("transaction_id")))
                    .containsExactly(id(first), id(second));
            assertThat(answer.getJsonArray("pending_renewal_info")).hasSize(1);
        }

        @Test
        void that_is_wrong_or_elsewhere_has_apples_status() {
            var production = merchant.buy("coins60").getString("receipt");
            var sandbox = merchant.buy("coins60", "environment", "Sandbox").getString("receipt");
            var xcode = merchant.buy("coins60", "environment", "Xcode").getString("receipt");

            assertThat(status("bm9uZQ==", null, false)).isEqualTo(21002);
            assertThat(status("?", null, false)).isEqualTo(21002);
            assertThat(merchant.send("POST", "/verifyReceipt", null, "{").json().getInt("status"))
                    .isEqualTo(21002);
            assertThat(merchant.send("GET", "/verifyReceipt", null, null).json().getInt("status"))
                    .isEqualTo(21000);
            assertThat(status(xcode, null, false)).isEqualTo(21003);
            assertThat(status(production, null, true)).isEqualTo(21008);
            assertThat(status(sandbox, null, false)).isEqualTo(21007);
            assertThat(status(sandbox, null, true)).isZero();
        }

        @Test
        void has_the_status_that_a_test_wants_so_many_times() {
            var bought = merchant.buy("coins60");
            merchant.control("status", about(bought).add("status", 21199).add("times", 2));

            var answers = new ArrayList<Integer>();
            for (int i = 0; i < 3; i++) answers.add(status(bought.getString("receipt"), null, false));

            assertThat(answers).containsExactly(21199, 21199, 0);
        }
    }

    @Nested
    class A_fault {
        private Node.Answer withFault(String fault) {
            var token = UUID.randomUUID().toString();
            new Simulator(node).setFault(token, fault);
            return merchant.get("/inApps/v1/transactions/" + id(merchant.buy("coins60", "appAccountToken", token)));
        }

        @Test
        void that_was_set_for_the_token_happens_to_its_purchase() {
            assertThat(withFault("ANSWER_SYSTEM_ERROR").json().getInt("errorCode"))
                    .isEqualTo(5000001);
            assertThat(withFault("ANSWER_HTML").status()).isEqualTo(502);
            assertThat(withFault("PURCHASE_FOUND_LATE").json().getInt("errorCode"))
                    .isEqualTo(4040010);
            assertThat(merchant.verified(withFault("PURCHASE_OF_OTHER_PRODUCT")
                                    .json()
                                    .getString("signedTransactionInfo"))
                            .getString("productId"))
                    .isEqualTo("film");
            assertThat(merchant.verified(
                                    withFault("PURCHASE_FAMILY_SHARED").json().getString("signedTransactionInfo"))
                            .getString("inAppOwnershipType"))
                    .isEqualTo("FAMILY_SHARED");
        }
    }

    @Nested
    class A_notification {
        private JsonObject received(MerchantServer server, String kind) {
            var found = new ArrayList<JsonObject>();
            Eventually.within(SOON, kind, () -> {
                found.clear();
                for (var request : server.received()) {
                    try (var reader = Json.createReader(new StringReader(request.body()))) {
                        var content = merchant.verified(reader.readObject().getString("signedPayload"));
                        if (content.getString("notificationType").equals(kind)) found.add(content);
                    }
                }
                return !found.isEmpty();
            });
            return found.get(0);
        }

        private JsonObject transaction(JsonObject notification) {
            return merchant.verified(notification.getJsonObject("data").getString("signedTransactionInfo"));
        }

        @Test
        void is_sent_of_every_purchase_and_decision() {
            try (var server = new MerchantServer()) {
                merchant.notifyAt(server.url());
                var coins = merchant.buy("coins60");
                var vip = merchant.buy("vip");
                merchant.control("renew", Json.createObjectBuilder().add("original_transaction_id", id(vip)));
                merchant.control("consumption", about(coins));
                merchant.control("refund", about(coins));
                merchant.control("reverse", about(coins));
                merchant.control("refund", about(vip).add("type", "REVOKE"));

                var bought = received(server, "ONE_TIME_CHARGE");
                assertThat(bought.getString("version")).isEqualTo("2.0");
                assertThat(bought.getJsonObject("data").getJsonNumber("appAppleId"))
                        .isEqualTo(merchant.account.getJsonNumber("appAppleId"));
                assertThat(transaction(bought).getString("transactionId")).isEqualTo(id(coins));
                var subscribed = received(server, "SUBSCRIBED");
                assertThat(subscribed.getString("subtype")).isEqualTo("INITIAL_BUY");
                assertThat(subscribed.getJsonObject("data")).containsKey("signedRenewalInfo");
                assertThat(transaction(received(server, "DID_RENEW")).getString("originalTransactionId"))
                        .isEqualTo(id(vip));
                assertThat(received(server, "CONSUMPTION_REQUEST")
                                .getJsonObject("data")
                                .getString("consumptionRequestReason"))
                        .isEqualTo("UNINTENDED_PURCHASE");
                assertThat(transaction(received(server, "REFUND")).getInt("revocationPercentage"))
                        .isEqualTo(100_000);
                assertThat(transaction(received(server, "REFUND_REVERSED"))).doesNotContainKey("revocationDate");
                assertThat(transaction(received(server, "REVOKE")).getString("revocationType"))
                        .isEqualTo("FAMILY_REVOKE");
            }
        }

        @Test
        void is_repeated_with_the_same_number_until_it_is_acknowledged_and_of_the_sandbox_never() {
            try (var server = new MerchantServer()) {
                server.answers(500, "later");
                merchant.notifyAt(server.url());
                var production = merchant.buy("coins60");
                var sandbox = merchant.buy("coins60", "environment", "Sandbox");

                Eventually.within(
                        Duration.ofSeconds(10),
                        "both arrive",
                        () -> server.received().size() >= 2);
                for (var bought : List.of(production, sandbox)) {
                    var sent = new Simulator(node)
                            .records(id(bought))
                            .getJsonArray("notifications")
                            .getJsonObject(0);
                    assertThat(sent.getInt("tries")).isEqualTo(1);
                }
                assertThat(next(production)).isTrue();
                Eventually.within(SOON, "the sandbox's is over", () -> !next(sandbox));
            }
        }

        /** Whether there is another delivery. */
        private boolean next(JsonObject bought) {
            return TestDatabase.text(
                            node.dbUrl(),
                            "select (count(n.next_at) > 0)::text from sim_notice n join sim_trade t on t.id = n.trade_id"
                                    + " where t.number = ?",
                            id(bought))
                    .equals("true");
        }

        @Test
        void of_a_test_and_of_the_past_can_be_read_again() {
            try (var server = new MerchantServer()) {
                var none = merchant.post("/inApps/v1/notifications/test", "");
                assertThat(none.json().getInt("errorCode")).isEqualTo(4040007);
                merchant.notifyAt(server.url());

                var token = merchant.post("/inApps/v1/notifications/test", "")
                        .json()
                        .getString("testNotificationToken");
                received(server, "TEST");

                Eventually.within(
                        SOON,
                        "the result",
                        () -> merchant.get("/inApps/v1/notifications/test/" + token)
                                .json()
                                .toString()
                                .contains("\"SUCCESS\""));
                var bought = merchant.buy("coins60");
                var now = System.currentTimeMillis();
                var history = merchant.post(
                                "/inApps/v1/notifications/history",
                                "{\"startDate\":" + (now - 60_000) + ",\"endDate\":" + (now + 60_000)
                                        + ",\"transactionId\":\"" + id(bought) + "\"}")
                        .json();
                assertThat(history.getJsonArray("notificationHistory")).hasSize(1);
                var payload = history.getJsonArray("notificationHistory")
                        .getJsonObject(0)
                        .getString("signedPayload");
                assertThat(merchant.verified(payload).getString("notificationType"))
                        .isEqualTo("ONE_TIME_CHARGE");
                assertThat(merchant.get("/inApps/v1/notifications/test/none")
                                .json()
                                .getInt("errorCode"))
                        .isEqualTo(4040008);
            }
        }
    }

    @Test
    void the_test_accounts_of_a_merchant_name_the_app_and_no_key() {
        var shop = new Shop("apple-accounts");
        var accounts = shop.node
                .call("GET", "/api/manage/merchants/" + shop.pid + "/test-accounts", Node.MANAGE_TOKEN, null)
                .json()
                .getJsonArray("accounts")
                .getValuesAs(JsonObject.class);

        var apple = accounts.stream()
                .filter(a -> a.getString("provider").equals("appleiap"))
                .findFirst()
                .orElseThrow();

        assertThat(apple.getString("bundleId")).startsWith("cn.example.app");
        assertThat(apple.getJsonArray("products").getValuesAs(JsonObject.class).stream()
                        .map(p -> p.getString("product_id")))
                .containsExactly("coins60", "vip", "film", "pass");
        assertThat(apple.toString()).doesNotContain("PRIVATE KEY", "issuerId", "password");
    }

    @Test
    void the_root_is_the_same_for_every_app_of_an_installation() {
        assertThat(new AppleMerchant(node).account.get("rootCertificates"))
                .isInstanceOf(JsonString.class)
                .isEqualTo(merchant.account.get("rootCertificates"));
    }
}
