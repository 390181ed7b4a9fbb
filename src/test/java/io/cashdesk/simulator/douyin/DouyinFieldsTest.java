package io.cashdesk.simulator.douyin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DouyinFieldsTest {
    private static DouyinFields parse(String body) {
        return DouyinFields.parse(body.getBytes(StandardCharsets.UTF_8), 2010);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "1", "{", "{\"a\":1,\"a\":2}", "{\"a\":\"\\u0000\"}", "a=1"})
    void what_is_not_one_object_is_refused(String body) {
        assertThatThrownBy(() -> parse(body))
                .isInstanceOfSatisfying(
                        DouyinRefusal.class, e -> assertThat(e.errNo).isEqualTo(2010));
    }

    @Test
    void a_body_in_another_charset_or_nested_too_deep_is_refused() {
        var gbk = "{\"subject\":\"西湖龙井\"}".getBytes(Charset.forName("GBK"));

        assertThatThrownBy(() -> DouyinFields.parse(gbk, 2010)).hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> parse("{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}"))
                .isInstanceOf(DouyinRefusal.class);
    }

    @Test
    void null_and_an_empty_text_count_as_absent() {
        assertThat(parse("{\"a\":null,\"b\":\"\"}").text("a")).isEmpty();
        assertThat(parse("{\"a\":null,\"b\":\"\"}").text("b")).isEmpty();
        assertThat(parse("{\"a\":null}").whole("a", 0, 1)).isEmpty();
    }

    @Test
    void numbers_are_whole_and_not_read_from_texts() {
        assertThat(parse("{\"a\":100}").requiredWhole("a", 1, 100)).isEqualTo(100);
        assertThatThrownBy(() -> parse("{\"a\":1.0}").requiredWhole("a", 1, 100))
                .hasMessageContaining("1 到 100");
        assertThatThrownBy(() -> parse("{\"a\":1e30}").requiredWhole("a", 1, 100))
                .hasMessageContaining("1 到 100");
        assertThatThrownBy(() -> parse("{\"a\":\"1\"}").requiredWhole("a", 1, 100))
                .hasMessageContaining("JSON 数字");
    }

    @Test
    void parties_of_a_settlement_are_a_list_as_a_text() {
        assertThat(EcpayCalls.others(parse("{}"))).isZero();
        assertThat(EcpayCalls.others(parse("{\"settle_params\":\"[]\"}"))).isZero();
        assertThat(
                        EcpayCalls.others(
                                parse(
                                        "{\"settle_params\":\"[{\\\"merchant_uid\\\":\\\"7\\\",\\\"amount\\\":3},{\\\"merchant_uid\\\":\\\"8\\\",\\\"amount\\\":4}]\"}")))
                .isEqualTo(7);
        for (var wrong : new String[] {
            "[]",
            "\"{}\"",
            "\"[{\\\"merchant_uid\\\":\\\"7\\\"}]\"",
            "\"[{\\\"merchant_uid\\\":\\\"7\\\",\\\"amount\\\":\\\"3\\\"}]\"",
            "\"[1]\"",
            "\"[{},{},{},{},{}]\""
        }) {
            assertThatThrownBy(() -> EcpayCalls.others(parse("{\"settle_params\":" + wrong + "}")))
                    .as(wrong)
                    .isInstanceOf(DouyinRefusal.class)
                    .hasMessageContaining("settle_params");
        }
    }
}
