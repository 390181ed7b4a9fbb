package io.cashdesk.face.epay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ParametersTest {
    private static final String FORM = "application/x-www-form-urlencoded; charset=UTF-8";

    private static Parameters query(String query) {
        return Parameters.of(query, new byte[0], null);
    }

    @Test
    void come_from_the_query_and_the_form_together() {
        var both = Parameters.of("act=refund", "money=1&name=%E8%8C%B6+a".getBytes(StandardCharsets.US_ASCII), FORM);

        assertThat(both.all()).isEqualTo(Map.of("act", "refund", "money", "1", "name", "茶 a"));
    }

    @Test
    void may_be_sent_as_UTF_8_without_encoding() {
        assertThat(Parameters.of(null, "name=茶".getBytes(StandardCharsets.UTF_8), FORM)
                        .text("name"))
                .hasValue("茶");
    }

    @Test
    void that_come_twice_are_refused_by_name_also_if_one_is_in_the_form() {
        var form = "money=1".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> query("money=1&money=1")).hasMessageContaining("money");
        assertThatThrownBy(() -> Parameters.of("money=2", form, FORM)).hasMessageContaining("money");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name=%E8%8C", "name=%zz", "name=%4", "name=%", "name=%C0%AF", "name=a%00b", "%FF=1"})
    void that_are_no_text_are_refused_in_epays_form(String query) {
        assertThatThrownBy(() -> query(query)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.code).isEqualTo(-1);
            assertThat(refusal.text(Locale.CHINESE)).contains("UTF-8");
        });
    }

    @Test
    void of_another_type_or_too_many_bytes_are_refused() {
        var form = "money=1".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Parameters.of(null, form, "application/json")).hasMessageContaining("Content-Type");
        assertThatThrownBy(() -> Parameters.of(null, form, null)).hasMessageContaining("Content-Type");
        assertThatThrownBy(() -> Parameters.of(null, new byte[Parameters.LARGEST + 1], FORM))
                .hasMessageContaining("16384");
    }

    @Test
    void that_are_lists_of_PHP_are_not_there() {
        assertThat(query("goods[]=1&goods%5B%5D=2&pid=7").all()).isEqualTo(Map.of("pid", "7"));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 100",
        "0.1, 10",
        "1.00, 100",
        "0.01, 1",
        "990.5, 99050",
        "100000000, 10000000000",
        "1.000, 100",
        "9.9000, 990",
        "01.00, 100",
        "007, 700",
        ".5, 50",
        ".01, 1"
    })
    void money_is_read_exactly(String yuan, long fen) {
        assertThat(Yuan.fen("money", yuan)).isEqualTo(fen);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0.00",
                "-1",
                "+1",
                "1e2",
                "1.001",
                "1.",
                ".",
                ".005",
                "0.009",
                "9.9001",
                "00.00",
                " 1",
                "1 ",
                "１",
                "1,00",
                "0x1",
                "9999999999"
            })
    void money_that_is_no_plain_positive_amount_is_refused(String yuan) {
        assertThatThrownBy(() -> Yuan.fen("money", yuan))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.text(Locale.CHINESE)).contains("money", "元"));
    }

    @ParameterizedTest
    @CsvSource({"100, 1.00", "10, 0.10", "1, 0.01", "99050, 990.50"})
    void money_is_written_with_two_decimals(long fen, String yuan) {
        assertThat(Yuan.text(fen)).isEqualTo(yuan);
    }

    @Test
    void whose_name_looks_like_others_in_the_signed_text_are_refused() {
        assertThatThrownBy(() -> query("a%3D1%26b=2")).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> query("a%3D1=2")).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> query("a%26b=2")).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "50, 50", "51, 50", "100, 50", "999999999, 50", "0, 0", ", 20"})
    void a_limit_that_is_too_large_is_the_largest(String limit, int expected) {
        assertThat(query(limit == null ? "" : "limit=" + limit).whole("limit", 50, 20))
                .isEqualTo(expected);
        assertThatThrownBy(() -> query("limit=-1").whole("limit", 50, 20)).hasMessageContaining("limit");
    }

    @Test
    void param_and_addresses_are_measured_as_they_are_sent_again() {
        assertThat(OpenTrade.param(query("param=" + "茶".repeat(255)))).hasSize(255);
        assertThat(OpenTrade.param(query("param=" + "a".repeat(2300)))).hasSize(2300);
        assertThatThrownBy(() -> OpenTrade.param(query("param=" + "茶".repeat(256))))
                .hasMessageContaining("param")
                .hasMessageContaining("2304");
        assertThatThrownBy(() -> OpenTrade.param(query("param=" + "a".repeat(2301))))
                .hasMessageContaining("2300");
        var path = "https://shop.example/";
        assertThat(query("u=" + path + "a".repeat(1003)).address("u", 1024)).isPresent();
        assertThatThrownBy(() -> query("u=" + path + "a".repeat(1004)).address("u", 1024))
                .hasMessageContaining("1024");
        assertThatThrownBy(() -> query("u=" + path + "茶".repeat(112)).address("u", 1024))
                .hasMessageContaining("1024");
    }

    @Test
    void a_name_is_cut_at_127_bytes_between_characters() {
        assertThat(OpenTrade.name(query("name=" + "a".repeat(130)))).isEqualTo("a".repeat(127));
        assertThat(OpenTrade.name(query("name=" + "茶".repeat(50)))).isEqualTo("茶".repeat(42));
        assertThat(OpenTrade.name(query("name=" + "a".repeat(124) + "🍵"))).isEqualTo("a".repeat(124));
        assertThatThrownBy(() -> OpenTrade.name(query("name=a%0Ab"))).isInstanceOf(Refusal.class);
    }

    @Test
    void a_query_is_put_behind_the_one_that_an_address_has() {
        assertThat(Signed.address("https://shop.example/n", "a=1")).isEqualTo("https://shop.example/n?a=1");
        assertThat(Signed.address("https://shop.example/n?x=2#f", "a=1")).isEqualTo("https://shop.example/n?x=2&a=1");
        assertThat(Signed.address("https://shop.example/n?", "a=1")).isEqualTo("https://shop.example/n?a=1");
    }

    @ParameterizedTest
    @CsvSource({"success, true", "SUCCESS, true", "Success!, true", "{\"code\":0}, false", "fail, false"})
    void a_notification_is_acknowledged_by_success(String answer, boolean acknowledged) {
        assertThat(new PaidEvent().refusal(answer).isEmpty()).isEqualTo(acknowledged);
    }

    @Test
    void a_trade_number_leads_back_to_its_order_and_other_texts_to_none() {
        assertThat(Trade.id("0123456789abcdef0123456789abcdef").orElseThrow())
                .hasToString("01234567-89ab-cdef-0123-456789abcdef");
        assertThat(Trade.id("2026010112000012345")).isEmpty();
        assertThat(Trade.id("0123456789ABCDEF0123456789ABCDEF")).isEmpty();
    }
}
