package io.cashdesk.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Mode;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderName;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import java.io.StringReader;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OnBehalfTest {
    private static final String LISTED = "[\"1600000002\"]";

    private static PaymentProvider provider(String field) {
        return (PaymentProvider) Proxy.newProxyInstance(
                OnBehalfTest.class.getClassLoader(),
                new Class<?>[] {PaymentProvider.class},
                (proxy, method, arguments) -> method.getName().equals("name") ? new ProviderName("tiny") : field);
    }

    private static JsonBody body(String json) {
        return JsonBody.parse(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static Optional<LocalizedText> refusal(String subMerchants, Mode mode, SubMerchant sub, String field) {
        var values = Json.createObjectBuilder().add("mchId", "1600000001");
        if (subMerchants != null) {
            try (var reader = Json.createReader(new StringReader(subMerchants))) {
                values.add("subMerchants", reader.readArray());
            }
        }
        var account = new AccountSettings(
                UUID.randomUUID(),
                1,
                new ProviderName("tiny"),
                "h5",
                values.build(),
                URI.create("https://tiny.example"));
        return OnBehalf.refusal(provider(field), account, mode, sub);
    }

    private static SubMerchant sub(String mchId) {
        return new SubMerchant(mchId, "", "");
    }

    @Test
    void a_service_providers_node_needs_a_sub_merchant_that_it_lists() {
        assertThat(refusal(LISTED, Mode.LIVE, SubMerchant.NONE, "sub_mchid"))
                .get()
                .satisfies(s -> assertThat(s.en()).contains("must name one of them in sub_mchid"))
                .satisfies(s -> assertThat(s.zh()).contains("必须用 sub_mchid"));
        assertThat(refusal(LISTED, Mode.LIVE, sub("1600000003"), "sub_mchid"))
                .get()
                .satisfies(s -> assertThat(s.en()).isEqualTo("sub_mchid 1600000003 is not among its subMerchants"));
        assertThat(refusal(LISTED, Mode.LIVE, sub("1600000002"), "sub_mchid")).isEmpty();
    }

    @Test
    void a_test_account_may_also_collect_for_itself() {
        assertThat(refusal(LISTED, Mode.TEST, SubMerchant.NONE, "sub_mchid")).isEmpty();
        assertThat(refusal(LISTED, Mode.TEST, sub("1600000003"), "sub_mchid")).isPresent();
    }

    @Test
    void a_node_without_a_list_takes_any_sub_merchant_but_itself() {
        assertThat(refusal(null, Mode.LIVE, SubMerchant.NONE, "sub_mchid")).isEmpty();
        assertThat(refusal(null, Mode.LIVE, sub("1600000003"), "sub_mchid")).isEmpty();
        assertThat(refusal(null, Mode.LIVE, sub("1600000001"), "sub_mchid")).isPresent();
        assertThat(refusal("[]", Mode.LIVE, SubMerchant.NONE, "sub_mchid")).isEmpty();
        assertThat(refusal("[]", Mode.LIVE, sub("1600000003"), "sub_mchid")).isPresent();
    }

    @Test
    void a_sub_merchant_that_the_provider_would_not_be_told_is_refused() {
        assertThat(refusal(null, Mode.LIVE, sub("1600000003"), "app_auth_token"))
                .get()
                .satisfies(s -> assertThat(s.en()).contains("app_auth_token"));
        assertThat(refusal(null, Mode.LIVE, new SubMerchant("1600000003", "", "token"), "app_auth_token"))
                .isEmpty();
        assertThat(refusal(null, Mode.LIVE, new SubMerchant("", "", "token"), "sub_mchid"))
                .get()
                .satisfies(s -> assertThat(s.en()).contains("sub_mchid"));
    }

    @Test
    void each_provider_receives_its_own_field_of_an_order() {
        var both = new SubMerchant("1600000003", "wx1", "token");

        assertThat(OnBehalf.of(provider("sub_mchid"), both)).isEqualTo(new SubMerchant("1600000003", "wx1", ""));
        assertThat(OnBehalf.of(provider("app_auth_token"), both)).isEqualTo(new SubMerchant("", "", "token"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sub_mchid\": null}",
                "{\"sub_mchid\": \"\"}",
                "{\"sub_mchid\": \" \"}",
                "{\"sub_appid\": null}",
                "{\"app_auth_token\": \"\"}"
            })
    void a_field_without_a_value_is_refused(String json) {
        assertThatThrownBy(() -> OnBehalf.refuseEmpty(body(json)))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.FIELD));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"sub_mchid\": \"16000x\"}; data.sub_mchid",
                "{\"sub_mchid\": 1600000002}; data.sub_mchid",
                "{\"sub_mchid\": \"123456789012345678901234567890123\"}; data.sub_mchid",
                "{\"sub_mchid\": \"1600000002\", \"sub_appid\": \"wx 8\"}; data.sub_appid",
                "{\"sub_appid\": \"wx8888888888888888\"}; data.sub_appid"
            })
    void a_malformed_field_is_refused_by_its_name(String json, String named) {
        assertThatThrownBy(() -> OnBehalf.read(
                        body("{\"data\": " + json + "}").object("data").orElseThrow()))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.FIELD))
                .hasMessageContaining(named);
    }
}
