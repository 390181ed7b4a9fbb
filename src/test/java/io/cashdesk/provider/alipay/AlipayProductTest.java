package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.Client;
import io.cashdesk.provider.PayType;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayProductTest {
    final AlipayProvider provider = new AlipayProvider();

    @ParameterizedTest
    @CsvSource({
        // platform, user agent, pc, code, payment code, app as page
        "h5, '', false, false, false, false, alipay_h5",
        "h5, 'Mozilla/5.0 (iPhone) Mobile', false, false, false, false, alipay_h5",
        "h5, 'Mozilla/5.0 (iPhone) Mobile AlipayClient/10', false, false, false, false, alipay_h5",
        "mp-alipay, '', false, false, false, false, alipay_mp-alipay",
        "mp-alipay, '', false, true, false, false, alipay_h5",
        "app-plus, '', false, false, false, false, alipay_app-plus",
        "app-plus, '', false, false, false, true, alipay_h5",
        "h5, '', false, false, true, false, alipay_codepay",
    })
    void fits_what_the_payer_holds_in_his_hands(
            String platform, String ua, boolean pc, boolean code, boolean paymentCode, boolean asPage, String product) {
        var client = new Client(platform, ua, pc, code, paymentCode, asPage);

        assertThat(provider.payType(client)).hasToString(product);
        assertThat(provider.products()).containsKey(PayType.of(product));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2500000000000000", "309999999999999999999999", "fp123456789012345678901234567890123"})
    void is_taken_from_its_own_payment_codes(String code) {
        assertThat(provider.recognises(code)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"250000000000000", "3100000000000000", "100000000000000001"})
    void is_not_taken_from_other_codes(String code) {
        assertThat(provider.recognises(code)).isFalse();
    }
}
