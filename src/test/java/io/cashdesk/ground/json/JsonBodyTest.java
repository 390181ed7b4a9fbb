package io.cashdesk.ground.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void nesting_is_counted_before_the_parser_calls_itself_for_each_level(String opening) throws Exception {
        var deep = opening.repeat(5_000);
        var refused = new CompletableFuture<Throwable>();

        // a stack on which a parser without a limit cannot work
        new Thread(null, () -> refused.complete(catchThrowable(() -> parse("{\"a\":" + deep))), "small", 200_000)
                .start();

        assertThat(refused.get(10, TimeUnit.SECONDS))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("nested");
    }

    @Test
    void a_hundred_levels_are_read_and_brackets_in_texts_are_no_levels() {
        assertThat(parse("{\"a\":".repeat(99) + "{}" + "}".repeat(99)).has("a")).isTrue();
        assertThatThrownBy(() -> parse("{\"a\":".repeat(100) + "{}" + "}".repeat(100)))
                .isInstanceOf(Problem.class);
        assertThat(parse("{\"a\":\"" + "[{\\\"".repeat(200) + "\"}").text("a", 1_000))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "100, 100",
        "1.0, 1",
        "1.00, 1",
        "1e2, 100",
        "1E+2, 100",
        "1.5e1, 15",
        "-7, -7",
        "0, 0",
        "0e5, 0",
        "0.0, 0",
        "999999999999999999, 999999999999999999"
    })
    void a_whole_number_is_a_number_without_a_fraction_however_it_is_written(String written, long meant) {
        assertThat(parse("{\"total_fee\":" + written + "}").whole("total_fee")).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.5", "0.1", "1e-1", "15e-1", "\"100\"", "true", "[1]", "1000000000000000000", "1e18", "1e300"})
    void everything_else_is_no_whole_number(String written) {
        assertThatThrownBy(() -> parse("{\"total_fee\":" + written + "}").whole("total_fee"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("total_fee");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e-999999999", "-1e999999999", "1e401"})
    void a_number_that_would_be_very_long_is_refused_wherever_it_stands(String number) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThatThrownBy(() -> parse("{\"data\":{\"custom\":{\"n\":[1," + number + "]}}}"))
                        .isInstanceOf(Problem.class)
                        .hasMessageContaining("data.custom.n[1]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"data\":{\"subject\":\"a\\ud83d\"}}; data.subject",
                "{\"data\":{\"subject\":\"\\udc00b\"}}; data.subject",
                "{\"data\":{\"subject\":\"\\udc00\\ud83d\"}}; data.subject",
                "{\"data\":{\"custom\":{\"a\":{\"b\":[1,{\"c\":\"\\ud83d\"}]}}}}; data.custom.a.b[1].c",
                "{\"data\":{\"custom\":{\"k\\ud83d\":1}}}; data.custom.k\\ud83d",
                "{\"data\":{\"other\":{\"detail\":[\"\\ud83d\"]}}}; data.other.detail[0]",
                "{\"data\":{\"custom\":{\"a\":[\"\\u0000\"]}}}; data.custom.a[0]",
                "{\"data\":{\"custom\":{\"x\\u0000y\":1}}}; data.custom.x\\u0000y",
                "{\"\\ud83d\":1}; \\ud83d",
            })
    void a_text_or_name_that_no_database_can_store_is_refused_by_its_path(String body, String path) {
        assertThatThrownBy(() -> parse(body)).isInstanceOf(Problem.class).hasMessageStartingWith(path + " must be");
    }

    @Test
    void the_six_characters_of_an_escape_are_a_text_like_any_other() {
        var custom = parse("{\"note\":\"\\\\u0000 and \\\\ud83d\",\"face\":\"\\ud83d\\ude00\",\"pair\":\"😀\"}");

        assertThat(custom.text("note", 30)).contains("\\u0000 and \\ud83d");
        assertThat(custom.text("face", 2)).contains("😀").isEqualTo(custom.text("pair", 2));
    }

    @Test
    void raw_bytes_of_half_a_pair_are_no_utf8() {
        var body = new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xed, (byte) 0xa0, (byte) 0xbd, '"', '}'};

        assertThatThrownBy(() -> JsonBody.parse(body)).hasMessageContaining("UTF-8");
    }

    @Test
    void an_object_in_a_text_is_read_as_strictly_as_a_body() {
        assertThat(JsonBody.parseText("other.scene_info", "{\"a\":1} ").getInt("a"))
                .isEqualTo(1);
        assertThatThrownBy(() -> JsonBody.parseText("other.scene_info", "{\"a\":{\"b\":\"\\ud800\"}}"))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith("other.scene_info.a.b must be a text that contains no U+0000");
        for (var text :
                List.of("{\"a\":" + "[".repeat(5_000), "{\"a\":1} x", "{\"a\":1,\"a\":2}", "[1]", "", "\ufeff{}")) {
            assertThatThrownBy(() -> JsonBody.parseText("other.scene_info", text))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.FIELD))
                    .hasMessageStartingWith("other.scene_info must be an object or its JSON text, but is");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{} x", "{\"a\":\"\\ud800\"}", "{\"a\":1e999999}"})
    void the_chinese_message_of_a_refused_body_is_chinese(String body) {
        assertThatThrownBy(() -> parse(body)).isInstanceOfSatisfying(Problem.class, p -> {
            var words = p.message(Locale.CHINESE).replaceAll("JSON|UTF-8|U\\+0000|\\\\u[0-9a-f]{4}|\\d+E\\+\\d+", "");
            assertThat(words).doesNotContainPattern("[A-Za-z]{2}");
        });
    }

    @Test
    void the_chinese_message_of_a_malformed_field_is_chinese() {
        var body = parse("{\"a\":[],\"b\":1}");
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> body.text("a", 5),
                () -> body.requiredText("c", 5),
                () -> body.flag("a", true),
                () -> body.whole("a"),
                () -> body.object("b"),
                () -> body.texts("b", 1, 1))) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            Problem.class,
                            p -> assertThat(p.message(Locale.CHINESE).replaceAll("JSON|true|false", ""))
                                    .doesNotContainPattern("[A-Za-z]{2}"));
        }
    }

    @Test
    void a_byte_order_mark_at_the_start_is_ignored() {
        assertThat(parse("\ufeff{\"a\":1}").whole("a")).contains(1L);
        assertThatThrownBy(() -> parse("\ufeff\ufeff{}")).isInstanceOf(Problem.class);
    }

    @Test
    void null_counts_as_absent() {
        assertThat(parse("{\"a\":null}").text("a", 5)).isEmpty();
        assertThat(parse("{\"a\":null}").json())
                .containsOnlyKeys(Map.of("a", "").keySet().toArray(String[]::new));
    }
}
