package io.cashdesk.payment;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PaymentWayTest {
    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    @Test
    void a_client_gets_the_address_to_pay_at_and_not_the_merchants_numbers() {
        var whole = json("""
                {"code":0,"orderInfo":{"returnCode":"SUCCESS","appid":"wx1","mchId":"1600","subMchId":"1900","sign":"A",
                "nonceStr":"n","prepayId":"p","tradeType":"MWEB","codeUrl":"weixin://1","mwebUrl":"https://wx/1"}}""");

        assertThat(PaymentWay.forClient(whole)).isEqualTo(json("""
                {"code":0,"orderInfo":{"codeUrl":"weixin://1","mwebUrl":"https://wx/1","prepayId":"p","tradeType":"MWEB"}}"""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"orderInfo\":\"app_id=1&sign=2\"}",
                "{\"orderInfo\":{\"appId\":\"wx1\",\"paySign\":\"s\"}}",
                "{\"orderInfo\":{\"codeUrl\":\"weixin://1\"}}"
            })
    void what_the_wallet_needs_stays_whole(String answer) {
        assertThat(PaymentWay.forClient(json(answer))).isEqualTo(json(answer));
    }
}
