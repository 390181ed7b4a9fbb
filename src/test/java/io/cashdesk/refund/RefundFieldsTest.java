package io.cashdesk.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RefundFieldsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "refund_fee; null; a positive integer in fen; 正整数，单位为分",
                "refund_fee; \"\"; a positive integer in fen; 正整数，单位为分",
                "refund_fee; 0; a positive integer in fen; 正整数，单位为分",
                "out_refund_no; null; 1 to 64 of digits, letters, _ - * | and @; 1 至 64 个字符，由数字、字母和 _ - * | @ 组成"
            })
    void a_value_that_would_mean_something_else_is_shown_as_it_was_sent(
            String field, String value, String expected, String chinese) {
        var body = JsonBody.parse(("{\"" + field + "\":" + value + "}").getBytes(StandardCharsets.UTF_8));

        var refused = catchThrowableOfType(Problem.class, () -> RefundFields.wish(body));

        assertThat(refused.message(Locale.ENGLISH)).isEqualTo(field + " must be " + expected + ", but is " + value);
        assertThat(refused.message(Locale.SIMPLIFIED_CHINESE)).isEqualTo(field + " 必须是 " + chinese + "，收到的是 " + value);
    }
}
