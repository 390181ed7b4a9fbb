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
                "refund_fee; null; a positive integer in fen",
                "refund_fee; \"\"; a positive integer in fen",
                "refund_fee; 0; a positive integer in fen",
                "out_refund_no; null; 1 to 64 of digits, letters, _ - * | and @"
            })
    void a_value_that_would_mean_something_else_is_shown_as_it_was_sent(String field, String value, String expected) {
        var body = JsonBody.parse(("{\"" + field + "\":" + value + "}").getBytes(StandardCharsets.UTF_8));

        var refused = catchThrowableOfType(Problem.class, () -> RefundFields.wish(body));

        assertThat(refused.message(Locale.ENGLISH)).isEqualTo(field + " must be " + expected + ", but is " + value);
        assertThat(refused.message(Locale.SIMPLIFIED_CHINESE)).isEqualTo(field + " 必须是 " + expected + "，收到的是 " + value);
    }
}
