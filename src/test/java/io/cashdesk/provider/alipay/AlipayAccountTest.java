package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A merchant's configuration with either kind of keys. */
@ParameterizedClass
@EnumSource
class AlipayAccountTest extends WireTest<AlipayWire> {
    AlipayAccountTest(AlipayWire.Keys keys) {
        super(new AlipayWire(keys));
    }

    @Test
    void accepts_a_private_key_in_pem() {
        var pem = with(
                "privateKey",
                "-----BEGIN PRIVATE KEY-----\\n" + Recorded.text("alipay/application-private.key")
                        + "\\n-----END PRIVATE KEY-----\\n");

        wire.provider().check(account(pem));
    }

    @Test
    void uses_the_sandbox_gateway_if_it_is_configured() {
        var sandbox = Json.createObjectBuilder(wire.node()).add("sandbox", true).build();

        wire.provider().check(settings(sandbox, wire.provider().configuration().gateway()));

        assertThat(AlipaySdk.address(
                        settings(sandbox, wire.provider().configuration().gateway())))
                .contains("alipaydev.com");
        assertThat(AlipaySdk.address(
                        settings(wire.node(), wire.provider().configuration().gateway())))
                .isEqualTo("https://openapi.alipay.com/gateway.do");
    }

    @Test
    void without_a_seller_the_application_is_the_merchant() {
        var without =
                account(Json.createObjectBuilder(wire.node()).remove("mchId").build());

        assertThat(wire.provider().identity(without).merchantNo()).isEqualTo("2021000000000001");
        assertThat(wire.provider().read(without, wire.paid()).report())
                .get()
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        p -> assertThat(p.merchantNo()).isEqualTo("2021000000000001"));
    }

    @ParameterizedTest
    @CsvSource({"appId, ''", "appId, wx1", "mchId, shop", "privateKey, ''", "privateKey, nonsense"})
    void refuses_an_invalid_value_and_names_its_key(String key, String value) {
        assertThatThrownBy(() -> wire.provider().check(account(with(key, value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @CsvSource({"a, true", "A_9, true", "a-b, false", "a|b, false", "'', false", "订单, false"})
    void accepts_order_numbers_of_alipays_format(String number, boolean fits) {
        assertThat(wire.provider().fits(number)).isEqualTo(fits);
        assertThat(wire.provider().fits("a".repeat(64))).isTrue();
        assertThat(wire.provider().fits("a".repeat(65))).isFalse();
    }
}
