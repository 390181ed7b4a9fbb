package io.cashdesk.simulator.wxpay.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long the texts of v2 may be. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayV2CallTest {
    private static final Map<String, String> ORDER = Map.ofEntries(
            Map.entry("appid", "wx1"),
            Map.entry("mch_id", "1600000000"),
            Map.entry("nonce_str", "n"),
            Map.entry("sign", "s"),
            Map.entry("body", "tea"),
            Map.entry("out_trade_no", "20261121AB"),
            Map.entry("total_fee", "990"),
            Map.entry("spbill_create_ip", "203.0.113.7"),
            Map.entry("notify_url", "https://pay.example/notify"),
            Map.entry("trade_type", "NATIVE"),
            Map.entry("product_id", "P1"));
    private static final Map<String, String> REFUND = Map.of(
            "appid", "wx1",
            "mch_id", "1600000000",
            "nonce_str", "n",
            "sign", "s",
            "out_trade_no", "20261121AB",
            "out_refund_no", "20261121AB-1",
            "total_fee", "990",
            "refund_fee", "90");

    @ParameterizedTest
    @CsvSource({"body, 128", "attach, 127"})
    void an_orders_text_has_at_most_so_many_bytes(String name, int bytes) {
        takesUpTo(WxpayV2Call.UNIFIEDORDER, ORDER, name, "茶".repeat(bytes / 3) + "a".repeat(bytes % 3));
    }

    @ParameterizedTest
    @CsvSource({"goods_tag, 32", "device_info, 32", "product_id, 32"})
    void an_orders_other_text_has_at_most_so_many_characters(String name, int characters) {
        takesUpTo(WxpayV2Call.UNIFIEDORDER, ORDER, name, "茶".repeat(characters - 1) + "🍵");
    }

    @ParameterizedTest
    @CsvSource("refund_desc, 80")
    void a_refunds_text_has_at_most_so_many_bytes(String name, int bytes) {
        takesUpTo(WxpayV2Call.REFUND, REFUND, name, "茶".repeat(bytes / 3) + "a".repeat(bytes % 3));
    }

    private static void takesUpTo(WxpayV2Call call, Map<String, String> valid, String name, String longest) {
        var fields = new TreeMap<>(valid);
        fields.put(name, longest);
        call.check(fields);

        fields.put(name, fields.get(name) + "a");
        assertThatThrownBy(() -> call.check(fields))
                .isInstanceOfSatisfying(
                        WxpayV2Call.Refused.class,
                        refused -> assertThat(refused.code).isEqualTo("PARAM_ERROR"))
                .hasMessageContaining(name);
    }
}
