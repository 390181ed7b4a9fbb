package io.cashdesk.face.vk;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.idempotency.ApiDialect.Asked;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EnvelopeDialectTest {
    private static Asked asked(String action, String data) {
        var body = "{\"action\":\"" + action + "\",\"data\":" + data + "}";
        return new EnvelopeDialect()
                .read("/http/vk-pay", body.getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"pid\":\"flat\"} | flat",
                "{\"data\":{\"pid\":\"nested\"}} | nested",
                "{\"pid\":\"flat\",\"data\":{\"pid\":\"nested\"}} | flat",
                "{\"pid\":\"\",\"data\":{\"pid\":\"nested\"}} | nested",
                "{\"pid\":\"flat\",\"data\":{\"pid\":\"\"}} | flat",
                "{\"pid\":\"\",\"data\":{\"pid\":\"\"}} |"
            })
    void the_key_belongs_to_the_merchant_that_the_payment_is_for(String data, String pid) {
        assertThat(asked("pay/createPayment", data)).isEqualTo(new Asked("vk-pay/createPayment", pid));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"pid\":\"\"}", "{\"pid\":null}", "{\"data\":{\"pid\":\"nested\"}}"})
    void a_refund_that_names_nobody_is_the_keys_own_merchants(String data) {
        assertThat(asked("refund", data)).isEqualTo(new Asked("vk-pay/refund", null));
    }

    @Test
    void a_refund_names_its_merchant_flat() {
        assertThat(asked("pay/refund", "{\"pid\":\"flat\"}")).isEqualTo(new Asked("vk-pay/refund", "flat"));
    }
}
