package io.cashdesk.face.vk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.json.JsonBody;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FlatEnvelopeTest {
    private static final String WECHAT = "https://servicewechat.com/wx1234567890abcdef/25/page-frame.html";

    private static JsonObject created(String envelope, String referer, String agent) {
        return FlatEnvelope.of(JsonBody.parse(envelope.getBytes(StandardCharsets.UTF_8)))
                .createPayment(new FlatEnvelope.Sender(referer, agent))
                .json();
    }

    private static JsonObject context(String envelope, String referer, String agent) {
        return created(envelope, referer, agent).getJsonObject("context");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"context\":{\"PLATFORM\":\"app-plus\"},\"data\":{\"context\":{\"PLATFORM\":\"h5\"}}} | app-plus",
                "{\"context\":{},\"data\":{\"context\":{\"PLATFORM\":\"app-plus\"}}} | app-plus",
                "{\"context\":null,\"data\":{\"context\":{\"PLATFORM\":\"app-plus\"}}} | app-plus",
                "{\"context\":\"\",\"data\":{\"context\":{\"PLATFORM\":\"app-plus\"}}} | app-plus",
                "{\"context\":{\"CLIENTIP\":\"1.2.3.4\"},\"data\":{\"context\":{\"PLATFORM\":\"app-plus\"}}} | app-plus",
                "{\"context\":{\"CLIENTIP\":\"1.2.3.4\"},\"data\":{\"vk_platform\":\"app-plus\"}} | app-plus",
                "{\"data\":{\"vk_platform\":\"app-plus\"}} | app-plus",
                "{\"data\":{\"data\":{\"vk_platform\":\"app-plus\"}}} | app-plus",
                "{\"vk_platform\":\"app-plus\",\"data\":{}} | app-plus",
                "{\"data\":{\"vk_platform\":\"h5\",\"context\":{\"PLATFORM\":\"app-plus\"}}} | app-plus",
                "{\"data\":{\"vk_platform\":7}} | mp-weixin",
                "{\"data\":{\"context\":{\"PLATFORM\":\" \"}}} | mp-weixin",
                "{\"data\":{\"context\":{\"CLIENTIP\":\"1.2.3.4\"}}} | mp-weixin",
                "{\"data\":{}} | mp-weixin",
                "{} | mp-weixin"
            })
    void names_the_platform_in_the_documented_order_and_else_the_referer(String envelope, String platform) {
        assertThat(context(envelope, WECHAT, null).getString("PLATFORM")).isEqualTo(platform);
    }

    @ParameterizedTest
    @ValueSource(strings = {"platform", "vk_platform", "PLATFORM"})
    void accepts_a_contexts_other_spellings(String name) {
        var context = context("{\"context\":{\"" + name + "\":\"app\"}}", WECHAT, null);

        assertThat(context.getString(name)).isEqualTo("app");
        assertThat(context.getString("PLATFORM", "app")).isEqualTo("app");
    }

    @Test
    void is_h5_without_any_of_them() {
        assertThat(context("{}", null, null).getString("PLATFORM")).isEqualTo("h5");
        assertThat(context("{}", "https://shop.example/?from=servicewechat.com", null)
                        .getString("PLATFORM"))
                .isEqualTo("h5");
    }

    @Test
    void takes_the_senders_user_agent_where_the_context_has_none() {
        assertThat(context("{\"data\":{}}", null, "Phone").getString("CLIENTUA"))
                .isEqualTo("Phone");
        assertThat(context("{\"context\":{\"PLATFORM\":\"h5\"}}", null, "Phone").getString("CLIENTUA"))
                .isEqualTo("Phone");
        assertThat(context("{\"context\":{\"CLIENTUA\":\"Desk\"}}", null, "Phone")
                        .getString("CLIENTUA"))
                .isEqualTo("Desk");
        assertThat(context("{\"data\":{}}", null, null)).doesNotContainKey("CLIENTUA");
    }

    @Test
    void keeps_the_other_fields_of_the_context_that_it_takes() {
        var context = context(
                "{\"context\":{\"CLIENTIP\":\"1.2.3.4\",\"APPID\":\"a\"},\"data\":{\"context\":{\"CLIENTIP\":\"5.6.7.8\"}}}",
                null,
                null);

        assertThat(context.getString("CLIENTIP")).isEqualTo("1.2.3.4");
        assertThat(context.getString("APPID")).isEqualTo("a");
    }

    @Test
    void leaves_out_the_clients_own_fields_at_both_levels() {
        var created = created("{\"data\":{\"vk_a\":1,\"pid\":\"p\",\"data\":{\"vk_b\":2,\"type\":\"t\"}}}", null, null);

        assertThat(created.getJsonObject("data")).containsOnlyKeys("pid", "type");
        assertThat(created).containsOnlyKeys("context", "data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "\"x\"", "true"})
    void refuses_data_inside_of_data_that_is_no_object(String nested) {
        assertThatThrownBy(() -> created("{\"data\":{\"data\":" + nested + "}}", null, null))
                .hasMessageContaining("data must be an object");
    }

    @ParameterizedTest
    @CsvSource({
        "https://servicewechat.com/wx12/devtools/page-frame.html, mp-weixin",
        "https://SERVICEWECHAT.com/wx12/0/page-frame.html, mp-weixin",
        "https://2021001.hybrid.alipay-eco.com/2021001/0.2.2401/index.html#pages/pay/pay?a={b}, mp-alipay",
        "https://tmaservice.developer.toutiao.com/?appid=tt12&version=1.0.0, mp-toutiao",
        "https://tmaservice.developer.toutiao.com?appid=tt12&version=1.0.0, mp-toutiao",
        "https://smartapps.cn/key/1.0/page-frame.html, mp-baidu",
        "https://appservice.qq.com/1112/1.14/page-frame.html, mp-qq",
        "https://service.vapp.jd.com/D46A/1/page-frame.html, mp-jd"
    })
    void a_mini_program_is_known_by_its_referer(String referer, String platform) {
        assertThat(MiniProgram.platform(referer)).contains(platform);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://shop.example/",
                "https://evil.example/servicewechat.com",
                "https://servicewechat.com.evil.example/wx12/0/page-frame.html",
                "https://servicewechat.com@evil.example/",
                "https://evilservicewechat.com/",
                "http://servicewechat.com/wx12/0/page-frame.html",
                "https://hybrid.alipay-eco.com.evil.example/",
                "https://abc.smartapps.cn/page",
                "servicewechat.com",
                "not an address"
            })
    void other_referers_are_ordinary_pages(String referer) {
        assertThat(MiniProgram.platform(referer)).isEmpty();
        assertThat(MiniProgram.platform(null)).isEmpty();
    }
}
