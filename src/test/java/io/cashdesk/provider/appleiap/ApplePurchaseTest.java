package io.cashdesk.provider.appleiap;

import static io.cashdesk.provider.appleiap.FakeApple.account;
import static io.cashdesk.provider.appleiap.FakeApple.bought;
import static io.cashdesk.provider.appleiap.FakeApple.error;
import static io.cashdesk.provider.appleiap.FakeApple.json;
import static io.cashdesk.provider.appleiap.FakeApple.node;
import static io.cashdesk.provider.appleiap.FakeApple.receipt;
import static io.cashdesk.provider.appleiap.FakeApple.signed;
import static io.cashdesk.provider.appleiap.FakeApple.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport.WentBack;
import io.cashdesk.provider.ProviderServer;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderServer.Request;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.SellsInStore.Proof;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proofs of purchases, against servers that answer as Apple's documents say. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ApplePurchaseTest {
    private static final String ORDER = "T202611270001";
    private static final String NUMBER = "2000000123456789";
    private static final String RECEIPT =
            Base64.getEncoder().encodeToString("a receipt".getBytes(StandardCharsets.UTF_8));

    private final AppleProvider provider = FakeApple.provider();
    private final ProviderServer production = new ProviderServer();
    private final ProviderServer sandbox = new ProviderServer();

    @AfterEach
    void close() {
        production.close();
        sandbox.close();
    }

    private AccountSettings ours() {
        return ours(node());
    }

    private AccountSettings ours(JsonObjectBuilder node) {
        return account(node.add("sandboxGateway", sandbox.address().toString()).build(), production.address());
    }

    private Optional<Purchase> verify(AccountSettings account, String number, String receipt) {
        return provider.verify(account, new Proof(ORDER, number, receipt));
    }

    private Purchase bySignature(JsonObjectBuilder transaction) {
        return verify(ours(), "", signed(transaction)).orElseThrow();
    }

    /** What the refusal says in English, which names the order. */
    private String refusal(AccountSettings account, String number, String receipt) {
        var problem = catchThrowableOfType(Problem.class, () -> verify(account, number, receipt));
        assertThat(problem).isNotNull();
        assertThat(problem.type()).isEqualTo(ProblemType.PURCHASE_NOT_VERIFIED);
        assertThat(problem.message(Locale.CHINESE)).contains(ORDER).containsPattern("\\p{IsHan}");
        assertThat(problem.message(Locale.ENGLISH)).contains(ORDER).doesNotContainPattern("\\p{IsHan}");
        return problem.message(Locale.ENGLISH);
    }

    private ProviderFailure failure(AccountSettings account, String number, String receipt) {
        return catchThrowableOfType(ProviderFailure.class, () -> verify(account, number, receipt));
    }

    private static JsonObject body(Request request) {
        try (var reader = Json.createReader(new StringReader(request.body()))) {
            return reader.readObject();
        }
    }

    @Nested
    class A_signed_transaction {
        @Test
        void is_a_payment_of_the_attempt_that_its_token_names() {
            var purchase = bySignature(transaction(NUMBER));

            assertThat(purchase.transactionId()).isEqualTo(NUMBER);
            assertThat(purchase.firstTransactionId()).isEqualTo(NUMBER);
            assertThat(purchase.subscription()).isFalse();
            assertThat(purchase.renewal()).isFalse();
            assertThat(purchase.environment()).isEqualTo("Production");
            var paid = purchase.paid();
            assertThat(paid.attemptNo()).isEqualTo(FakeApple.ATTEMPT);
            assertThat(paid.merchantNo()).isEqualTo(FakeApple.BUNDLE);
            assertThat(paid.appId()).isEqualTo(FakeApple.BUNDLE);
            assertThat(paid.amount()).isNull();
            assertThat(paid.payerId()).isNull();
            assertThat(paid.paidAt()).isEqualTo(FakeApple.NOW);
            assertThat(paid.wentBack()).isEqualTo(WentBack.NOTHING);
            assertThat(paid.details().goods()).isEqualTo(AppleProducts.goods("coins60", 1));
            assertThat(paid.details().price()).isEqualTo(Money.fen(600));
            assertThat(paid.evidence()).startsWith("{").contains(NUMBER, "coins60");
        }

        @Test
        void needs_no_call_to_Apple_and_no_key() {
            var node = node().remove("issuerId").remove("keyId").remove("privateKey");

            assertThat(verify(ours(node), NUMBER, signed(transaction(NUMBER)))).isPresent();
            assertThat(production.requests()).isEmpty();
        }

        @Test
        void may_stand_where_the_number_does() {
            var signed = signed(transaction(NUMBER));

            assertThat(verify(ours(), signed, "")).isPresent();
            assertThat(verify(ours(), signed, signed)).isPresent();
            assertThat(refusal(ours(), signed, signed(transaction("2000000999"))))
                    .contains("same transaction");
        }

        @ParameterizedTest
        @CsvSource({"7E3FB204-2FD9-4E2B-9A41-1F2A9C0D7B55, " + FakeApple.ATTEMPT, "'', ''"})
        void has_an_attempt_whatever_the_case_of_its_token_or_none(String token, String attempt) {
            var transaction = transaction(NUMBER);
            if (token.isEmpty()) transaction.remove("appAccountToken");
            else transaction.add("appAccountToken", token);

            assertThat(bySignature(transaction).paid().attemptNo()).isEqualTo(attempt);
        }

        @Test
        void of_a_subscription_names_the_first_one() {
            var renewal = bySignature(transaction(NUMBER)
                    .add("type", "Auto-Renewable Subscription")
                    .add("originalTransactionId", "2000000000000001")
                    .add("transactionReason", "RENEWAL"));

            assertThat(renewal.transactionId()).isEqualTo(NUMBER);
            assertThat(renewal.firstTransactionId()).isEqualTo("2000000000000001");
            assertThat(renewal.renewal()).isTrue();
        }

        @Test
        void that_was_restored_stands_under_its_original_number() {
            var restored = bySignature(
                    transaction(NUMBER).add("type", "Non-Consumable").add("originalTransactionId", "2000000000000001"));

            assertThat(restored.transactionId()).isEqualTo("2000000000000001");
            assertThat(restored.renewal()).isFalse();
        }

        @ParameterizedTest
        @CsvSource({
            "6000, CNY, 600",
            "990, USD, 99",
            "0, CNY, 0",
            "995, USD, ",
            "6000, , ",
            "-10, CNY, ",
            "6000, ABC, ",
            "6000, cny, ",
            "6000, XXX, ",
            "100000, JPY, 100",
            "1500, KRW, ",
            "1250, KWD, 1250",
            "1255, BHD, 1255"
        })
        void has_a_price_if_it_is_whole_in_the_minor_unit(long thousandths, String currency, Long minor) {
            var transaction = transaction(NUMBER).add("price", thousandths);
            if (currency == null) transaction.remove("currency");
            else transaction.add("currency", currency);

            assertThat(bySignature(transaction).paid().details().price())
                    .isEqualTo(minor == null ? null : new Money(minor, currency));
        }

        @ParameterizedTest
        @CsvSource({", ALL", "100000, ALL", "50000, AT_LEAST_A_PART"})
        void that_was_revoked_says_so(Integer percentage, WentBack wentBack) {
            var transaction = transaction(NUMBER).add("revocationDate", FakeApple.NOW.toEpochMilli());
            if (percentage != null) transaction.add("revocationPercentage", percentage);

            assertThat(bySignature(transaction).paid().wentBack()).isEqualTo(wentBack);
        }

        @Test
        void of_a_plan_that_was_replaced_says_that_it_was_paid() {
            var upgraded = transaction(NUMBER)
                    .add("type", "Auto-Renewable Subscription")
                    .add("isUpgraded", true)
                    .add("revocationDate", FakeApple.NOW.toEpochMilli());

            var purchase = bySignature(upgraded);
            assertThat(purchase.paid().wentBack()).isEqualTo(WentBack.NOTHING);
            assertThat(purchase.returned()).isEmpty();
            var refunded = transaction(NUMBER)
                    .add("isUpgraded", true)
                    .add("revocationDate", FakeApple.NOW.toEpochMilli())
                    .add("revocationPercentage", 50_000);
            assertThat(bySignature(refunded).paid().wentBack()).isEqualTo(WentBack.AT_LEAST_A_PART);
        }

        @Test
        void in_the_sandbox_counts_unless_the_node_says_otherwise() {
            var signed = signed(transaction(NUMBER).add("environment", "Sandbox"));

            assertThat(verify(ours(), "", signed).orElseThrow().environment()).isEqualTo("Sandbox");
            assertThat(verify(ours(node().add("sandbox", true).remove("appAppleId")), "", signed))
                    .isPresent();
            assertThat(refusal(ours(node().add("acceptSandbox", false)), "", signed))
                    .contains("acceptSandbox");
        }

        @Test
        void in_production_does_not_count_in_an_account_of_the_sandbox() {
            assertThat(refusal(ours(node().add("sandbox", true)), "", signed(transaction(NUMBER))))
                    .contains("sandbox true");
        }

        @ParameterizedTest
        @ValueSource(strings = {"Xcode", "LocalTesting"})
        void of_a_local_test_is_refused_by_name_however_it_is_signed(String environment) {
            var payload = transaction(NUMBER).add("environment", environment).build();

            assertThat(refusal(ours(), "", FakeApple.CHAIN.sign(payload))).contains(environment);
            assertThat(refusal(ours(), "", FakeApple.CHAIN.sign("none", payload, List.of())))
                    .contains(environment);
            var simulated = FakeApple.simulated(node().build(), production.address());
            assertThat(refusal(simulated, "", FakeApple.CHAIN.sign(payload))).contains(environment);
        }

        @Test
        void of_another_app_is_refused_with_both_names() {
            assertThat(refusal(ours(), "", signed(transaction(NUMBER).add("bundleId", "com.example.other"))))
                    .contains("com.example.other", FakeApple.BUNDLE);
        }

        @Test
        void of_a_family_member_is_refused() {
            assertThat(refusal(ours(), "", signed(transaction(NUMBER).add("inAppOwnershipType", "FAMILY_SHARED"))))
                    .contains("FAMILY_SHARED");
        }

        @Test
        void of_another_number_than_the_one_beside_it_is_refused() {
            assertThat(refusal(ours(), "2000000999", signed(transaction(NUMBER))))
                    .contains("2000000999", NUMBER);
        }

        @Test
        void that_was_changed_is_refused() {
            var signed = signed(transaction(NUMBER));
            var parts = signed.split("\\.");
            var other = AppleChain.encoded(transaction("2000000999").build());

            assertThat(refusal(ours(), "", parts[0] + "." + other + "." + parts[2]))
                    .contains("signature");
            assertThat(refusal(ours(), "", parts[0] + "." + parts[1] + ".")).contains("signature");
            assertThat(refusal(ours(), "", parts[0] + "." + parts[1])).contains("JWS");
            assertThat(refusal(ours(), "", "a.b.c")).contains("JWS");
            assertThat(refusal(ours(), "", "…")).contains("Base64");
        }

        @Test
        void without_a_signature_is_refused() {
            var payload = transaction(NUMBER).build();
            var chain = FakeApple.CHAIN;

            assertThat(refusal(
                            ours(),
                            "",
                            chain.sign("none", payload, List.of(chain.leaf, chain.intermediate, chain.root))))
                    .contains("signature");
            assertThat(refusal(
                            ours(),
                            "",
                            chain.sign("HS256", payload, List.of(chain.leaf, chain.intermediate, chain.root))))
                    .contains("signature");
        }

        @Test
        void by_certificates_that_are_not_Apples_is_refused() {
            var payload = transaction(NUMBER).build();
            var ours = FakeApple.CHAIN;
            var other = new AppleChain();

            assertThat(refusal(ours(), "", other.sign(payload))).contains("certificates");
            // the trusted root at the end proves nothing
            assertThat(refusal(ours(), "", other.sign(payload, List.of(other.leaf, other.intermediate, ours.root))))
                    .contains("certificates");
            assertThat(refusal(ours(), "", ours.sign(payload, List.of(ours.leaf, ours.root))))
                    .contains("certificates");
            assertThat(refusal(ours(), "", ours.sign(payload, List.of()))).contains("certificates");
        }

        @ParameterizedTest
        @CsvSource({"false, true", "true, false"})
        void by_certificates_without_Apples_marks_is_refused(boolean intermediate, boolean leaf) {
            var chain = new AppleChain(intermediate, leaf);
            var node = node().add("rootCertificates", chain.rootInPem());

            assertThat(refusal(ours(node), "", chain.sign(transaction(NUMBER).build())))
                    .contains("certificates");
        }

        @Test
        void that_is_something_else_of_Apple_is_refused() {
            var receipt = Json.createObjectBuilder()
                    .add("receiptType", "Production")
                    .add("bundleId", FakeApple.BUNDLE)
                    .add("signedDate", FakeApple.NOW.toEpochMilli())
                    .build();

            assertThat(refusal(ours(), "", FakeApple.CHAIN.sign(receipt))).contains("environment");
            assertThat(refusal(ours(), "", signed(transaction(NUMBER).remove("transactionId"))))
                    .contains("transactionId");
        }
    }

    @Nested
    class A_number_alone {
        private Answer found(JsonObjectBuilder transaction) {
            return json(200, Json.createObjectBuilder().add("signedTransactionInfo", signed(transaction)));
        }

        @Test
        void is_queried_with_a_token_that_our_key_signs() throws GeneralSecurityException {
            production.answers(found(transaction(NUMBER)));

            assertThat(verify(ours(), NUMBER, "").orElseThrow().transactionId()).isEqualTo(NUMBER);

            var request = production.requests().get(0);
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.path()).isEqualTo("/inApps/v1/transactions/" + NUMBER);
            var token = request.headers().get("Authorization");
            assertThat(token).startsWith("Bearer ");
            var parts = token.substring("Bearer ".length()).split("\\.");
            var header = decoded(parts[0]);
            assertThat(header.getString("alg")).isEqualTo("ES256");
            assertThat(header.getString("typ")).isEqualTo("JWT");
            assertThat(header.getString("kid")).isEqualTo(FakeApple.KEY_ID);
            var claims = decoded(parts[1]);
            assertThat(claims.getString("iss")).isEqualTo(FakeApple.ISSUER);
            assertThat(claims.getString("aud")).isEqualTo("appstoreconnect-v1");
            assertThat(claims.getString("bid")).isEqualTo(FakeApple.BUNDLE);
            assertThat(claims.getInt("iat")).isEqualTo((int) FakeApple.NOW.getEpochSecond());
            assertThat(claims.getInt("exp")).isEqualTo((int) FakeApple.NOW.getEpochSecond() + 300);
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initVerify(FakeApple.API_KEY.getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8));
            assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2])))
                    .isTrue();
        }

        private static JsonObject decoded(String part) {
            try (var reader = Json.createReader(
                    new StringReader(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8)))) {
                return reader.readObject();
            }
        }

        @Test
        void is_queried_in_the_sandbox_if_production_does_not_have_it() {
            production.answers(error(404, 4040010));
            sandbox.answers(found(transaction(NUMBER).add("environment", "Sandbox")));

            assertThat(verify(ours(), NUMBER, "").orElseThrow().environment()).isEqualTo("Sandbox");
            assertThat(production.requests()).hasSize(1);
        }

        @Test
        void is_queried_only_where_purchases_count() {
            production.answers(error(404, 4040010));
            sandbox.answers(error(404, 4040010));

            assertThat(refusal(ours(node().add("acceptSandbox", false)), NUMBER, ""))
                    .contains("queried: Production)");
            assertThat(sandbox.requests()).isEmpty();

            production.answers(error(404, 4040010));
            assertThat(refusal(ours(node().add("sandbox", true)), NUMBER, "")).contains("queried: Sandbox)");
            assertThat(production.requests()).isEmpty();
            assertThat(refusal(ours(), NUMBER, "")).contains("queried: Production, Sandbox)");
        }

        @Test
        void that_Apple_finds_a_moment_later_is_found() {
            var first = new AtomicBoolean(true);
            production.answers(request -> first.getAndSet(false) ? error(404, 4040010) : found(transaction(NUMBER)));
            sandbox.answers(error(404, 4040010));

            assertThat(verify(ours(), NUMBER, "")).isPresent();
            assertThat(production.requests()).hasSize(2);
        }

        @Test
        void that_is_not_found_is_an_answer_of_Apple() {
            production.answers(error(404, 4040010));
            sandbox.answers(error(404, 4040010));

            var unknown = catchThrowableOfType(Problem.class, () -> verify(ours(), NUMBER, ""));
            assertThat(unknown.isAfterAnswer()).isTrue();
            assertThat(production.requests()).hasSize(2);
            var unsent = catchThrowableOfType(Problem.class, () -> verify(ours(), "abc", ""));
            assertThat(unsent.isAfterAnswer()).isFalse();
        }

        @Test
        void is_not_verified_by_an_answer_that_is_not_signed_by_Apple() {
            var other = new AppleChain().sign(transaction(NUMBER).build());
            production.answers(json(200, Json.createObjectBuilder().add("signedTransactionInfo", other)));

            assertThat(refusal(ours(), NUMBER, "")).contains("certificates");
        }

        @Test
        void is_not_verified_by_an_answer_about_another_one() {
            production.answers(found(transaction("2000000999")));

            assertThat(refusal(ours(), NUMBER, "")).contains("2000000999", NUMBER);
        }

        @Test
        void needs_the_three_parts_of_a_key() {
            var node = node().remove("issuerId").remove("keyId").remove("privateKey");

            assertThat(refusal(ours(node), NUMBER, "")).contains("issuerId", "keyId", "privateKey");
        }

        @ParameterizedTest
        @ValueSource(strings = {"12 34", "abc", "1/2", "-1"})
        void has_only_digits(String number) {
            assertThat(refusal(ours(), number, "")).contains("digits only");
            assertThat(production.requests()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "401, 0, 401, DECLINED",
            "404, 4040003, 4040003, DECLINED",
            "404, 4040004, 4040004, OUTCOME_UNKNOWN",
            "429, 4290000, 4290000, OUTCOME_UNKNOWN",
            "500, 5000000, 5000000, OUTCOME_UNKNOWN",
            "500, 5000001, 5000001, OUTCOME_UNKNOWN",
            "502, 0, '', OUTCOME_UNKNOWN"
        })
        void is_not_refused_because_Apple_cannot_answer(int status, long code, String providerCode, Kind kind) {
            production.answers(code == 0 ? new Answer(status, Map.of(), "") : error(status, code));

            var failure = failure(ours(), NUMBER, "");

            assertThat(failure.providerCode()).isEqualTo(providerCode);
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.getMessage()).doesNotContain("Bearer");
        }

        @Test
        void that_is_no_number_of_Apple_is_not_found() {
            production.answers(error(400, 4000006));
            sandbox.answers(error(400, 4000006));

            assertThat(refusal(ours(), NUMBER, "")).contains(NUMBER);
        }

        @Test
        void waits_as_long_as_the_node_says_and_for_no_endless_answer() {
            production.answers(found(transaction(NUMBER)).delayed(Duration.ofSeconds(3)));
            assertThat(failure(ours(), NUMBER, "").kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);

            production.answers(new Answer(200, Map.of(), " ".repeat(4 * 1024 * 1024 + 1)));
            assertThat(failure(ours(), NUMBER, "").getMessage()).contains("too long");
        }
    }

    @Nested
    class A_receipt {
        private final Instant earlier = FakeApple.NOW.minusSeconds(60);

        private void productionAnswers(JsonObjectBuilder answer) {
            production.answers(json(200, answer));
        }

        @Test
        void has_the_purchase_that_the_number_names_wherever_it_stands() {
            productionAnswers(receipt(
                    "Production",
                    Duration.ZERO,
                    bought("1000000001", earlier),
                    bought(NUMBER, FakeApple.NOW).add("quantity", "3").add("app_account_token", FakeApple.TOKEN)));

            var purchase = verify(ours(), NUMBER, RECEIPT).orElseThrow();

            assertThat(purchase.transactionId()).isEqualTo(NUMBER);
            assertThat(purchase.subscription()).isFalse();
            assertThat(purchase.environment()).isEqualTo("Production");
            assertThat(purchase.paid().attemptNo()).isEqualTo(FakeApple.ATTEMPT);
            assertThat(purchase.paid().paidAt()).isEqualTo(FakeApple.NOW);
            assertThat(purchase.paid().details().goods()).isEqualTo(AppleProducts.goods("coins60", 3));
            assertThat(purchase.paid().details().price()).isNull();
            var request = production.requests().get(0);
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/verifyReceipt");
            assertThat(body(request).getString("receipt-data")).isEqualTo(RECEIPT);
            assertThat(body(request).getString("password")).isEqualTo(FakeApple.PASSWORD);
        }

        @Test
        void without_a_number_has_the_purchase_with_the_token_of_the_order() {
            productionAnswers(receipt(
                    "Production",
                    Duration.ZERO,
                    bought("1000000001", FakeApple.NOW),
                    bought(NUMBER, earlier).add("app_account_token", FakeApple.TOKEN.toUpperCase(Locale.ROOT)),
                    bought("1000000002", FakeApple.NOW)));

            assertThat(ordered("coins60")).isEqualTo(NUMBER);
        }

        @Test
        void without_a_number_has_the_purchase_of_the_goods_of_the_order() {
            productionAnswers(receipt(
                    "Production",
                    Duration.ZERO,
                    bought("1000000001", FakeApple.NOW).add("product_id", "film"),
                    bought(NUMBER, earlier),
                    bought("1000000002", FakeApple.NOW).add("quantity", "2"),
                    bought("1000000003", FakeApple.NOW)
                            .add("app_account_token", "00000000-0000-4000-8000-000000000001")));

            assertThat(ordered("coins60")).isEqualTo(NUMBER);
        }

        @Test
        void without_a_number_has_the_only_purchase_whatever_it_is_of() {
            productionAnswers(receipt("Production", Duration.ZERO, bought(NUMBER, earlier)));

            assertThat(ordered("film")).isEqualTo(NUMBER);
            assertThat(verify(ours(), "", RECEIPT).orElseThrow().transactionId())
                    .isEqualTo(NUMBER);
        }

        @Test
        void without_a_number_is_refused_if_several_purchases_can_be_meant() {
            productionAnswers(
                    receipt("Production", Duration.ZERO, bought("1000000001", earlier), bought(NUMBER, FakeApple.NOW)));

            assertThat(refusal(ours(), "", RECEIPT)).contains("2 purchases", "transaction_identifier");
            assertThat(catchThrowableOfType(Problem.class, () -> ordered("coins60"))
                            .type())
                    .isEqualTo(ProblemType.PURCHASE_NOT_VERIFIED);
            assertThat(verify(ours(), NUMBER, RECEIPT)).isPresent();
        }

        @Test
        void without_a_number_may_have_the_same_purchase_twice() {
            productionAnswers(receipt(
                            "Production",
                            Duration.ZERO,
                            bought(NUMBER, earlier),
                            bought("1000000009", FakeApple.NOW).add("original_transaction_id", NUMBER))
                    .add("latest_receipt_info", Json.createArrayBuilder().add(bought(NUMBER, earlier))));

            assertThat(ordered("coins60")).isEqualTo(NUMBER);
        }

        private String ordered(String product) {
            var goods = AppleProducts.goods(product, 1);
            return provider.verify(ours(), new Proof(ORDER, FakeApple.ATTEMPT, goods, "", RECEIPT))
                    .orElseThrow()
                    .transactionId();
        }

        @Test
        void has_the_newer_state_of_a_purchase_in_the_second_list() {
            var period = bought(NUMBER, earlier)
                    .add("expires_date_ms", FakeApple.millis(FakeApple.NOW.plusSeconds(3600)))
                    .build();
            productionAnswers(receipt("Production", Duration.ZERO, Json.createObjectBuilder(period))
                    .add(
                            "latest_receipt_info",
                            Json.createArrayBuilder()
                                    .add(Json.createObjectBuilder(period)
                                            .add("cancellation_date_ms", FakeApple.millis(FakeApple.NOW)))));

            assertThat(verify(ours(), NUMBER, RECEIPT).orElseThrow().paid().wentBack())
                    .isEqualTo(WentBack.ALL);
        }

        @Test
        void with_a_plan_that_was_replaced_says_that_it_was_paid() {
            var replaced = bought(NUMBER, earlier)
                    .add("expires_date_ms", FakeApple.millis(FakeApple.NOW.plusSeconds(3600)))
                    .add("cancellation_date_ms", FakeApple.millis(FakeApple.NOW))
                    .add("is_upgraded", "true");
            productionAnswers(receipt("Production", Duration.ZERO, replaced));

            var purchase = verify(ours(), NUMBER, RECEIPT).orElseThrow();

            assertThat(purchase.paid().wentBack()).isEqualTo(WentBack.NOTHING);
            assertThat(purchase.returned()).isEmpty();
        }

        @Test
        void that_Apple_cannot_read_is_refused_after_a_repetition() {
            productionAnswers(Json.createObjectBuilder().add("status", 21002));

            var problem = catchThrowableOfType(Problem.class, () -> verify(ours(), NUMBER, RECEIPT));

            assertThat(problem.type()).isEqualTo(ProblemType.PURCHASE_NOT_VERIFIED);
            assertThat(problem.getMessage()).contains("21002");
            assertThat(problem.isAfterAnswer()).isTrue();
            assertThat(production.requests()).hasSize(2);
        }

        @Test
        void is_read_if_Apple_was_busy_once() {
            var first = new AtomicBoolean(true);
            production.answers(request -> json(
                    200,
                    first.getAndSet(false)
                            ? Json.createObjectBuilder().add("status", 21002)
                            : receipt("Production", Duration.ZERO, bought(NUMBER, earlier))));

            assertThat(verify(ours(), NUMBER, RECEIPT)).isPresent();
        }

        @Test
        void with_the_wrong_password_is_a_refusal_for_the_merchant_alone() {
            productionAnswers(Json.createObjectBuilder().add("status", 21004));

            var failure = failure(ours(), NUMBER, RECEIPT);

            assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
            assertThat(failure.providerCode()).isEqualTo("21004");
            var refused = ProviderCalls.problem(provider, PaymentProvider.Call.QUERY, failure);
            assertThat(refused.type()).isEqualTo(ProblemType.PROVIDER_REFUSED);
            assertThat(refused.message(Locale.ENGLISH)).contains("password");
            assertThat(refused.forClient().message(Locale.ENGLISH)).doesNotContain("password");
        }

        @Test
        void in_two_environments_has_one_deadline() {
            var slow = Duration.ofMillis(1_900);
            production.answers(
                    json(200, Json.createObjectBuilder().add("status", 21007)).delayed(slow));
            sandbox.answers(
                    json(200, Json.createObjectBuilder().add("status", 21002)).delayed(slow));
            var account = ours(node().add("timeout", 2_000));
            var began = System.nanoTime();

            var failure = failure(account, NUMBER, RECEIPT); // the third exchange would end after 6 s

            assertThat(failure.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(5_800));
        }

        @Test
        void has_payments_of_subscriptions_in_another_list() {
            var renewal = bought(NUMBER, FakeApple.NOW)
                    .add("original_transaction_id", "1000000001")
                    .add("expires_date_ms", FakeApple.millis(FakeApple.NOW.plusSeconds(3600)))
                    .add("web_order_line_item_id", "1000000077");
            productionAnswers(receipt("Production", Duration.ZERO)
                    .add("latest_receipt_info", Json.createArrayBuilder().add(renewal)));

            var purchase = verify(ours(), NUMBER, RECEIPT).orElseThrow();

            assertThat(purchase.firstTransactionId()).isEqualTo("1000000001");
            assertThat(purchase.renewal()).isTrue();
        }

        @Test
        void with_a_restored_purchase_has_it_under_the_original_number() {
            productionAnswers(receipt(
                    "Production",
                    Duration.ZERO,
                    bought(NUMBER, FakeApple.NOW)
                            .add("original_transaction_id", "1000000001")
                            .add("original_purchase_date_ms", FakeApple.millis(earlier))));

            var purchase = verify(ours(), NUMBER, RECEIPT).orElseThrow();

            assertThat(purchase.transactionId()).isEqualTo("1000000001");
            assertThat(purchase.paid().paidAt()).isEqualTo(earlier);
        }

        @Test
        void with_a_restored_subscription_has_each_payment_under_its_first_number() {
            var period = bought("1000000009", earlier)
                    .add("original_transaction_id", "1000000001")
                    .add("expires_date_ms", FakeApple.millis(FakeApple.NOW.plusSeconds(3600)))
                    .add("web_order_line_item_id", "1000000077")
                    .build();
            productionAnswers(receipt(
                    "Production",
                    Duration.ZERO,
                    Json.createObjectBuilder(period).add("transaction_id", NUMBER),
                    Json.createObjectBuilder(period)));

            assertThat(verify(ours(), NUMBER, RECEIPT).orElseThrow().transactionId())
                    .isEqualTo("1000000009");
        }

        @Test
        void says_what_was_taken_back() {
            productionAnswers(receipt(
                    "Production",
                    Duration.ZERO,
                    bought(NUMBER, FakeApple.NOW).add("cancellation_date_ms", FakeApple.millis(FakeApple.NOW))));

            assertThat(verify(ours(), NUMBER, RECEIPT).orElseThrow().paid().wentBack())
                    .isEqualTo(WentBack.ALL);
        }

        @Test
        void of_a_family_member_is_refused() {
            productionAnswers(receipt(
                    "Production",
                    Duration.ZERO,
                    bought(NUMBER, FakeApple.NOW).add("in_app_ownership_type", "FAMILY_SHARED")));

            assertThat(refusal(ours(), NUMBER, RECEIPT)).contains("FAMILY_SHARED");
        }

        @Test
        void of_the_sandbox_is_verified_there() {
            productionAnswers(Json.createObjectBuilder().add("status", 21007));
            sandbox.answers(json(200, receipt("Sandbox", Duration.ZERO, bought(NUMBER, FakeApple.NOW))));

            assertThat(verify(ours(), NUMBER, RECEIPT).orElseThrow().environment())
                    .isEqualTo("Sandbox");
            assertThat(refusal(ours(node().add("acceptSandbox", false)), NUMBER, RECEIPT))
                    .contains("acceptSandbox");
        }

        @Test
        void of_production_does_not_count_in_an_account_of_the_sandbox() {
            sandbox.answers(json(200, Json.createObjectBuilder().add("status", 21008)));

            assertThat(refusal(ours(node().add("sandbox", true)), NUMBER, RECEIPT))
                    .contains("sandbox true");
            assertThat(production.requests()).isEmpty();
        }

        @Test
        void of_another_app_is_refused() {
            productionAnswers(receipt("Production", Duration.ZERO)
                    .add("receipt", Json.createObjectBuilder().add("bundle_id", "com.example.other")));

            assertThat(refusal(ours(), NUMBER, RECEIPT)).contains("com.example.other", FakeApple.BUNDLE);
        }

        @Test
        void that_is_old_and_does_not_have_the_purchase_is_no_error() {
            productionAnswers(receipt("Production", Duration.ofSeconds(86_401), bought("1000000001", earlier)));
            assertThat(verify(ours(), NUMBER, RECEIPT)).isEmpty();
            assertThat(verify(ours(), "1000000001", RECEIPT)).isPresent(); // a genuine one counts at any age

            productionAnswers(receipt("Production", Duration.ofSeconds(86_399)));
            assertThat(refusal(ours(), NUMBER, RECEIPT)).contains(NUMBER);
            assertThat(refusal(ours(), "", RECEIPT)).contains("no purchase");
            assertThat(verify(ours(node().add("receiptExpiresIn", 0)), NUMBER, RECEIPT))
                    .isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"21003, not authentic", "21006, iOS 6", "21010, account", "21100, does not help"})
        void that_Apple_does_not_confirm_is_refused(int status, String words) {
            productionAnswers(Json.createObjectBuilder().add("status", status));

            assertThat(refusal(ours(), NUMBER, RECEIPT)).contains(Integer.toString(status), words);
        }

        @ParameterizedTest
        @ValueSource(ints = {21000, 21005, 21009, 21199, 29999})
        void is_not_refused_because_Apple_cannot_answer(int status) {
            productionAnswers(Json.createObjectBuilder().add("status", status).add("is-retryable", "1"));

            var failure = failure(ours(), NUMBER, RECEIPT);

            assertThat(failure.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
            assertThat(failure.providerCode()).isEqualTo(Integer.toString(status));
        }

        @Test
        void is_not_refused_because_of_an_answer_of_a_proxy() {
            for (Function<Request, Answer> answer : List.<Function<Request, Answer>>of(
                    r -> Answer.page(200),
                    r -> Answer.page(502),
                    r -> new Answer(200, Map.of(), "{}"),
                    r -> Answer.hangUp())) {
                production.answers(answer);
                assertThat(failure(ours(), NUMBER, RECEIPT).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
            }
        }

        @Test
        void is_base64() {
            assertThat(refusal(ours(), NUMBER, "{\"a\":1}")).contains("Base64");
            assertThat(production.requests()).isEmpty();
        }
    }

    @Nested
    class A_request_for_how_a_purchase_was_used {
        private final Purchase purchase = bySignature(transaction(NUMBER));

        @Test
        void is_not_answered_unless_the_merchant_allows_it() {
            assertThat(provider.answerUsage(ours(), purchase, Optional.of(true)))
                    .isFalse();
            assertThat(production.requests()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"true, DELIVERED", "false, UNDELIVERED_OTHER"})
        void is_answered_with_what_is_known(boolean delivered, String status) {
            production.answers(new Answer(202, Map.of(), ""));
            var node = node().add("answerConsumptionRequests", true);

            assertThat(provider.answerUsage(ours(node), purchase, Optional.of(delivered)))
                    .isTrue();

            var request = production.requests().get(0);
            assertThat(request.method()).isEqualTo("PUT");
            assertThat(request.path()).isEqualTo("/inApps/v2/transactions/consumption/" + NUMBER);
            assertThat(body(request))
                    .isEqualTo(Json.createObjectBuilder()
                            .add("customerConsented", true)
                            .add("deliveryStatus", status)
                            .add("sampleContentProvided", false)
                            .build());
        }

        @Test
        void is_not_answered_if_nothing_is_known() {
            var node = node().add("answerConsumptionRequests", true);

            assertThat(provider.answerUsage(ours(node), purchase, Optional.empty()))
                    .isFalse();
            assertThat(production.requests()).isEmpty();
        }

        @Test
        void fails_if_Apple_cannot_answer() {
            production.answers(error(500, 5000001));
            var node = node().add("answerConsumptionRequests", true);

            assertThatThrownBy(() -> provider.answerUsage(ours(node), purchase, Optional.of(true)))
                    .isInstanceOf(ProviderFailure.class);
        }
    }
}
