package io.cashdesk.simulator.wxpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Launch parameters. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayLaunchTest {
    static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    @Test
    void are_accepted_in_the_documented_form_alone() {
        var good = "{\"appId\":\"wx1\",\"timeStamp\":\"1554208460\",\"nonceStr\":\"n\",\"package\":\"prepay_id=wx2\","
                + "\"signType\":\"RSA\",\"paySign\":\"s\"}";

        assertThat(WxpayLaunch.inWechat(json(good), Set.of("MD5")).prepayId()).isEqualTo("wx2");
        for (var change : new String[] {
            "\"1554208460\"=>1554208460", "prepay_id=wx2=>wx2", "RSA=>SHA1", "\"paySign\":\"s\"=>\"sign\":\"s\""
        }) {
            var at = change.indexOf("=>");
            var bad = good.replace(change.substring(0, at), change.substring(at + 2));
            assertThatThrownBy(() -> WxpayLaunch.inWechat(json(bad), Set.of("MD5")))
                    .isInstanceOf(WxpayWallet.Refused.class);
        }
    }
}
