package io.cashdesk.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OriginalDataTest {
    private final PaymentProvider provider = new TinyProvider("tinypay", 1, client -> false);

    private OriginalData original(String body) {
        return provider.original(
                null, new RawNotification("POST", "", Map.of(), body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void is_the_json_object_that_was_sent() {
        var sent = "{\"id\":\"1\",\"resource\":{\"ciphertext\":\"x\"}}";

        assertThat(original(sent).message()).hasToString(sent);
    }

    @Test
    void is_the_text_of_xml() {
        var sent = "<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>";

        assertThat(((JsonString) original(sent).message()).getString()).isEqualTo(sent);
        assertThat(original(sent).authAppId()).isEmpty();
        assertThat(original(sent).sellerId()).isEmpty();
    }

    @Test
    void is_stored_without_a_token() {
        assertThat(new SubMerchant("", "", "202601BBab62d0e2c9aD7d3b1f2e9c0d").maskedToken())
                .isEqualTo("2026****9c0d");
        assertThat(new SubMerchant("", "", "short").maskedToken()).isEqualTo("****");
        assertThat(SubMerchant.NONE.maskedToken()).isEmpty();
    }
}
