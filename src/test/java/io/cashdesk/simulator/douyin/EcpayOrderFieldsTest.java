package io.cashdesk.simulator.douyin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EcpayOrderFieldsTest {
    private static final String BODY = """
            {"app_id":"tt1","out_order_no":"T_1-2*","total_amount":990,"subject":"西湖龙井","body":"西湖龙井","valid_time":600,\
            "sign":"0","cp_extra":"table 5","notify_url":"https://merchant.example/notify","disable_msg":1,\
            "expand_order_info":"{\\"original_delivery_fee\\":15}","limit_pay_way":"LIMIT_WX"}""";

    private static DouyinOrders.Order read(String body) {
        return EcpayOrderFields.read(DouyinFields.parse(body, DouyinRefusal.PARAMETER), "https://x.example/n");
    }

    /** The order with another value, which is JSON; an empty text removes the member. */
    private static String with(String name, String value) {
        JsonObjectBuilder body =
                Json.createObjectBuilder(DouyinFields.parse(BODY, 0).json());
        if (value.isEmpty()) body.remove(name);
        else
            body.add(name, DouyinFields.parse("{\"v\":" + value + "}", 0).json().get("v"));
        return body.build().toString();
    }

    @Test
    void an_order_is_read() {
        var order = read(BODY);

        assertThat(order.number()).isEqualTo("T_1-2*");
        assertThat(order.fen()).isEqualTo(990);
        assertThat(order.life()).hasSeconds(600);
        assertThat(order.cpExtra()).isEqualTo("table 5");
        assertThat(order.hiddenWays()).containsExactly(1);
        assertThat(read(with("sign", "\"1\"")).request()).isEqualTo(order.request());
        assertThat(read(with("valid_time", "599")).request()).isEqualTo(order.request());
        assertThat(read(with("total_amount", "991")).request()).isNotEqualTo(order.request());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "out_order_no | ",
                "out_order_no | \"\"",
                "out_order_no | 1",
                "out_order_no | \"T 1\"",
                "total_amount | ",
                "total_amount | \"990\"",
                "total_amount | 0",
                "total_amount | -1",
                "total_amount | 9.9",
                "total_amount | 10000000001",
                "subject | ",
                "subject | {}",
                "body | ",
                "valid_time | ",
                "valid_time | \"600\"",
                "disable_msg | 2",
                "disable_msg | true",
                "cp_extra | 5",
                "msg_page | 5",
                "expand_order_info | {\"a\":1}",
                "expand_order_info | \"a\"",
                "limit_pay_way | \"LIMIT_BANK\"",
                "limit_pay_way | \"LIMIT_WX,LIMIT_ALI,LIMIT_DYZF\""
            })
    void a_wrong_member_is_refused_by_its_name(String name, String value) {
        assertThatThrownBy(() -> read(with(name, value == null ? "" : value)))
                .isInstanceOfSatisfying(
                        DouyinRefusal.class, e -> assertThat(e.errNo).isEqualTo(2010))
                .hasMessageContaining(name);
    }

    @Test
    void a_title_has_at_most_128_bytes_and_42_chinese_characters() {
        assertThat(read(with("subject", "\"" + "a".repeat(128) + "\"")).subject())
                .hasSize(128);
        assertThat(read(with("subject", "\"" + "茶".repeat(42) + "\"")).subject())
                .hasSize(42);

        assertThatThrownBy(() -> read(with("subject", "\"" + "a".repeat(129) + "\"")))
                .hasMessageContaining("subject");
        assertThatThrownBy(() -> read(with("subject", "\"" + "茶".repeat(43) + "\"")))
                .hasMessageContaining("subject");
        assertThatThrownBy(() -> read(with("body", "\"" + "é".repeat(65) + "\"")))
                .hasMessageContaining("body");
    }

    @Test
    void a_number_has_at_most_64_characters() {
        assertThat(read(with("out_order_no", "\"" + "1".repeat(64) + "\"")).number())
                .hasSize(64);
        assertThatThrownBy(() -> read(with("out_order_no", "\"" + "1".repeat(65) + "\"")))
                .hasMessageContaining("out_order_no");
    }

    @Test
    void the_life_of_an_order_is_moved_to_300_to_172800_seconds() {
        assertThat(read(with("valid_time", "1")).life()).hasSeconds(300);
        assertThat(read(with("valid_time", "-5")).life()).hasSeconds(300);
        assertThat(read(with("valid_time", "999999")).life()).hasSeconds(172_800);
    }

    @Test
    void cp_extra_is_cut_at_2048_characters() {
        assertThat(read(with("cp_extra", "\"" + "x".repeat(3000) + "\"")).cpExtra())
                .hasSize(2048);
    }
}
