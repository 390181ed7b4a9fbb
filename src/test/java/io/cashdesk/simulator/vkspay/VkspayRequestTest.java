package io.cashdesk.simulator.vkspay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What VksPay's own interface checks of every call. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VkspayRequestTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final Instant NOW = Instant.ofEpochSecond(1_767_240_000);

    /** The body of a call with these members changed or added, signed. */
    private static String signed(String nonce, Object timestamp, String version) {
        var body = Json.createObjectBuilder()
                .add("method", "webpay")
                .add("merchantno", "10001")
                .add("signaturenonce", nonce)
                .add("version", version)
                .add("total_fee", "0.01")
                .add("notify_url", "https://merchant.example/notify/vkspay");
        if (timestamp instanceof Long number) body.add("timestamp", number);
        else body.add("timestamp", timestamp.toString());
        var unsigned = body.build();
        var sign = VkspaySignature.ofVkspay(
                VkspayRequest.parse(unsigned.toString()).members(), KEY);
        return Json.createObjectBuilder(unsigned).add("sign", sign).build().toString();
    }

    private static void check(String body) {
        VkspayRequest.parse(body).check(KEY, NOW);
    }

    @Test
    void the_signature_of_the_vector_is_right() {
        var body = """
                {"merchantno":"10001","method":"webpay","notify_url":"https://merchant.example/notify/vkspay",
                "signaturenonce":"12345678","timestamp":1767240000,"total_fee":0.01,"version":"2.0",
                "sign":"313c1593bc87802db54177a9960dd049"}""";

        assertThatCode(() -> check(body)).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(body.replace("0.01", "0.02")))
                .isInstanceOfSatisfying(
                        VkspayRefusal.class, r -> assertThat(r.ofSignature).isTrue());
        assertThatThrownBy(() -> check(body.replace("313c", "313C"))).isInstanceOf(VkspayRefusal.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1234567", "123456789", "12345670", "1234567a", ""})
    void the_nonce_has_eight_digits_without_zero(String nonce) {
        assertThatThrownBy(() -> check(signed(nonce, 1_767_240_000L, "2.0"))).hasMessageContaining("signaturenonce");
    }

    @ParameterizedTest
    @CsvSource({"1767239699", "1767240301"})
    void a_timestamp_may_be_five_minutes_off_and_no_more(long timestamp) {
        assertThatThrownBy(() -> check(signed("12345678", timestamp, "2.0"))).hasMessageContaining("timestamp");
        assertThatCode(() -> check(signed("12345678", timestamp + (timestamp < NOW.getEpochSecond() ? 1 : -1), "2.0")))
                .doesNotThrowAnyException();
    }

    @Test
    void a_timestamp_is_a_number_and_the_version_is_two() {
        assertThatThrownBy(() -> check(signed("12345678", "1767240000", "2.0"))).hasMessageContaining("timestamp");
        assertThatThrownBy(() -> check(signed("12345678", 1_767_240_000L, "1.0")))
                .hasMessageContaining("version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"a\":null}", "{\"a\":{}}", "{\"a\":[1]}", "a=1"})
    void a_body_is_an_object_of_plain_values(String body) {
        assertThatThrownBy(() -> VkspayRequest.parse(body)).isInstanceOf(VkspayRefusal.class);
    }

    @ParameterizedTest
    @CsvSource({
        "Mozilla/5.0 MicroMessenger/8.0, wxpay",
        "Mozilla/5.0 AlipayClient/10.5, alipay",
        "Mozilla/5.0 (iPhone), ''"
    })
    void a_wallets_own_browser_chooses_the_wallet(String agent, String wallet) {
        assertThat(VkspayPayerResource.walletOf(agent)).isEqualTo(wallet);
    }

    @ParameterizedTest
    @CsvSource({
        "success, true, false",
        "<p>SUCCESS</p>, true, false",
        "'{\"code\":\"SUCCESS\",\"msg\":\"SUCCESS\"}', true, true",
        "'{\"code\":\"FAIL\"}', false, false",
        "fail, false, false"
    })
    void a_notification_is_acknowledged_as_its_protocol_says(String body, boolean epay, boolean vkspay) {
        assertThat(VkspayNotifications.saysSuccess(body)).isEqualTo(epay);
        assertThat(VkspayNotifications.saysCodeSuccess(body)).isEqualTo(vkspay);
    }
}
