package io.cashdesk.provider.appleiap;

import static io.cashdesk.provider.appleiap.FakeApple.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.apple.itunes.storekit.model.Environment;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.Prices.Asked;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.SellsInStore.Proof;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WrongNodeValue;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a merchant configures and asks for. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AppleAccountTest {
    private static final PayType PAY_TYPE = PayType.of("appleiap_app-plus");
    private static final URI GATEWAY = URI.create("https://apple.example");

    private final AppleProvider provider = FakeApple.provider();

    @TempDir
    Path directory;

    private LocalizedText refusal(AppleProvider by, JsonObjectBuilder node) {
        var thrown =
                catchThrowableOfType(WrongNodeValue.class, () -> by.check(FakeApple.account(node.build(), GATEWAY)));
        assertThat(thrown).isNotNull();
        assertThat(thrown.sentence().zh()).containsPattern("\\p{IsHan}");
        return thrown.sentence();
    }

    private void refuses(String name, UnaryOperator<JsonObjectBuilder> change) {
        var sentence = refusal(provider, change.apply(node()));

        assertThat(sentence.en()).contains(name).doesNotContainPattern("\\p{IsHan}");
        assertThat(sentence.zh()).contains(name);
    }

    private void accepts(UnaryOperator<JsonObjectBuilder> change) {
        assertThatCode(() ->
                        provider.check(FakeApple.account(change.apply(node()).build(), GATEWAY)))
                .doesNotThrowAnyException();
    }

    @Test
    void of_the_least_is_accepted() {
        accepts(n -> n.remove("issuerId")
                .remove("keyId")
                .remove("privateKey")
                .remove("password")
                .remove("timeout"));
        accepts(n -> n.add("sandbox", true).remove("appAppleId"));
        accepts(n ->
                n.add("appAppleId", "1234567890").add("receiptExpiresIn", "0").add("timeout", 60000));
    }

    @ParameterizedTest
    @CsvSource({
        "bundleId, ''",
        "bundleId, com example",
        "appAppleId, com.example.shop",
        "appAppleId, ''",
        "appAppleId, 0",
        "password, two words",
        "issuerId, 12345",
        "issuerId, ''",
        "keyId, ''",
        "keyId, a b",
        "privateKey, ''",
        "privateKey, nonsense",
        "rootCertificates, nonsense",
        "timeout, 999",
        "timeout, 60001",
        "timeout, soon",
        "receiptExpiresIn, -1",
        "sandbox, 'true'",
        "acceptSandbox, 'no'",
        "answerConsumptionRequests, 'yes'"
    })
    void with_a_wrong_value_is_refused_by_name(String name, String value) {
        refuses(name, n -> n.add(name, value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bundleId", "password", "issuerId", "keyId", "privateKey", "rootCertificates", "sandboxGateway"})
    void with_a_number_for_a_text_is_refused_by_name(String name) {
        refuses(name, n -> n.add(name, 5));
    }

    @Test
    void with_contradicting_values_is_refused_by_name() {
        refuses("acceptSandbox", n -> n.add("sandbox", true).add("acceptSandbox", false));
        refuses(
                "privateKey",
                n -> n.add("answerConsumptionRequests", true)
                        .remove("issuerId")
                        .remove("keyId")
                        .remove("privateKey"));
        refuses("keyId", n -> n.remove("issuerId").remove("keyId"));
    }

    @Test
    void with_something_else_as_the_private_key_is_told_what_it_is() throws GeneralSecurityException {
        var rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        found(AppleChain.pem(rsa.generateKeyPair().getPrivate()), "RSA");
        found(AppleChain.pem(AppleChain.pair("secp384r1").getPrivate()), "another curve");
        found(FakeApple.CHAIN.rootInPem(), "certificate");
        found(
                "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----",
                "SSH");
        found(
                java.util.Base64.getEncoder()
                        .encodeToString(FakeApple.API_KEY.getPublic().getEncoded()),
                "public key");
    }

    private void found(String key, String what) {
        assertThat(refusal(provider, node().add("privateKey", key)).en()).contains("privateKey", ".p8", what);
    }

    @Test
    void may_have_the_private_key_without_its_armour() {
        var bare = java.util.Base64.getEncoder()
                .encodeToString(FakeApple.API_KEY.getPrivate().getEncoded());

        accepts(n -> n.add("privateKey", bare));
    }

    // root certificates

    @Test
    void in_live_mode_takes_no_root_certificates_of_its_own() {
        assertThat(refusal(FakeApple.provider(Map.of()), node()).en())
                .contains("rootCertificates", "CASHDESK_APPLE_ROOTS");
    }

    @Test
    void in_live_mode_needs_the_servers_root_certificates() {
        var sentence = refusal(FakeApple.provider(Map.of()), node().remove("rootCertificates"));

        assertThat(sentence.en()).contains("CASHDESK_APPLE_ROOTS", "https://www.apple.com/certificateauthority/");
        assertThat(sentence.zh()).contains("CASHDESK_APPLE_ROOTS", "https://www.apple.com/certificateauthority/");
    }

    @Test
    void in_live_mode_is_verified_by_the_servers_root_certificates() throws IOException {
        var file = Files.writeString(directory.resolve("roots.pem"), FakeApple.CHAIN.rootInPem());
        var server =
                FakeApple.provider(Map.of("CASHDESK_APPLE_ROOTS", file.toString(), "CASHDESK_DEVELOPMENT", "true"));
        var account = FakeApple.account(node().remove("rootCertificates").build(), GATEWAY);

        assertThat(server.verify(account, new Proof("T1", "", FakeApple.signed(FakeApple.transaction("2000000001")))))
                .isPresent();
    }

    @Test
    void in_test_mode_trusts_the_simulators_root_alone() throws IOException {
        var file = Files.writeString(directory.resolve("roots.pem"), FakeApple.CHAIN.rootInPem());
        var server =
                FakeApple.provider(Map.of("CASHDESK_APPLE_ROOTS", file.toString(), "CASHDESK_DEVELOPMENT", "true"));
        var simulator = new AppleChain();
        var account = FakeApple.simulated(
                node().add("rootCertificates", simulator.rootInPem()).build(), GATEWAY);
        var payload = FakeApple.transaction("2000000001").build();

        assertThat(server.verify(account, new Proof("T1", "", simulator.sign(payload))))
                .isPresent();
        assertThat(catchThrowableOfType(
                        Problem.class,
                        () -> server.verify(account, new Proof("T1", "", FakeApple.CHAIN.sign(payload)))))
                .isNotNull();
        var production = FakeApple.provider(Map.of());
        assertThat(production.verify(account, new Proof("T1", "", simulator.sign(payload))))
                .isPresent();
    }

    @Test
    void that_the_server_no_longer_accepts_verifies_nothing() {
        var server = FakeApple.provider(Map.of()); // was a server for development when the node was put
        var account = FakeApple.account(node().build(), GATEWAY);

        var failure = catchThrowableOfType(
                ProviderFailure.class,
                () -> server.verify(
                        account, new Proof("T1", "", FakeApple.signed(FakeApple.transaction("2000000001")))));

        assertThat(failure.providerCode()).isEqualTo("node");
        assertThat(failure.getMessage()).contains("rootCertificates");
    }

    // hosts

    @Test
    void without_a_gateway_goes_to_Apples_hosts() {
        var account = AppleAccount.of(
                FakeApple.account(node().build(), provider.configuration().gateway()), provider.server);

        assertThat(account.api(Environment.PRODUCTION)).isEqualTo("https://api.storekit.apple.com");
        assertThat(account.api(Environment.SANDBOX)).isEqualTo("https://api.storekit-sandbox.apple.com");
        assertThat(account.receipts(Environment.PRODUCTION)).isEqualTo("https://buy.itunes.apple.com");
        assertThat(account.receipts(Environment.SANDBOX)).isEqualTo("https://sandbox.itunes.apple.com");
    }

    @Test
    void with_a_gateway_goes_there_for_everything() {
        var account = AppleAccount.of(FakeApple.account(node().build(), URI.create("https://a.example/x/")), server());

        for (var environment : new Environment[] {Environment.PRODUCTION, Environment.SANDBOX}) {
            assertThat(account.api(environment)).isEqualTo("https://a.example/x");
            assertThat(account.receipts(environment)).isEqualTo("https://a.example/x");
        }
        var two = AppleAccount.of(
                FakeApple.account(
                        node().add("sandboxGateway", "https://b.example/").build(), GATEWAY),
                server());
        assertThat(two.api(Environment.SANDBOX)).isEqualTo("https://b.example");
        assertThat(two.receipts(Environment.SANDBOX)).isEqualTo("https://b.example");
        assertThat(two.api(Environment.PRODUCTION)).isEqualTo(GATEWAY.toString());
    }

    private Settings server() {
        return provider.server;
    }

    @Test
    void shows_no_secret() {
        var account = AppleAccount.of(FakeApple.account(node().build(), GATEWAY), server());

        assertThat(account.toString() + account.apiKey().orElseThrow()).doesNotContain(FakeApple.PASSWORD, "PRIVATE");
    }

    // orders

    @Test
    void gives_an_attempt_a_token_that_StoreKit_takes() {
        var request = new PaymentRequest(
                new AttemptRef(PAY_TYPE, FakeApple.ATTEMPT, SubMerchant.NONE),
                Money.fen(0),
                "x",
                FakeApple.NOW,
                GATEWAY,
                new Payer("", "", Payer.Screen.APP),
                Optional.empty(),
                JsonObject.EMPTY_JSON_OBJECT);

        var prompt = provider.create(FakeApple.account(node().build(), GATEWAY), request)
                .prompt();

        assertThat(prompt.orderInfo())
                .isEqualTo(Json.createObjectBuilder()
                        .add("appAccountToken", FakeApple.TOKEN)
                        .build());
        assertThat(UUID.fromString(prompt.orderInfo().asJsonObject().getString("appAccountToken")))
                .hasToString(FakeApple.TOKEN);
        assertThat(provider.fits(FakeApple.ATTEMPT)).isFalse();
    }

    private JsonObject priced(JsonValue product, Optional<Money> total, JsonObject other) {
        var priced = provider.price(null, new Asked(product, total, other));
        assertThat(priced.total()).isEqualTo(total.orElse(Money.fen(0)));
        return priced.goods();
    }

    @Test
    void has_a_product_and_a_quantity() {
        var two = Json.createObjectBuilder().add("quantity", 2).build();

        assertThat(provider.field()).isEqualTo("productid");
        assertThat(provider.takesTotal()).isTrue();
        assertThat(priced(Json.createValue("coins60"), Optional.empty(), JsonObject.EMPTY_JSON_OBJECT))
                .isEqualTo(AppleProducts.goods("coins60", 1));
        assertThat(priced(Json.createValue("com.example-1.coins_60"), Optional.of(Money.fen(600)), two))
                .isEqualTo(AppleProducts.goods("com.example-1.coins_60", 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "金币", "a/b"})
    void without_a_product_of_Apple_is_refused_by_name(String product) {
        var problem = catchThrowableOfType(
                Problem.class, () -> priced(Json.createValue(product), Optional.empty(), JsonObject.EMPTY_JSON_OBJECT));

        assertThat(problem.message(Locale.ENGLISH)).contains("productid", "App Store Connect");
        for (var value :
                new JsonValue[] {null, JsonValue.NULL, Json.createValue(5), Json.createValue("a".repeat(101))}) {
            assertThat(catchThrowableOfType(
                                    Problem.class, () -> priced(value, Optional.empty(), JsonObject.EMPTY_JSON_OBJECT))
                            .type())
                    .isEqualTo(ProblemType.FIELD);
        }
    }

    private Problem otherRefused(JsonObjectBuilder other) {
        return catchThrowableOfType(
                Problem.class,
                () -> provider.checkInput(
                        null,
                        new CallerInput(
                                PAY_TYPE,
                                new Payer("", "", Payer.Screen.APP),
                                SubMerchant.NONE,
                                Optional.empty(),
                                Optional.empty(),
                                other.build())));
    }

    @Test
    void takes_a_quantity_in_other_and_nothing_else() {
        assertThat(otherRefused(Json.createObjectBuilder().add("quantity", 10))).isNull();
        for (var quantity : new int[] {0, 11, -1}) {
            assertThat(otherRefused(Json.createObjectBuilder().add("quantity", quantity))
                            .message(Locale.ENGLISH))
                    .contains("other.quantity");
        }
        assertThat(otherRefused(Json.createObjectBuilder().add("quantity", "2")).type())
                .isEqualTo(ProblemType.FIELD);
        assertThat(otherRefused(Json.createObjectBuilder().add("appAccountToken", FakeApple.TOKEN))
                        .type())
                .isEqualTo(ProblemType.OTHER_RESERVED);
        assertThat(otherRefused(Json.createObjectBuilder().add("attach", "x")).message(Locale.ENGLISH))
                .contains("other.attach");
    }

    // devices

    @Test
    void is_an_apps_product_on_no_page() {
        var app = new Client("app-plus", "", false, false, false, false);

        assertThat(provider.payType(app)).isEqualTo(PAY_TYPE);
        assertThat(provider.products()).containsOnlyKeys(PAY_TYPE).allSatisfy((payType, rules) -> {
            assertThat(rules.onPages()).isFalse();
            assertThat(rules.keepsExpiry()).isFalse();
        });
        for (var page : new String[] {"h5", "h5-weixin", "mp-weixin"}) {
            assertThat(provider.products())
                    .doesNotContainKey(provider.payType(new Client(page, "", false, false, false, false)));
        }
        assertThat(provider.worksIn(Client.browser("iPhone Mobile Safari"), PAY_TYPE))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) uni-app, true",
        "Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb, true",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Html5Plus/1.0, false",
        "'', false"
    })
    void is_refused_on_a_device_that_is_known_not_to_be_Apples(String agent, boolean refused) {
        var problem = catchThrowableOfType(
                Problem.class,
                () -> provider.checkDevice(null, new Client("app-plus", agent, false, false, false, false)));

        assertThat(problem != null).isEqualTo(refused);
        if (refused) assertThat(problem.type()).isEqualTo(ProblemType.STORE_DEVICE);
    }
}
