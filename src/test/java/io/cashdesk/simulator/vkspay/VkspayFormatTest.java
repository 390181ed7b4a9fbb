package io.cashdesk.simulator.vkspay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Amounts, names and forms of epay sites. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VkspayFormatTest {
    @ParameterizedTest
    @CsvSource({"0.01, 1", "1, 100", "1.0, 100", "1.00, 100", "12.3, 1230", "999999999.99, 99999999999"})
    void an_amount_is_a_plain_number_of_yuan(String yuan, long fen) {
        assertThat(VkspayFormat.fen(yuan)).hasValue(fen);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "0.00", "-1", "+1", "1.", ".5", "1.001", "1e2", "1,00", " 1", "１", "NaN", "9999999999"})
    void anything_else_is_no_amount(String yuan) {
        assertThat(VkspayFormat.fen(yuan)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "100, 1, 1.0",
        "10, 0.1, 0.1",
        "1, 0.01, 0.01",
        "1230, 12.3, 12.3",
        "1234, 12.34, 12.34",
        "100000000, 1000000, 1000000.0"
    })
    void an_amount_is_printed_as_php_prints_a_float(long fen, String php, String withDecimal) {
        assertThat(VkspayFormat.phpFloat(fen)).isEqualTo(php);
        assertThat(VkspayFormat.withDecimal(fen)).isEqualTo(withDecimal);
    }

    @Test
    void a_name_is_cut_at_127_bytes_and_no_character_in_two() {
        var chinese = VkspayFormat.cutName("茶".repeat(60));
        var emoji = VkspayFormat.cutName("a".repeat(124) + "🍵🍵");

        assertThat(chinese).isEqualTo("茶".repeat(42)); // 126 bytes
        assertThat(emoji).isEqualTo("a".repeat(124));
        assertThat(VkspayFormat.cutName("a".repeat(127))).hasSize(127);
        assertThat(VkspayFormat.cutName("a".repeat(128)).getBytes(StandardCharsets.UTF_8))
                .hasSize(127);
    }

    @Test
    void of_two_parameters_with_one_name_the_last_counts() {
        assertThat(VkspayFormat.decoded("money=1&name=%E8%8C%B6+1&money=2&=x&y"))
                .isEqualTo(Map.of("money", "2", "name", "茶 1"));
    }

    @Test
    void a_wrong_encoding_is_refused() {
        assertThatThrownBy(() -> VkspayFormat.decoded("name=%zz")).isInstanceOf(VkspayRefusal.class);
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example/n, https://shop.example/n?a=1",
        "https://shop.example/n?no=T1, https://shop.example/n?no=T1&a=1"
    })
    void parameters_are_appended_to_a_query(String address, String with) {
        assertThat(VkspayFormat.withQuery(address, "a=1")).isEqualTo(with);
    }
}
