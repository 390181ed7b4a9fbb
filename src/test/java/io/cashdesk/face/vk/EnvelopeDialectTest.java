package io.cashdesk.face.vk;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.idempotency.ApiDialect.Call;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EnvelopeDialectTest {
    private static Call call(String action, String data) {
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
    void the_idempotency_key_belongs_to_the_merchant_of_the_payment(String data, String pid) {
        assertThat(call("pay/createPayment", data)).isEqualTo(new Call("vk-pay/createPayment", pid));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"pid\":\"\"}", "{\"pid\":null}", "{\"data\":{\"pid\":\"nested\"}}"})
    void a_refund_without_a_pid_belongs_to_the_merchant_of_the_api_key(String data) {
        assertThat(call("refund", data)).isEqualTo(new Call("vk-pay/refund", null));
    }

    @Test
    void a_refunds_pid_is_read_from_the_flat_form() {
        assertThat(call("pay/refund", "{\"pid\":\"flat\"}")).isEqualTo(new Call("vk-pay/refund", "flat"));
    }
}
