package io.cashdesk.ground.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
    private static JsonBody parse(String text) {
        return JsonBody.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "7",
                "{",
                "{\"total_fee\":1,\"total_fee\":100}",
                "{\"data\":{\"total_fee\":1,\"total_fee\":100}}",
                "{\"total_fee\":1} and more",
                "{\"total_fee\":1}{}",
                "{\"total_fee\":NaN}"
            })
    void what_is_not_exactly_one_object_is_refused(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(Problem.class).hasMessageContaining("JSON");
    }

    @Test
    void deep_nesting_and_very_long_numbers_are_refused() {
        var nested = "{\"a\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}";
        assertThatThrownBy(() -> parse(nested)).isInstanceOf(Problem.class);
        var number = "{\"total_fee\":" + "9".repeat(30_000) + "}";
        assertThatThrownBy(() -> parse(number).whole("total_fee")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> parse("{\"total_fee\":1e999999999}").whole("total_fee"))
                .isInstanceOf(Problem.class);
    }

    @Test
    void a_number_must_be_written_without_fraction_or_exponent() {
        assertThat(parse("{\"total_fee\":100}").whole("total_fee")).contains(100L);
        for (var odd : new String[] {"1.0", "1e2", "\"100\"", "true", "9223372036854775808"}) {
            assertThatThrownBy(() -> parse("{\"total_fee\":" + odd + "}").whole("total_fee"))
                    .as(odd)
                    .isInstanceOf(Problem.class);
        }
    }

    @Test
    void null_counts_as_absent() {
        assertThat(parse("{\"a\":null}").text("a", 5)).isEmpty();
        assertThat(parse("{\"a\":null}").json())
                .containsOnlyKeys(Map.of("a", "").keySet().toArray(String[]::new));
    }
}
