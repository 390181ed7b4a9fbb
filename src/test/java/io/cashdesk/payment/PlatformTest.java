package io.cashdesk.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.json.JsonBody;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PlatformTest {
    static Platform platform(String name, String userAgent) {
        JsonObject context = Json.createObjectBuilder()
                .add("PLATFORM", name)
                .add("CLIENTUA", userAgent)
                .build();
        return Platform.of(Optional.of(context));
    }

    @ParameterizedTest
    @CsvSource({
        "web, h5",
        "h5, h5",
        "app, app-plus",
        "app-plus, app-plus",
        "app-android, app-plus",
        "app-ios, app-plus",
        "app-harmony, app-plus",
        "mp-weixin, mp-weixin",
        "mp-alipay, mp-alipay",
        "h5-weixin, h5-weixin"
    })
    void accepts_the_newer_names_of_platforms(String sent, String meaning) {
        var client = platform(sent, "Mozilla").client(false, false, false, false);

        assertThat(client.platform()).isEqualTo(meaning);
        assertThat(client.userAgent()).isEqualTo("Mozilla");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLATFORM", "platform", "vk_platform"})
    void takes_the_platform_under_each_of_its_names(String key) {
        assertThat(of("{\"" + key + "\":\"app\"}").name()).isEqualTo("app-plus");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLIENTUA", "clientUA", "clientUa", "userAgent", "ua"})
    void takes_the_user_agent_under_each_of_its_names(String key) {
        assertThat(of("{\"" + key + "\":\"Mozilla\"}").userAgent()).isEqualTo("Mozilla");
    }

    @ParameterizedTest
    @ValueSource(strings = {"APPID", "appId", "appid"})
    void takes_the_application_under_each_of_its_names(String key) {
        assertThat(of("{\"" + key + "\":\"__UNI__1\"}").appid()).isEqualTo("__UNI__1");
    }

    @Test
    void ignores_every_other_key_and_values_of_another_type() {
        var described = of("{\"foo\":1,\"OS\":{\"deep\":[null]},\"clientip\":\"unknown\",\"PLATFORM\":5,\"ua\":null,"
                + "\"APPID\":[\"x\"]}");

        assertThat(described).isEqualTo(new Platform("h5", "", null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "mp-weixin, Mozilla (Macintosh), ios, Mozilla (Macintosh) ios",
        "mp-weixin, Mozilla (Linux; Android 14), android, Mozilla (Linux; Android 14)",
        "mp-weixin, '', ios, ios",
        "h5, Mozilla (Macintosh), ios, Mozilla (Macintosh)"
    })
    void of_a_mini_program_has_its_system_after_the_user_agent(String name, String ua, String system, String said) {
        var described = of("{\"PLATFORM\":\"" + name + "\",\"CLIENTUA\":\"" + ua + "\",\"OS\":\"" + system + "\"}");

        assertThat(described.userAgent()).isEqualTo(said);
    }

    private static Platform of(String context) {
        return Platform.of(Optional.of(data(context).json()));
    }

    @Test
    void without_a_context_is_a_desktop_browser() {
        var client = Platform.of(Optional.empty()).client(false, false, false, false);

        assertThat(client.page()).isTrue();
        assertThat(client.phone()).isFalse();
    }

    static JsonBody data(String json) {
        return JsonBody.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "\"990\"", "1e11", "10000000001", "null", "true"})
    void total_fee_is_a_positive_integer_of_fen(String value) {
        assertThatThrownBy(() -> OrderFields.total(data("{\"total_fee\":" + value + "}")))
                .hasMessageContaining("total_fee");
    }

    @Test
    void total_fee_goes_up_to_one_hundred_million_yuan() {
        assertThat(OrderFields.total(data("{\"total_fee\":10000000000}")).minor())
                .isEqualTo(10_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\" \"", "7", "\"line\\nbreak\""})
    void subject_is_a_text_of_one_line(String value) {
        assertThatThrownBy(() -> OrderFields.subject(data("{\"subject\":" + value + "}")))
                .hasMessageContaining("subject");
    }

    @ParameterizedTest
    @ValueSource(strings = {"矿泉水 550ml/瓶", "a=b", "tea & cake", "／＝＆", "<b>%2F</b>"})
    void subject_keeps_every_sign(String subject) {
        assertThat(OrderFields.subject(data("{\"subject\":\"" + subject + "\"}")))
                .isEqualTo(subject);
    }
}
