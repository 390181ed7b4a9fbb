package io.cashdesk.provider.appleiap;

import static io.cashdesk.provider.appleiap.FakeApple.account;
import static io.cashdesk.provider.appleiap.FakeApple.node;
import static io.cashdesk.provider.appleiap.FakeApple.notification;
import static io.cashdesk.provider.appleiap.FakeApple.push;
import static io.cashdesk.provider.appleiap.FakeApple.signed;
import static io.cashdesk.provider.appleiap.FakeApple.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ParsedNotification.Bought;
import io.cashdesk.provider.ParsedNotification.ChargedAgain;
import io.cashdesk.provider.ParsedNotification.Other;
import io.cashdesk.provider.ParsedNotification.TakenBack;
import io.cashdesk.provider.ParsedNotification.UsageAsked;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.RawNotification;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** App Store Server Notifications of version 2, as Apple signs them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AppleNotificationTest {
    private static final String NUMBER = "2000000123456789";
    private static final URI GATEWAY = URI.create("https://apple.example");

    private final AppleProvider provider = FakeApple.provider();

    private static AccountSettings ours() {
        return account(node().build(), GATEWAY);
    }

    private ParsedNotification read(RawNotification raw) {
        return provider.read(ours(), raw);
    }

    private ParsedNotification read(String type, JsonObjectBuilder transaction) {
        return read(push(notification(type, "Production", signed(transaction))));
    }

    private String refusal(RawNotification raw) {
        var failure = catchThrowableOfType(ProviderFailure.class, () -> read(raw));
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).isEqualTo(Kind.NOT_AUTHENTIC);
        return failure.getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ONE_TIME_CHARGE", "SUBSCRIBED", "DID_RENEW", "OFFER_REDEEMED"})
    void of_a_charge_is_a_purchase(String type) {
        var read = read(type, transaction(NUMBER));

        assertThat(read.repeatKey()).isEqualTo("002e14d5-51f5-4503-b5a8-c3a1af68eb20");
        assertThat(read.kind()).isEqualTo(type);
        assertThat(read.content()).isInstanceOfSatisfying(Bought.class, bought -> {
            assertThat(bought.purchase().transactionId()).isEqualTo(NUMBER);
            assertThat(bought.purchase().paid().attemptNo()).isEqualTo(FakeApple.ATTEMPT);
        });
    }

    @ParameterizedTest
    @CsvSource({"UPGRADE, true", "DOWNGRADE, false", ", false"})
    void of_another_plan_is_a_purchase_if_it_is_charged_at_once(String subtype, boolean charged) {
        var notification = notification(
                "DID_CHANGE_RENEWAL_PREF",
                "Production",
                signed(transaction(NUMBER).add("transactionReason", "PURCHASE")));
        if (subtype != null) notification.add("subtype", subtype);

        assertThat(read(push(notification)).content()).isInstanceOf(charged ? Bought.class : Other.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 5_000, 60_000})
    void that_is_nested_without_end_is_refused_like_every_forgery(int levels) {
        var deep = "[".repeat(levels) + "]".repeat(levels);
        var payload = "{\"data\":{\"environment\":\"Production\",\"a\":" + deep + "}}";
        var header = "{\"alg\":\"ES256\",\"x5c\":" + deep + "}";
        var good = signed(transaction(NUMBER)).split("\\.");

        assertThat(refusal(FakeApple.raw("{\"signedPayload\":" + deep + "}"))).contains("JSON object");
        assertThat(refusal(push(good[0] + "." + base64(payload) + "." + good[2])))
                .contains("JWS");
        assertThat(refusal(push(base64(header) + "." + good[1] + "." + good[2])))
                .contains("JWS");
        assertThat(refusal(FakeApple.raw(deep))).contains("JSON object");
        assertThat(refusal(push(".".repeat(levels)))).contains("JWS");
    }

    @Test
    void with_values_of_other_types_is_refused_like_every_forgery() {
        var good = signed(transaction(NUMBER)).split("\\.");
        for (var payload : List.of(
                "{\"data\":{\"environment\":\"Production\"},\"signedDate\":\"soon\"}",
                "{\"data\":{\"environment\":\"Production\"},\"signedDate\":1e400}",
                "{\"data\":{\"environment\":\"Production\"},\"signedDate\":{}}",
                "{\"data\":{\"environment\":\"Production\",\"bundleId\":[1]},\"signedDate\":1}")) {
            assertThat(refusal(push(good[0] + "." + base64(payload) + "." + good[2])))
                    .isNotEmpty();
        }
        for (var header :
                List.of("{}", "{\"alg\":[],\"x5c\":[1,2,3]}", "{\"alg\":\"ES256\",\"x5c\":[\"\",\"\",\"\"]}")) {
            assertThat(refusal(
                            push(base64(header) + "." + base64("{\"data\":{\"environment\":\"Production\"}}") + ".")))
                    .isNotEmpty();
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void has_the_subtype_in_its_kind() {
        var push = push(notification("DID_RENEW", "Production", signed(transaction(NUMBER)))
                .add("subtype", "BILLING_RECOVERY"));

        assertThat(read(push).kind()).isEqualTo("DID_RENEW.BILLING_RECOVERY");
    }

    @ParameterizedTest
    @CsvSource({"REFUND, , 100000", "REFUND, 100000, 100000", "REFUND, 50000, 50000", "REVOKE, , 100000"})
    void of_a_refund_says_how_much_was_taken_back(String type, Integer percentage, int thousandths) {
        var at = FakeApple.NOW.plusSeconds(5);
        var transaction = transaction(NUMBER).add("revocationDate", at.toEpochMilli());
        if (percentage != null) transaction.add("revocationPercentage", percentage);

        assertThat(read(type, transaction).content()).isInstanceOfSatisfying(TakenBack.class, back -> {
            assertThat(back.purchase().transactionId()).isEqualTo(NUMBER);
            assertThat(back.back().thousandths()).isEqualTo(thousandths);
            assertThat(back.back().at()).isEqualTo(at);
            assertThat(back.back().refundNo()).isEqualTo(NUMBER + "-" + at.toEpochMilli());
            assertThat(back.purchase().returned())
                    .as("the purchase says it too")
                    .contains(back.back());
        });
    }

    @Test
    void of_a_refund_of_nothing_is_only_kept() {
        var transaction = transaction(NUMBER)
                .add("revocationDate", FakeApple.NOW.toEpochMilli())
                .add("revocationPercentage", 0);

        assertThat(read("REFUND", transaction).content()).isInstanceOf(Other.class);
    }

    @Test
    void of_a_refund_without_a_date_is_told_apart_by_its_own_id() {
        assertThat(read("REFUND", transaction(NUMBER)).content()).isInstanceOfSatisfying(TakenBack.class, back -> {
            assertThat(back.back().refundNo()).isEqualTo("002e14d5-51f5-4503-b5a8-c3a1af68eb20");
            assertThat(back.back().at()).isNull();
        });
    }

    @Test
    void of_a_reversed_refund_says_that_the_payer_was_charged_again() {
        assertThat(read("REFUND_REVERSED", transaction(NUMBER)).content()).isInstanceOf(ChargedAgain.class);
    }

    @Test
    void of_a_consumption_request_is_one() {
        assertThat(read("CONSUMPTION_REQUEST", transaction(NUMBER)).content()).isInstanceOf(UsageAsked.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REFUND_DECLINED",
                "EXPIRED",
                "DID_CHANGE_RENEWAL_STATUS",
                "DID_CHANGE_RENEWAL_PREF",
                "DID_FAIL_TO_RENEW",
                "GRACE_PERIOD_EXPIRED",
                "PRICE_INCREASE",
                "RENEWAL_EXTENDED",
                "A_TYPE_OF_NEXT_YEAR"
            })
    void of_another_type_is_only_kept(String type) {
        var read = read(type, transaction(NUMBER));

        assertThat(read.kind()).isEqualTo(type);
        assertThat(read.content()).isInstanceOf(Other.class);
    }

    @Test
    void without_a_transaction_is_only_kept() {
        assertThat(read(push(notification("TEST", "Production", ""))).content()).isInstanceOf(Other.class);
        assertThat(read(push(notification("SUBSCRIBED", "Production", ""))).content())
                .isInstanceOf(Other.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"summary", "appData"})
    void about_something_else_is_only_kept(String name) {
        var other = notification("RENEWAL_EXTENSION", "Production", "").build();
        var moved = Json.createObjectBuilder(other).remove("data").add(name, other.get("data"));

        assertThat(read(push(moved)).content()).isInstanceOf(Other.class);
    }

    @Test
    void about_a_purchase_elsewhere_is_only_kept() {
        var other = notification("EXTERNAL_PURCHASE_TOKEN", "Production", "").build();
        var token = Json.createObjectBuilder()
                .add("externalPurchaseId", "SANDBOX_b2158121-7af9-49d4-9561-1f588205523e")
                .add("tokenCreationDate", FakeApple.NOW.toEpochMilli())
                .add("appAppleId", FakeApple.APP)
                .add("bundleId", FakeApple.BUNDLE);
        var moved = Json.createObjectBuilder(other).remove("data").add("externalPurchaseToken", token);

        assertThat(read(push(moved)).content()).isInstanceOf(Other.class);
    }

    @Test
    void of_the_sandbox_counts_unless_the_node_says_otherwise() {
        var push = push(notification(
                "ONE_TIME_CHARGE", "Sandbox", signed(transaction(NUMBER).add("environment", "Sandbox"))));

        assertThat(read(push).content()).isInstanceOf(Bought.class);
        var production = account(node().add("acceptSandbox", false).build(), GATEWAY);
        assertThat(provider.read(production, push).content()).isInstanceOf(Other.class);
    }

    @Test
    void of_production_is_only_kept_in_an_account_of_the_sandbox() {
        var push = push(notification("ONE_TIME_CHARGE", "Production", signed(transaction(NUMBER))));

        for (var node : List.of(node(), node().remove("appAppleId"))) {
            var sandbox = account(node.add("sandbox", true).build(), GATEWAY);
            assertThat(provider.read(sandbox, push).content()).isInstanceOf(Other.class);
        }
    }

    @Test
    void of_a_purchase_of_a_family_member_is_only_kept() {
        for (var type : List.of("ONE_TIME_CHARGE", "REFUND", "REVOKE", "REFUND_REVERSED", "CONSUMPTION_REQUEST")) {
            assertThat(read(type, transaction(NUMBER).add("inAppOwnershipType", "FAMILY_SHARED"))
                            .content())
                    .isInstanceOf(Other.class);
        }
    }

    @Test
    void of_another_app_is_refused() {
        var signed = signed(transaction(NUMBER));
        var good = notification("ONE_TIME_CHARGE", "Production", signed).build();
        var data = good.getJsonObject("data");

        assertThat(refusal(push(changed(good, Json.createObjectBuilder(data).add("bundleId", "com.example.other")))))
                .contains("com.example.other");
        assertThat(refusal(push(changed(good, Json.createObjectBuilder(data).add("appAppleId", 1)))))
                .contains("appAppleId");
        assertThat(refusal(push(notification(
                        "ONE_TIME_CHARGE",
                        "Production",
                        signed(transaction(NUMBER).add("bundleId", "com.example.other"))))))
                .contains("com.example.other");
    }

    private static JsonObjectBuilder changed(JsonObject notification, JsonObjectBuilder data) {
        return Json.createObjectBuilder(notification).add("data", data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Xcode", "LocalTesting", "Moon"})
    void of_another_environment_is_refused_by_name(String environment) {
        assertThat(refusal(push(notification("ONE_TIME_CHARGE", environment, ""))))
                .contains(environment);
        assertThat(refusal(push(notification(
                        "ONE_TIME_CHARGE",
                        "Production",
                        signed(transaction(NUMBER).add("environment", environment))))))
                .contains(environment);
    }

    @Test
    void with_parts_of_different_environments_is_refused() {
        assertThat(refusal(push(notification(
                        "ONE_TIME_CHARGE",
                        "Production",
                        signed(transaction(NUMBER).add("environment", "Sandbox"))))))
                .contains("different environments");
    }

    @Test
    void that_others_have_signed_is_refused_outside_and_inside() {
        var other = new AppleChain();
        var transaction = transaction(NUMBER).build();
        var outside = notification("ONE_TIME_CHARGE", "Production", FakeApple.CHAIN.sign(transaction));

        assertThat(refusal(push(other.sign(outside.build())))).contains("certificates");
        assertThat(refusal(push(notification("ONE_TIME_CHARGE", "Production", other.sign(transaction)))))
                .contains("certificates");
        var renewal = notification("TEST", "Production", "").build();
        var forged = Json.createObjectBuilder(renewal.getJsonObject("data"))
                .add("signedRenewalInfo", other.sign(transaction));
        assertThat(refusal(push(changed(renewal, forged)))).contains("certificates");
    }

    @Test
    void that_is_none_is_refused() {
        assertThat(refusal(FakeApple.raw("{\"notification_type\":\"INITIAL_BUY\"}")))
                .contains("version 2");
        assertThat(refusal(FakeApple.raw("{}"))).contains("signedPayload");
        assertThat(refusal(FakeApple.raw("[]"))).contains("JSON object");
        assertThat(refusal(FakeApple.raw(""))).contains("JSON object");
        assertThat(refusal(push("a.b"))).contains("JWS");
        assertThat(refusal(new RawNotification("GET", "", Map.of(), new byte[0])))
                .isNotEmpty();
    }

    @Test
    void is_repeated_by_Apple_while_the_server_has_no_valid_root_certificate() {
        var node = node().remove("rootCertificates").build();
        var push = push(notification("TEST", "Production", ""));
        var unreadable = FakeApple.provider(Map.of("CASHDESK_APPLE_ROOTS", "/no/such/file"));
        var without = FakeApple.provider(Map.of());

        for (var provider : List.of(unreadable, without)) {
            assertThatThrownBy(() -> provider.read(account(node, GATEWAY), push))
                    .isInstanceOfSatisfying(
                            ProviderFailure.class, f -> assertThat(f.kind()).isEqualTo(Kind.DECLINED))
                    .hasMessageContaining("CASHDESK_APPLE_ROOTS");
        }
    }

    @Test
    void is_shown_decoded() {
        var original = provider.original(
                ours(), push(notification("ONE_TIME_CHARGE", "Production", signed(transaction(NUMBER)))));

        var message = original.message().asJsonObject();
        assertThat(message.getString("notificationType")).isEqualTo("ONE_TIME_CHARGE");
        assertThat(message.getJsonObject("data").getJsonObject("signedTransactionInfo"))
                .isEqualTo(transaction(NUMBER).build());
    }

    @Test
    void is_answered_so_that_Apple_repeats_what_could_not_be_stored() {
        var push = push(notification("TEST", "Production", ""));

        assertThat(provider.acknowledgement(ours(), push).status()).isEqualTo(200);
        assertThat(provider.acknowledgement(ours(), push).body()).isEmpty();
        assertThat(provider.refusal(ours(), push, true, "later").status()).isEqualTo(503);
        assertThat(provider.refusal(ours(), push, false, "no").status()).isEqualTo(401);
    }
}
