package io.cashdesk.ground.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReadableHeadersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "Accept > text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "accept > application/json",
                "Accept > */*",
                "Accept > application/json;version=1;q=0.5, text/plain",
                "Content-Type > application/json",
                "Content-Type > application/json; charset=\"utf-8\"",
                "Content-Type > multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
                "Accept-Language > zh-CN,zh;q=0.9,en;q=0.8",
                "Accept-Language > *",
                "X-Any > ;;;"
            })
    void what_is_well_formed_stays(String name, String value) {
        assertThat(ReadableHeaders.readable(name, value)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "Accept > nonsense > */*",
                "Accept > ;;q= > */*",
                "Accept > text/html;q=high > */*",
                "Accept > text/html;q=2 > */*",
                "Content-Type > nonsense > application/x-malformed",
                "Content-Type > application/json;charset > application/x-malformed",
                "Content-Type > application/x-www-form-urlencoded; text/html; charset=utf-8 > application/x-malformed",
                "Accept-Language > zh;q=x > zh",
                "Accept-Language > en;q=x > en",
                "Accept-Language > 12_34 > zh",
                "Content-Language > ;; > zh"
            })
    void what_is_malformed_is_replaced(String name, String value, String meant) {
        assertThat(ReadableHeaders.readable(name, value)).isEqualTo(meant);
    }

    @Test
    void what_is_absent_stays_absent_and_a_long_value_takes_no_time() {
        assertThat(ReadableHeaders.readable("Accept", null)).isNull();
        assertThat(ReadableHeaders.readable("Accept", "a/b;c=d,".repeat(2_000))).isEqualTo("*/*");
    }
}
