package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.Client;
import io.cashdesk.provider.PayType;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which product is chosen for a payer. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayProductTest {
    final WxpayProvider provider = new WxpayProvider();

    @ParameterizedTest
    @CsvSource({
        // platform, user agent, pc, code, payment code, app as page
        "h5, '', false, false, false, false, wxpay_h5",
        "h5, 'Mozilla/5.0 (iPhone) Mobile', false, false, false, false, wxpay_mweb",
        "h5, 'Mozilla/5.0 (iPhone) Mobile', true, false, false, false, wxpay_h5",
        "h5, 'Mozilla/5.0 (iPhone) Mobile MicroMessenger/8', false, false, false, false, wxpay_h5-weixin",
        "h5, 'Mozilla/5.0 (iPhone) Mobile wxwork MicroMessenger/8', false, false, false, false, wxpay_mweb",
        "h5, 'Mozilla/5.0 WindowsWechat MicroMessenger/7', false, false, false, false, wxpay_h5",
        "h5-weixin, '', false, false, false, false, wxpay_h5-weixin",
        "mp-weixin, '', false, false, false, false, wxpay_mp-weixin",
        "mp-weixin, '', false, true, false, false, wxpay_h5",
        "app-plus, '', false, false, false, false, wxpay_app-plus",
        "app-plus, '', false, true, true, false, wxpay_codepay",
    })
    void is_chosen_by_platform_and_browser(
            String platform, String ua, boolean pc, boolean code, boolean paymentCode, boolean asPage, String product) {
        var client = new Client(platform, ua, pc, code, paymentCode, asPage);

        assertThat(provider.payType(client)).hasToString(product);
        assertThat(provider.products()).containsKey(PayType.of(product));
    }

    @ParameterizedTest
    @ValueSource(strings = {"100000000000000001", "159999999999999999"})
    void recognises_its_own_payment_codes(String code) {
        assertThat(provider.recognises(code)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"160000000000000000", "10000000000000000", "2800000000000000", "x"})
    void does_not_recognise_other_codes(String code) {
        assertThat(provider.recognises(code)).isFalse();
    }
}
