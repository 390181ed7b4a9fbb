package io.cashdesk.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PayTypeTest {
    @ParameterizedTest
    @CsvSource({"maple_h5, maple, h5", "maple-virtual_mp-maple, maple-virtual, mp-maple", "maple_a_b, maple, a_b"})
    void is_written_as_provider_and_product(String text, String provider, String product) {
        var payType = PayType.of(text);

        assertThat(payType).isEqualTo(new PayType(new ProviderName(provider), product));
        assertThat(payType).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "maple", "maple_", "_h5", "Maple_h5"})
    void is_nothing_else(String text) {
        assertThatThrownBy(() -> PayType.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
