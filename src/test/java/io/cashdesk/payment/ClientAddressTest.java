package io.cashdesk.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.ApiKey;
import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.Mode;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProductRules;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The payer's address in {@code context}, and what else of it is taken as it comes. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientAddressTest {
    private static Platform platform(String context) {
        try (var reader = Json.createReader(new StringReader(context))) {
            return Platform.of(Optional.of(reader.readObject()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "' 203.0.113.7 ', 203.0.113.7",
        "203.0.113.7:51823, 203.0.113.7",
        "::ffff:203.0.113.7, 203.0.113.7",
        "[2001:DB8::7], 2001:db8::7",
        "[2001:db8::7]:443, 2001:db8::7",
        "2001:db8:0:0:0:0:0:7, 2001:db8::7"
    })
    void an_address_is_written_in_its_usual_form_in_every_spelling_of_the_key(String sent, String meant) {
        for (var key : new String[] {"CLIENTIP", "clientIP", "clientIp"}) {
            assertThat(platform("{\"" + key + "\":\"" + sent + "\"}").clientIp())
                    .isEqualTo(meant);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"203.0.113.7, 198.51.100.1\"",
                "\"unknown\"",
                "\" \"",
                "\"localhost\"",
                "\"203.0.113\"",
                "\"203.0.113.256\"",
                "\"203.0.113.07\"",
                "7",
                "true",
                "{}",
                "[\"203.0.113.7\"]"
            })
    void what_is_no_address_is_refused_by_the_name_of_its_key(String sent) {
        for (var key : new String[] {"CLIENTIP", "clientIP", "clientIp"}) {
            assertThatThrownBy(() -> platform("{\"" + key + "\":" + sent + "}"))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.FIELD))
                    .hasMessageStartingWith("context." + key + " must be");
        }
    }

    @Test
    void a_second_spelling_is_checked_too_and_the_first_one_counts() {
        assertThat(platform("{\"clientIP\":\"203.0.113.8\",\"CLIENTIP\":\"203.0.113.7\"}")
                        .clientIp())
                .isEqualTo("203.0.113.7");
        assertThatThrownBy(() -> platform("{\"CLIENTIP\":\"203.0.113.7\",\"clientIP\":\"unknown\"}"))
                .hasMessageStartingWith("context.clientIP");
    }

    @Test
    void without_one_the_callers_address_is_used_in_its_usual_form() {
        assertThat(platform("{\"CLIENTIP\":null}").clientIp()).isNull();
        assertThat(platform("{\"CLIENTIP\":\"\",\"clientIP\":\"203.0.113.7\"}").clientIp())
                .isEqualTo("203.0.113.7");
        assertThat(platform("{}").orAt("0:0:0:0:0:0:0:1").clientIp()).isEqualTo("::1");
        assertThat(platform("{\"CLIENTIP\":\"203.0.113.7\"}")
                        .orAt("198.51.100.1")
                        .clientIp())
                .isEqualTo("203.0.113.7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"203.0.113.7\"", "\"unknown\"", "7", "{}", "null"})
    void a_payers_own_call_is_at_its_own_address_whatever_it_says(String sent) {
        try (var reader = Json.createReader(new StringReader("{\"CLIENTIP\":" + sent + ",\"APPID\":\"__UNI__1\"}"))) {
            var platform = Platform.ofPayer(Optional.of(reader.readObject()), "198.51.100.1");

            assertThat(platform.clientIp()).isEqualTo("198.51.100.1");
            assertThat(platform.appid()).isEqualTo("__UNI__1");
        }
    }

    @Test
    void a_long_value_is_shown_without_half_of_a_pair() {
        assertThatThrownBy(() -> platform("{\"CLIENTIP\":\"" + "x".repeat(78) + "😀\"}"))
                .hasMessageContaining("x".repeat(78) + "…");
    }

    @Test
    void a_long_user_agent_is_cut_and_other_types_are_ignored() {
        JsonObject context = Json.createObjectBuilder()
                .add("CLIENTUA", "iPhone Mobile " + "😀".repeat(2_000))
                .add("PLATFORM", 7)
                .add("APPID", JsonValue.EMPTY_JSON_OBJECT)
                .build();

        var platform = Platform.of(Optional.of(context));

        assertThat(platform.userAgent()).startsWith("iPhone Mobile 😀").hasSizeLessThanOrEqualTo(1_024);
        assertThat(Character.isHighSurrogate(
                        platform.userAgent().charAt(platform.userAgent().length() - 1)))
                .isFalse();
        assertThat(platform.name()).isEqualTo("h5");
        assertThat(platform.appid()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "LIVE, false, 127.0.0.1, true",
        "LIVE, false, ::1, true",
        "LIVE, false, 0.0.0.0, true",
        "LIVE, false, ::ffff:127.0.0.1, true",
        "LIVE, false, 203.0.113.7, false",
        "LIVE, true, 127.0.0.1, false",
        "TEST, false, 127.0.0.1, false"
    })
    void a_servers_own_address_is_refused_where_a_wallet_compares_it(
            Mode mode, boolean development, String address, boolean refused) {
        var payType = PayType.of("wallet_mweb");
        var products = Map.of(payType, ProductRules.of("mweb").withPayerAddress());
        var provider = (PaymentProvider) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {PaymentProvider.class},
                (proxy, method, arguments) -> products);
        var form = new PaymentCall.Form(false, false, platform("{\"CLIENTIP\":\"" + address + "\"}"));
        var call = new PaymentCall(UUID.randomUUID(), null, provider, Optional.empty(), null, true, form);
        var server = new Authority(mode, ApiKey.Kind.SECRET, List.of());

        if (refused) {
            assertThatThrownBy(() -> call.requirePayerAddress(server, payType, development))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.FIELD))
                    .hasMessageContaining("context.CLIENTIP");
        } else {
            call.requirePayerAddress(server, payType, development);
            assertThat(call.form().platform().clientIp()).isEqualTo(address);
        }
    }
}
