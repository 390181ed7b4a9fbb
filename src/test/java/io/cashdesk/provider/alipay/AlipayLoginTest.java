package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.PayType;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.WireTest;
import org.junit.jupiter.api.Test;

/** Openids from login codes. */
class AlipayLoginTest extends WireTest<AlipayWire> {
    AlipayLoginTest() {
        super(new AlipayWire(AlipayWire.Keys.PUBLIC_KEY));
    }

    @Test
    void an_openid_is_requested_with_a_login_code() {
        server.answers(
                wire.answers("{\"user_id\":\"2088000000000003\",\"access_token\":\"t\",\"expires_in\":\"3600\"}"));

        var openid = wire.provider().openid(account(), PayType.of("alipay_mp-alipay"), "c0de");

        assertThat(AlipayWire.fields(lastRequest()))
                .containsEntry("method", "alipay.system.oauth.token")
                .containsEntry("grant_type", "authorization_code")
                .containsEntry("code", "c0de");
        assertThat(openid.openid()).isEqualTo("2088000000000003");
    }

    @Test
    void a_wrong_login_code_is_declined() {
        server.answers(wire.refusal("isv.code-invalid"));

        assertThat(failure(() -> wire.provider().openid(account(), PayType.of("alipay_mp-alipay"), "c0de"))
                        .kind())
                .isEqualTo(Kind.DECLINED);
    }
}
