package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the merchant API refuses, and how it explains it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RefusalIT {
    static Shop shop;
    static Node node;
    static String key;

    @BeforeAll
    static void open() {
        shop = new Shop("refusal-it");
        node = shop.node;
        key = shop.key;
    }

    @Nested
    class A_refusal {
        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "{}; 1102",
                    "{\"provider\":\"wxpay\",\"data\":{}}; 1001",
                    "{\"provider\":\"\",\"data\":{}}; 1005",
                    "{\"provider\":\"paypal\",\"data\":{}}; 1106",
                    "{\"provider\":\"wxpay\",\"needQRcode\":\"yes\",\"data\":{}}; 1102",
                    "{\"provider\":\"wxpay\",\"data\":{\"out_trade_no\":\"T2026112100\",\"total_fee\":\"990\"}}; 1003",
                    "{\"provider\":\"wxpay\",\"data\":{\"out_trade_no\":\"T2026112100\",\"total_fee\":990}}; 1004",
                    "{\"provider\":\"wxpay\",\"data\":{\"out_trade_no\":\"T2026112100\",\"total_fee\":990,\"subject\":\"茶\"}}; 1002",
                    "{\"provider\":\"wxpay\",\"data\":{\"total_fe\":1}}; 1101",
                    "{\"provider\":\"wxpay\",\"data\":{\"auth_code\":\"130000000000000000\"}}; 1114",
                    "{\"provider\":\"wxpay\",\"context\":{\"PLATFORM\":\"mp-toutiao\"},\"data\":{}}; 1108",
                    "{\"provider\":\"wxpay\",\"data\":{\"out_trade_no\":\"T2026112100\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"g\",\"time_expire\":1700000000000}}; 1109",
                    "{\"provider\":\"wxpay\",\"data\":{\"out_trade_no\":\"T2026112100\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"g\",\"pid\":\"another\"}}; 4005",
                    "{\"provider\":\"wxpay\",\"data\":{\"sub_mchid\":null}}; 1102",
                    "{\"provider\":\"wxpay\",\"data\":{\"sub_mchid\":\"\"}}; 1102",
                    "{\"provider\":\"alipay\",\"data\":{\"app_auth_token\":null}}; 1102",
                    "not json; 1103",
                })
        void of_createPayment_names_the_code(String body, int code) {
            var answer = node.pay("createPayment", key, body);

            assertThat(answer.json().getInt("code")).as(answer.body()).isEqualTo(code);
            assertThat(answer.contentType()).startsWith("application/problem+json");
            assertThat(answer.json().getString("detail")).isNotBlank();
            assertThat(answer.json().getInt("status")).isEqualTo(answer.status());
        }

        @Test
        void of_the_same_number_with_another_price_is_a_409() {
            var number = Shop.number();
            node.createPayment(key, "wxpay", number, 990);

            var answer = node.createPayment(key, "wxpay", number, 991);

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.json().getInt("code")).isEqualTo(2007);
            assertThat(answer.body()).contains("990").contains("991");
        }

        @Test
        void by_the_provider_explains_its_meaning_who_can_correct_it_and_what_to_show_the_payer() {
            var number = Shop.number();
            var body = "{\"provider\":\"wxpay\",\"needQRcode\":true,\"data\":{\"out_trade_no\":\"" + number
                    + "\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"goods\",\"other\":{\"no_such_field\":1}}}";

            var answer = node.pay("createPayment", key, body);

            assertThat(answer.status()).isEqualTo(502);
            var problem = answer.json();
            assertThat(problem.getInt("code")).isEqualTo(3002);
            assertThat(problem.getString("provider_code")).isEqualTo("PARAM_ERROR");
            assertThat(problem.getString("fault")).isEqualTo("merchant");
            assertThat(problem.getString("retry")).isEqualTo("no");
            assertThat(problem.getString("msg"))
                    .contains("PARAM_ERROR")
                    .contains("no_such_field")
                    .contains("请改正后再发");
            assertThat(problem.getString("detail")).contains("Correct it, then send the request again");
            assertThat(problem.getString("payer_msg")).contains("请换一种支付方式").doesNotContain("PARAM");
        }

        @Test
        void that_leaves_the_outcome_unknown_repeats_the_providers_answer_and_advises_a_query_first() {
            var number = Shop.number();
            shop.setFault(number, "ANSWER_SYSTEM_ERROR");

            var answer = node.createPayment(key, "wxpay", number, 990);

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.json().getInt("code")).isEqualTo(3004);
            assertThat(answer.json().getString("provider_code")).isEqualTo("SYSTEM_ERROR");
            assertThat(answer.json().getString("fault")).isEqualTo("provider");
            assertThat(answer.json().getString("retry")).isEqualTo("ask_first");
        }

        @Test
        void of_a_login_code_explains_how_to_get_another() {
            var answer = node.pay(
                    "getOpenid", key, "{\"provider\":\"wxpay\",\"platform\":\"mp-weixin\",\"code\":\"unknown\"}");

            assertThat(answer.json().getInt("code")).as(answer.body()).isEqualTo(3002);
            assertThat(answer.json().getString("provider_code")).isEqualTo("40029");
            assertThat(answer.json().getString("detail")).contains("Let the client get a new one");
            assertThat(answer.json().getString("payer_msg")).contains("重新打开");
        }

        @Test
        void by_the_provider_is_shown_to_the_payer_on_the_page_in_the_payers_language() {
            var number = Shop.number();
            var data = "\"out_trade_no\":\"" + number + "\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"goods\"";
            var page = node.pay("createCheckout", key, "{\"data\":{" + data + "}}")
                    .json()
                    .getString("checkout_url");
            node.pay(
                    "createPayment",
                    key,
                    "{\"provider\":\"wxpay\",\"needQRcode\":true,\"data\":{" + data
                            + ",\"other\":{\"no_such_field\":1}}}");

            var refused = page + "?choose&problem=provider-refused";
            assertThat(node.call("GET", refused, null, null).body()).contains("暂时不能用微信支付付款");
            assertThat(node.call("GET", refused + "&lang=en", null, null).body())
                    .contains("WeChat Pay cannot be used here right now")
                    .doesNotContain("PARAM_ERROR");
        }

        @Test
        void of_a_missing_or_wrong_key_is_a_401() {
            assertThat(node.pay("queryPayment", null, "{}").json().getInt("code"))
                    .isEqualTo(4001);
            assertThat(node.pay("queryPayment", "sk_test_wrong", "{}").status()).isEqualTo(401);
        }

        @Test
        void of_another_merchants_order_is_a_404() {
            var number = Shop.number();
            node.createPayment(key, "wxpay", number, 990);
            var other = node.merchant("refusal-it-other", "test");

            assertThat(node.pay("queryPayment", other, "{\"out_trade_no\":\"" + number + "\"}")
                            .json()
                            .getInt("code"))
                    .isEqualTo(2001);
        }

        @Test
        void of_a_test_order_by_a_live_key_is_a_404_too() {
            var number = Shop.number();
            node.createPayment(key, "wxpay", number, 990);
            var live = node.merchant("refusal-it", "live");

            assertThat(node.pay("queryPayment", live, "{\"out_trade_no\":\"" + number + "\"}")
                            .status())
                    .isEqualTo(404);
            assertThat(node.createPayment(live, "wxpay", Shop.number(), 1)
                            .json()
                            .getInt("code"))
                    .isEqualTo(1107);
        }

        @Test
        void of_a_body_over_64_KiB_is_a_413_and_of_another_type_a_415() {
            var large = "{\"x\":\"" + "x".repeat(70_000) + "\"}";
            assertThat(node.pay("queryPayment", key, large).status()).isEqualTo(413);

            var form = HttpRequest.newBuilder(node.base().resolve("/api/pay/queryPayment"))
                    .header("Authorization", "Bearer " + key)
                    .header("Content-Type", "text/plain")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            assertThat(Node.send(form).status()).isEqualTo(415);
        }

        @Test
        void is_in_the_language_that_the_caller_accepts() {
            var english = HttpRequest.newBuilder(node.base().resolve("/api/pay/queryPayment"))
                    .header("Accept-Language", "en")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();

            assertThat(Node.send(english).json().getString("msg")).startsWith("Send the key as");
            assertThat(node.pay("queryPayment", null, "{}").json().getString("msg"))
                    .contains("密钥");
        }
    }
}
