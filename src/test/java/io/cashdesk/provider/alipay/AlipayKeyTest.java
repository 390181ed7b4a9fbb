package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.provider.Creates;
import io.cashdesk.provider.ProviderServer.Said;
import io.cashdesk.provider.Recorded;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An account with Alipay's public key. */
class AlipayKeyTest extends AlipayProductContract {
    @Override
    protected JsonObject node() {
        return Json.createObjectBuilder(super.node())
                .add("alipayPublicKey", Recorded.text("alipay/alipay-public.key"))
                .build();
    }

    @Test
    void refuses_the_applications_own_public_key_in_place_of_alipays() {
        var mixedUp = with("alipayPublicKey", Recorded.text("alipay/application-public.key"));

        assertThatThrownBy(() -> provider().check(settings(mixedUp, gateway(server.address()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("own public key");
    }

    @Test
    void refuses_a_node_with_no_key_of_alipays() {
        var none = Json.createObjectBuilder(node()).remove("alipayPublicKey").build();

        assertThatThrownBy(() -> provider().check(settings(none, gateway(server.address()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("alipayPublicKey");
    }

    @Test
    void reads_an_answer_that_was_signed_before_its_slashes_were_escaped() {
        var plain = "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                + "\",\"qr_code\":\"https://qr.alipay.com/bax0\"}";
        var sign = Recorded.sign(plain, Recorded.text("alipay/alipay-private.key"));
        server.answers(new Said(
                200,
                Map.of("Content-Type", "text/html;charset=utf-8"),
                "{\"alipay_trade_precreate_response\":" + plain.replace("/", "\\/") + ",\"sign\":\"" + sign + "\"}"));

        var prompt = ((Creates) provider()).create(account(), request());

        assertThat(prompt.orderInfo().asJsonObject().getString("codeUrl")).isEqualTo("https://qr.alipay.com/bax0");
    }
}
