package io.cashdesk.simulator.wxpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What v3 refuses, by the field that is wrong. A change is written as "old text=>new text". */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayFieldsTest {
    static final String COMMON = "\"description\":\"tea\",\"out_trade_no\":\"20261121AB\","
            + "\"notify_url\":\"https://pay.example/notify\",\"amount\":{\"total\":990,\"currency\":\"CNY\"}";
    static final String DIRECT = "{\"appid\":\"wx1\",\"mchid\":\"1600000000\"," + COMMON;
    static final String PARTNER =
            "{\"sp_appid\":\"wx1\",\"sp_mchid\":\"1600000000\",\"sub_mchid\":\"1700000000\"," + COMMON;
    static final String SCENE =
            ",\"scene_info\":{\"payer_client_ip\":\"203.0.113.7\",\"h5_info\":{\"type\":\"Wap\",\"app_name\":\"Shop\"}}}";
    static final String CODE =
            "{\"appid\":\"wx1\",\"mchid\":\"1600000000\",\"description\":\"tea\",\"out_trade_no\":\"20261121AB\","
                    + "\"payer\":{\"auth_code\":\"130000000000000001\"},\"amount\":{\"total\":990},"
                    + "\"scene_info\":{\"device_ip\":\"203.0.113.7\",\"store_info\":{\"out_id\":\"S1\"}}}";
    static final String REFUND =
            "{\"out_trade_no\":\"20261121AB\",\"out_refund_no\":\"20261121AB-1\",\"reason\":\"broken\","
                    + "\"notify_url\":\"https://pay.example/notify\",\"amount\":{\"refund\":90,\"total\":990,\"currency\":\"CNY\"}}";

    static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    static JsonObject changed(String text, String change) {
        var at = change.indexOf("=>");
        assertThat(text).contains(change.substring(0, at));
        return json(text.replace(change.substring(0, at), change.substring(at + 2)));
    }

    static void refused(Runnable call, String field) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        WxpayRefusal.class, r -> assertThat(r.detail).containsEntry("field", "/" + field));
    }

    static String body(WxpayProduct product) {
        return switch (product) {
            case JSAPI -> DIRECT + ",\"payer\":{\"openid\":\"o1\"}}";
            case H5 -> DIRECT + SCENE;
            case CODE -> CODE;
            default -> DIRECT + "}";
        };
    }

    @Nested
    class A_prepay {
        @ParameterizedTest
        @EnumSource(WxpayProduct.class)
        void with_what_its_product_needs_is_taken(WxpayProduct product) {
            var order = WxpayOrderRequest.read(product, false, json(body(product)));

            assertThat(order.number()).isEqualTo("20261121AB");
            assertThat(order.amount()).isEqualTo(990);
            assertThat(order.mchid()).isEqualTo("1600000000");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "\"total\":990=>\"total\":0; amount/total",
                    "\"total\":990=>\"total\":9.9; amount/total",
                    "\"total\":990=>\"total\":\"990\"; amount/total",
                    "\"currency\":\"CNY\"=>\"currency\":\"USD\"; amount/currency",
                    "\"currency\":\"CNY\"=>\"currency\":\"CNY\",\"payer\":1; amount/payer",
                    "20261121AB=>short; out_trade_no",
                    "20261121AB=>with space; out_trade_no",
                    "20261121AB=>012345678901234567890123456789012; out_trade_no",
                    "https://pay.example/notify=>https://pay.example/notify?x=1; notify_url",
                    "https://pay.example/notify=>ftp://pay.example/notify; notify_url",
                    "\"description\":\"tea\"=>\"description\":\"\"; description",
                    "\"description\":\"tea\",=>; description",
                    "\"appid\":\"wx1\"=>\"appid\":\"wx1\",\"surprise\":1; surprise",
                    "\"appid\":\"wx1\"=>\"appid\":\"wx1\",\"time_expire\":\"2026-11-21 12:00:00\"; time_expire",
                    "\"appid\":\"wx1\"=>\"appid\":\"wx1\",\"time_expire\":\"2026-02-30T12:00:00+08:00\"; time_expire",
                    "\"appid\":\"wx1\"=>\"appid\":\"wx1\",\"attach\":null; attach",
                    "\"appid\":\"wx1\"=>\"appid\":\"wx1\",\"support_fapiao\":\"true\"; support_fapiao",
                    "\"appid\":\"wx1\"=>\"appid\":\"wx1\",\"limit_pay\":[\"no_cash\"]; limit_pay/0",
                    "\"appid\":\"wx1\"=>\"appid\":\"wx1\",\"settle_info\":{\"profit\":true}; settle_info/profit",
                    "\"appid\":\"wx1\"=>\"appid\":\"wx1\",\"detail\":{\"goods_detail\":[{\"merchant_goods_id\":\"g\",\"quantity\":1}]}; detail/goods_detail/0/unit_price",
                    "\"appid\":\"wx1\"=>\"appid\":\"wx1\",\"scene_info\":{\"device_id\":\"d\"}; scene_info/payer_client_ip",
                    "\"appid\":\"wx1\"=>\"appid\":\"wx1\",\"scene_info\":{\"payer_client_ip\":\"1.2.3.4\",\"store_info\":{}}; scene_info/store_info/id",
                    "\"appid\":\"wx1\"=>\"appid\":\"wx1\",\"payer\":{\"openid\":\"o1\"}; payer",
                })
        void is_refused_by_the_field_that_is_wrong(String change, String field) {
            refused(
                    () -> WxpayOrderRequest.read(
                            WxpayProduct.NATIVE, false, changed(DIRECT + "}", change == null ? "" : change)),
                    field);
        }

        @Test
        void takes_each_text_up_to_its_limit_and_not_one_more() {
            for (var limit : new Object[][] {{"attach", 128}, {"goods_tag", 32}, {"description", 127}}) {
                var name = (String) limit[0];
                var most = (int) limit[1];
                var inCharacters = name.equals("goods_tag");
                var fits = inCharacters ? "茶".repeat(most - 1) + "🍵" : "茶".repeat(most / 3) + "a".repeat(most % 3);
                var body = name.equals("description")
                        ? DIRECT.replace("\"tea\"", "\"%s\"") + "}"
                        : DIRECT + ",\"" + name + "\":\"%s\"}";

                assertThat(WxpayOrderRequest.read(WxpayProduct.NATIVE, false, json(String.format(body, fits))))
                        .isNotNull();
                refused(
                        () -> WxpayOrderRequest.read(WxpayProduct.NATIVE, false, json(String.format(body, fits + "a"))),
                        name);
            }
        }

        @Test
        void inside_wechat_names_the_payer() {
            refused(() -> WxpayOrderRequest.read(WxpayProduct.JSAPI, false, json(DIRECT + "}")), "payer/openid");
            refused(
                    () -> WxpayOrderRequest.read(WxpayProduct.JSAPI, false, json(DIRECT + ",\"payer\":{}}")),
                    "payer/openid");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "\"type\":\"Wap\"=>\"type\":\"wap\"; scene_info/h5_info/type",
                    "203.0.113.7=>localhost; scene_info/payer_client_ip",
                    "\"app_name\":\"Shop\"=>\"wap_name\":\"Shop\"; scene_info/h5_info/wap_name",
                })
        void on_a_phones_page_says_from_where(String change, String field) {
            refused(() -> WxpayOrderRequest.read(WxpayProduct.H5, false, changed(DIRECT + SCENE, change)), field);
            refused(() -> WxpayOrderRequest.read(WxpayProduct.H5, false, json(DIRECT + "}")), "scene_info");
            refused(
                    () -> WxpayOrderRequest.read(WxpayProduct.NATIVE, false, json(DIRECT + SCENE)),
                    "scene_info/h5_info");
        }
    }

    @Nested
    class A_service_provider {
        @Test
        void orders_for_a_sub_merchant() {
            var order = WxpayOrderRequest.read(WxpayProduct.NATIVE, true, json(PARTNER + "}"));

            assertThat(order.mchid()).isEqualTo("1600000000");
            assertThat(order.subMchid()).isEqualTo("1700000000");
        }

        @Test
        void that_names_none_gets_wechats_own_number() {
            assertThatThrownBy(() -> WxpayOrderRequest.read(
                            WxpayProduct.NATIVE, true, changed(PARTNER + "}", "\"sub_mchid\":\"1700000000\",=>")))
                    .isInstanceOfSatisfying(
                            WxpayRefusal.class, r -> assertThat(r.number).isEqualTo(268443704));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "{\"openid\":\"o1\"}; payer",
                    "{}; payer",
                    "{\"sp_openid\":\"o1\",\"sub_openid\":\"o2\"}; payer",
                    "{\"sub_openid\":\"o2\"}; sub_appid",
                })
        void names_one_payer_in_an_application_that_it_names(String payer, String field) {
            assertThatThrownBy(() -> WxpayOrderRequest.read(
                            WxpayProduct.JSAPI, true, json(PARTNER + ",\"payer\":" + payer + "}")))
                    .isInstanceOfSatisfying(
                            WxpayRefusal.class,
                            r -> assertThat(r.detail.get("field")).startsWith("/" + field));
        }

        @Test
        void may_not_use_the_names_of_a_merchant() {
            refused(() -> WxpayOrderRequest.read(WxpayProduct.NATIVE, false, json(PARTNER + "}")), "sp_appid");
        }
    }

    @Nested
    class A_code_payment {
        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "130000000000000001=>160000000000000001; payer/auth_code",
                    "130000000000000001=>13000000000000000; payer/auth_code",
                    "{\"out_id\":\"S1\"}=>{}; scene_info/store_info",
                    "\"device_ip\":\"203.0.113.7\"=>\"payer_client_ip\":\"203.0.113.7\"; scene_info/payer_client_ip",
                    "\"amount\":=>\"notify_url\":\"https://pay.example/n\",\"amount\":; notify_url",
                    "\"amount\":=>\"time_expire\":\"2026-11-21T12:00:00+08:00\",\"amount\":; time_expire",
                })
        void is_refused_by_the_field_that_is_wrong(String change, String field) {
            refused(() -> WxpayOrderRequest.read(WxpayProduct.CODE, false, changed(CODE, change)), field);
        }
    }

    @Nested
    class A_refund {
        @Test
        void is_taken() {
            var refund = WxpayRefundRequest.read(json(REFUND));

            assertThat(refund.amount()).isEqualTo(90);
            assertThat(refund.total()).isEqualTo(990);
        }

        @Test
        void has_a_reason_of_at_most_80_bytes() {
            var fits = "\"reason\":\"broken\"=>\"reason\":\"" + "茶".repeat(26) + "ab%s\"";

            assertThat(WxpayRefundRequest.read(changed(REFUND, String.format(fits, ""))))
                    .isNotNull();
            refused(() -> WxpayRefundRequest.read(changed(REFUND, String.format(fits, "c"))), "reason");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "\"refund\":90=>\"refund\":0; amount/refund",
                    "\"total\":990,=>; amount/total",
                    ",\"currency\":\"CNY\"=>; amount/currency",
                    "\"out_trade_no\":\"20261121AB\",=>; out_trade_no",
                    "\"reason\"=>\"transaction_id\":\"42000\",\"reason\"; out_trade_no",
                    "20261121AB-1=>20261121AB#1; out_refund_no",
                    "\"reason\"=>\"funds_account\":\"OTHER\",\"reason\"; funds_account",
                    "\"refund\":90=>\"refund\":90,\"from\":[{\"account\":\"AVAILABLE\",\"amount\":80}]; amount/from",
                })
        void is_refused_by_the_field_that_is_wrong(String change, String field) {
            refused(() -> WxpayRefundRequest.read(changed(REFUND, change)), field);
        }
    }
}
