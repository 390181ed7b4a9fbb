package io.cashdesk.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the simulated Alipay takes and refuses, and how long what it took lives. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayRulesTest {
    /** 20:00 in China. */
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    /** An order of 9.90 yuan; what is added wins. */
    static JsonObject order(String more) {
        var plain = json("{\"out_trade_no\":\"T1\",\"total_amount\":\"9.90\",\"subject\":\"茶\"}");
        return Json.createObjectBuilder(plain)
                .addAll(Json.createObjectBuilder(json("{" + more + "}")))
                .build();
    }

    static AlipayRules.Order taken(AlipayProduct product, String more) {
        return AlipayRules.order(product, order(more), NOW);
    }

    static void refused(Runnable call, String subCode, String word) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        AlipayRefusal.class, r -> assertThat(r.subCode).isEqualTo("ACQ." + subCode))
                .hasMessageContaining(word);
    }

    static Duration life(AlipayProduct product, String more) {
        return Duration.between(NOW, taken(product, more).expiresAt());
    }

    @Nested
    class An_order {
        @Test
        void is_taken_with_its_amount_in_fen() {
            var taken = taken(AlipayProduct.PRECREATE, "\"total_amount\":\"100000000.00\"");

            assertThat(taken.number()).isEqualTo("T1");
            assertThat(taken.amount()).isEqualTo(10_000_000_000L);
            assertThat(taken(AlipayProduct.PRECREATE, "\"total_amount\":9.9").amount())
                    .as("as a number")
                    .isEqualTo(990);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "\"total_amount\":\"0.00\"; total_amount",
                    "\"total_amount\":\"9.901\"; total_amount",
                    "\"total_amount\":\"abc\"; total_amount",
                    "\"total_amount\":\"-1.00\"; total_amount",
                    "\"total_amount\":\"100000000.01\"; total_amount",
                    "\"out_trade_no\":\"a-b\"; out_trade_no",
                    "\"out_trade_no\":\"\"; out_trade_no",
                    "\"out_trade_no\":7; out_trade_no",
                    "\"subject\":\"tea & cake\"; subject",
                    "\"subject\":\"a/b\"; subject",
                    "\"subject\":\"\"; subject",
                    "\"product_code\":\"QUICK_WAP_WAY\"; product_code",
                    "\"time_expire\":\"2026-11-21T21:00:00\"; time_expire",
                    "\"timeout_express\":\"1.5h\"; timeout_express",
                    "\"timeout_express\":\"16d\"; timeout_express",
                    "\"timeout_express\":\"0m\"; timeout_express",
                    "\"qr_code_timeout_express\":\"soon\"; qr_code_timeout_express",
                    "\"enable_pay_channels\":\"balance\",\"disable_pay_channels\":\"pcredit\"; disable_pay_channels",
                    "\"discountable_amount\":\"1.00\",\"undiscountable_amount\":\"8.89\"; discountable_amount",
                    "\"goods_detail\":[{\"goods_id\":\"1\"}]; goods_detail",
                    "\"goods_detail\":\"tea\"; goods_detail",
                    "\"store_id\":\"123456789012345678901234567890123\"; store_id",
                    "\"merchant_order_no\":\"123456789012345678901234567890123\"; merchant_order_no",
                    "\"extend_params\":{\"hb_fq_num\":\"123456\"}; hb_fq_num",
                    "\"goods_detail\":[{\"goods_id\":\"1\",\"goods_name\":\"茶\",\"quantity\":1,\"price\":9.9,\"goods_category\":\"1234567890123456789012345\"}]; goods_category",
                })
        void is_refused_by_the_field_that_is_wrong(String more, String field) {
            refused(() -> taken(AlipayProduct.PRECREATE, more), "INVALID_PARAMETER", field);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"discountable_amount\":\"1.00\",\"undiscountable_amount\":\"8.90\"",
                    "\"discountable_amount\":\"0.00\",\"undiscountable_amount\":\"9.90\"",
                    "\"discountable_amount\":\"1.00\"",
                    "\"goods_detail\":[{\"goods_id\":\"1\",\"goods_name\":\"茶\",\"quantity\":1,\"price\":9.9}]",
                    "\"product_code\":\"FACE_TO_FACE_PAYMENT\"",
                    "\"subject\":\"矿泉水 550ml／瓶 ＝ ＆\"",
                    "\"extend_params\":{\"sys_service_provider_id\":\"2088511833207846\"}",
                    "\"unheard_of\":true",
                })
        void is_taken_with_what_its_documents_allow(String more) {
            assertThat(taken(AlipayProduct.PRECREATE, more).amount()).isEqualTo(990);
        }

        @Test
        void has_at_most_256_characters_of_title_whatever_their_bytes() {
            assertThat(taken(AlipayProduct.PRECREATE, "\"subject\":\"" + "茶".repeat(256) + "\"")
                            .subject())
                    .hasSize(256);
            refused(
                    () -> taken(AlipayProduct.PRECREATE, "\"subject\":\"" + "a".repeat(257) + "\""),
                    "INVALID_PARAMETER",
                    "subject");
        }

        @Test
        void has_addresses_of_at_most_256_characters() {
            var address = "https://pay.example/" + "a".repeat(236);

            AlipayRules.checkAddresses(Map.of("notify_url", address, "return_url", address));
            refused(
                    () -> AlipayRules.checkAddresses(Map.of("notify_url", address + "b")),
                    "INVALID_PARAMETER",
                    "notify_url");
        }

        @Test
        void whose_time_is_over_says_so() {
            refused(
                    () -> taken(AlipayProduct.PRECREATE, "\"time_expire\":\"2026-11-21 20:00:00\""),
                    "NOW_TIME_AFTER_EXPIRE_TIME_ERROR",
                    "");
        }
    }

    @Nested
    class Its_life {
        @ParameterizedTest
        @CsvSource({
            "PRECREATE, '', PT2H", // the code's
            "CODE, '', PT3H",
            "APP, '', P15D",
            "APP, '\"timeout_express\":\"90m\"', PT90M",
            "APP, '\"timeout_express\":\"2h\"', PT2H",
            "APP, '\"timeout_express\":\"15d\"', P15D",
            "APP, '\"timeout_express\":\"1c\"', PT4H",
            "APP, '\"timeout_express\":\"2h\",\"time_expire\":\"2026-11-21 20:05:00\"', PT5M",
            "PRECREATE, '\"qr_code_timeout_express\":\"5m\"', PT5M",
            "PRECREATE, '\"timeout_express\":\"15d\"', PT2H",
        })
        void ends_as_asked_or_as_the_product_has_it(AlipayProduct product, String more, Duration life) {
            assertThat(life(product, more)).isEqualTo(life);
        }

        @Test
        void of_a_mini_programs_order_is_fifteen_days_and_of_another_made_the_same_way_three_hours() {
            var payer = "\"buyer_id\":\"2088000000000001\"";

            assertThat(life(AlipayProduct.CREATE, payer)).isEqualTo(Duration.ofHours(3));
            assertThat(life(AlipayProduct.CREATE, payer + ",\"product_code\":\"JSAPI_PAY\",\"op_app_id\":\"2021\""))
                    .isEqualTo(Duration.ofDays(15));
        }
    }

    @Nested
    class A_product {
        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "PAGE; ; product_code",
                    "WAP; \"product_code\":\"QUICK_WAP_WAY\"; quit_url",
                    "WAP; \"quit_url\":\"https://shop.example/\"; product_code",
                    "APP; \"product_code\":\"QUICK_WAP_WAY\"; product_code",
                    "PAGE; \"product_code\":\"FAST_INSTANT_TRADE_PAY\",\"qr_pay_mode\":\"5\"; qr_pay_mode",
                    "PAGE; \"product_code\":\"FAST_INSTANT_TRADE_PAY\",\"goods_type\":\"2\"; goods_type",
                    "PAGE; \"product_code\":\"FAST_INSTANT_TRADE_PAY\",\"integration_type\":\"WEB\"; integration_type",
                    "CREATE; \"product_code\":\"JSAPI_PAY\",\"buyer_id\":\"2088000000000001\"; op_app_id",
                    "CREATE; \"product_code\":\"JSAPI_PAY\",\"op_app_id\":\"2021\"; buyer_id",
                    "CREATE; \"product_code\":\"JSAPI_PAY\",\"op_app_id\":\"2021\",\"buyer_id\":\"me\"; buyer_id",
                })
        void wants_what_is_its_own(AlipayProduct product, String more, String field) {
            refused(() -> taken(product, more == null ? "" : more), "INVALID_PARAMETER", field);
        }

        @ParameterizedTest
        @ValueSource(strings = {"buyer_id\":\"2088000000000001", "op_buyer_open_id\":\"0abc", "buyer_logon_id\":\"a@b"})
        void for_a_mini_program_takes_any_name_of_the_payer(String payer) {
            var more = "\"product_code\":\"JSAPI_PAY\",\"op_app_id\":\"2021\",\"" + payer + "\"";

            assertThat(taken(AlipayProduct.CREATE, more).product()).isEqualTo(AlipayProduct.CREATE);
        }
    }

    @Nested
    class A_payment_code {
        static JsonObject scanned(String scene, String code) {
            return order("\"scene\":\"" + scene + "\",\"auth_code\":\"" + code + "\"");
        }

        @ParameterizedTest
        @CsvSource({
            "bar_code, 2512345678901234",
            "bar_code, 280123456789012345",
            "bar_code, 301234567890123456789012",
            "security_code, fp123456789012345678901234567890123",
        })
        void is_read_as_its_scene_says(String scene, String code) {
            assertThat(AlipayRules.authCode(scanned(scene, code))).isEqualTo(code);
        }

        @ParameterizedTest
        @CsvSource({
            "bar_code, 130123456789012345",
            "bar_code, 28012345678901",
            "bar_code, 3012345678901234567890123",
            "bar_code, fp123456789012345678901234567890123",
            "security_code, 280123456789012345",
        })
        void of_another_kind_is_invalid(String scene, String code) {
            refused(() -> AlipayRules.authCode(scanned(scene, code)), "PAYMENT_AUTH_CODE_INVALID", "");
        }

        @Test
        void without_a_scene_is_a_wrong_parameter() {
            refused(
                    () -> AlipayRules.authCode(order("\"auth_code\":\"280123456789012345\"")),
                    "INVALID_PARAMETER",
                    "scene");
        }
    }

    @Nested
    class A_refund {
        @Test
        void is_taken_with_or_without_a_number() {
            var named = AlipayRules.refund(
                    json("{\"refund_amount\":\"1.00\",\"out_request_no\":\"T1-1\",\"refund_reason\":\"broken\"}"));
            var nameless = AlipayRules.refund(json("{\"refund_amount\":\"9.90\"}"));

            assertThat(named).isEqualTo(new AlipayRules.Refund("T1-1", 100, "broken"));
            assertThat(nameless).isEqualTo(new AlipayRules.Refund("", 990, ""));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                value = {
                    "{\"refund_amount\":\"0\"}; refund_amount",
                    "{\"out_request_no\":\"1\"}; refund_amount",
                    "{\"refund_amount\":\"1.00\",\"refund_currency\":\"USD\"}; refund_currency",
                    "{\"refund_amount\":\"1.00\",\"out_request_no\":7}; out_request_no",
                })
        void is_refused_by_the_field_that_is_wrong(String content, String field) {
            refused(() -> AlipayRules.refund(json(content)), "INVALID_PARAMETER", field);
        }
    }

    @Test
    void more_is_answered_only_if_it_is_asked_for() {
        var asking = json("{\"query_options\":[\"gmt_refund_pay\"]}");

        assertThat(AlipayRules.asksFor(asking, "gmt_refund_pay")).isTrue();
        assertThat(AlipayRules.asksFor(asking, "refund_detail_item_list")).isFalse();
        assertThat(AlipayRules.asksFor(json("{}"), "gmt_refund_pay")).isFalse();
        refused(
                () -> AlipayRules.asksFor(json("{\"query_options\":\"all\"}"), "all"),
                "INVALID_PARAMETER",
                "query_options");
    }
}
