package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An account with Alipay's public key. */
class AlipayKeyTest extends WireTest<AlipayWire> {
    AlipayKeyTest() {
        super(new AlipayWire(AlipayWire.Keys.PUBLIC_KEY));
    }

    @Test
    void refuses_the_public_key_of_the_application_as_alipays() {
        var mixedUp = with("alipayPublicKey", Recorded.text("alipay/application-public.key"));

        assertThatThrownBy(() -> wire.provider().check(account(mixedUp)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("own public key");
    }

    @Test
    void refuses_a_node_without_alipays_key() {
        var none =
                Json.createObjectBuilder(wire.node()).remove("alipayPublicKey").build();

        assertThatThrownBy(() -> wire.provider().check(account(none)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("alipayPublicKey");
    }

    @Test
    void reads_an_answer_that_was_signed_before_its_slashes_were_escaped() {
        var plain = "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                + "\",\"qr_code\":\"https://qr.alipay.com/bax0\"}";
        var sign = Recorded.sign(plain, Recorded.text("alipay/alipay-private.key"));
        server.answers(new Answer(
                200,
                Map.of("Content-Type", "text/html;charset=utf-8"),
                "{\"alipay_trade_precreate_response\":" + plain.replace("/", "\\/") + ",\"sign\":\"" + sign + "\"}"));

        var prompt = create(account());

        assertThat(prompt.orderInfo().asJsonObject().getString("codeUrl")).isEqualTo("https://qr.alipay.com/bax0");
    }
}
