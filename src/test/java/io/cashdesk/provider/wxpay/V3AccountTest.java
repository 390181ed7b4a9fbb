package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A merchant's configuration for API v3. */
class V3AccountTest extends WireTest<V3Wire> {
    V3AccountTest() {
        super(new V3Wire(V3Wire.Keys.PUBLIC_KEY));
    }

    @ParameterizedTest
    @CsvSource({
        "v3Key, too-short",
        "v3Key, ''",
        "mchId, 16000x",
        "mchId, ''",
        "appId, ''",
        "appId, wx 8",
        "appCertContent, ''",
        "appCertContent, nonsense",
        "appPrivateKeyContent, nonsense",
        "appPrivateKeyContent, -----BEGIN RSA PRIVATE KEY-----",
        "wxpayPublicKeyId, 440024045C4A427599D09BB4E3DE0279F2E813FD",
        "wxpayPublicKeyContent, nonsense",
        "version, 1"
    })
    void refuses_an_invalid_value_and_names_its_key(String key, String value) {
        var wrong = Json.createObjectBuilder(wire.node()).add(key, value).build();

        assertThatThrownBy(() -> wire.provider().check(account(wrong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }

    @Test
    void refuses_a_private_key_of_another_certificate() {
        var wrong = with("appPrivateKeyContent", Recorded.text("wxpay/published-key.pem"));

        assertThatThrownBy(() -> wire.provider().check(account(wrong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("appPrivateKeyContent");
    }

    @ParameterizedTest
    @CsvSource({
        "short, false",
        "sixsix, true",
        "A_b-c*d|9, true",
        "with space, false",
        "12345678901234567890123456789012, true",
        "123456789012345678901234567890123, false",
        "dot.dot, false",
        "订单订单订单, false"
    })
    void accepts_order_numbers_of_wechat_pays_format(String number, boolean fits) {
        assertThat(wire.provider().fits(number)).isEqualTo(fits);
    }
}
