package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one address of vk-uni-pay, as an existing client uses it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VkEnvelopeIT {
    static Shop shop;
    static String publishable;

    @BeforeAll
    static void open() {
        shop = new Shop("vk-it");
        publishable = shop.node
                .manage(
                        "POST",
                        "merchants/vk-it/keys",
                        Json.createObjectBuilder().add("mode", "test").add("kind", "publishable"))
                .json()
                .getString("key");
    }

    private static Node.Answer server(String action, String data) {
        return shop.node.call(
                "POST", "/http/vk-pay", shop.key, "{\"action\":\"" + action + "\",\"data\":" + data + "}");
    }

    private static JsonObject client(String action, String data) {
        var answer = shop.node.call(
                "POST", "/http/vk-pay/" + publishable, null, "{\"action\":\"" + action + "\",\"data\":" + data + "}");
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

    private static String flat(String number, String fee) {
        return "{\"provider\":\"wxpay\",\"vk_platform\":\"h5\",\"needQRcode\":true,\"total_fee\":" + fee
                + ",\"out_trade_no\":\"" + number
                + "\",\"subject\":\"tea\",\"type\":\"goods\",\"openid\":\"\",\"user_id\":\"\"}";
    }

    @Test
    void accepts_flat_data_digit_strings_and_empty_texts() {
        var number = Shop.number();

        var created = server("pay/createPayment", flat(number, "\"990\"")).json();
        shop.pay(number);
        shop.untilPaid(number);
        var paid = server("pay/queryPayment", "{\"out_trade_no\":\"" + number + "\",\"await_max_time\":\"5\"}")
                .json();
        var refunded = server("pay/refund", "{\"out_trade_no\":\"" + number + "\",\"refund_fee\":\"\"}")
                .json();

        assertThat(created.getInt("code")).isZero();
        assertThat(created.getJsonObject("orderInfo").getString("codeUrl")).startsWith("weixin://");
        assertThat(paid.getBoolean("orderPaid")).isTrue();
        assertThat(refunded.getInt("refundFee")).isEqualTo(990);
    }

    @Test
    void accepts_nested_data_too() {
        var number = Shop.number();

        var created = server(
                        "pay/createPayment",
                        "{\"provider\":\"alipay\",\"needQRcode\":true,\"data\":{\"out_trade_no\":\"" + number
                                + "\",\"total_fee\":990,\"subject\":\"tea\",\"type\":\"goods\"}}")
                .json();

        assertThat(created.getString("pay_type")).isEqualTo("alipay_h5");
    }

    @ParameterizedTest
    @CsvSource({"'{}', 1005", "'{\"provider\":\"nobody\"}', 1106", "'{\"provider\":\"wxpay\",\"sbject\":\"x\"}', 1101"})
    void refuses_with_http_200(String data, int code) {
        var answer = server("pay/createPayment", data);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().getInt("code")).isEqualTo(code);
        assertThat(answer.json().getString("msg")).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{\"action\":1}",
                "{\"action\":null}",
                "{\"action\":[\"pay/refund\"]}",
                "{",
                "{\"action\":\"pay/createPayment\",\"data\":null}",
                "{\"action\":\"pay/createPayment\",\"data\":[]}",
                "{\"action\":\"pay/createPayment\",\"data\":\"x\"}",
                "{\"action\":\"pay/createPayment\",\"data\":{\"data\":[]}}",
                "{\"action\":\"pay/createPayment\",\"data\":{\"data\":1}}",
                "{\"action\":\"pay/createPayment\",\"data\":{\"provider\":\"wxpay\",\"context\":[]}}",
                "{\"action\":\"pay/createPayment\",\"context\":7,\"data\":{\"provider\":\"wxpay\"}}",
                "{\"action\":\"pay/queryPayment\",\"data\":{\"out_trade_no\":{}}}"
            })
    void answers_nonsense_with_http_200(String body) {
        var answer = shop.node.call("POST", "/http/vk-pay", shop.key, body);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().getInt("code")).as(answer.body()).isBetween(1000, 1999);
    }

    @Test
    void refuses_an_action_that_is_not_offered_and_a_key_that_is_not_one() {
        assertThat(server("pay/transfer", "{}").json().getInt("code")).isEqualTo(1108);
        assertThat(shop.node
                        .call("POST", "/http/vk-pay", "sk_test_no", "{\"action\":\"pay/refund\",\"data\":{}}")
                        .json()
                        .getInt("code"))
                .isEqualTo(4002);
        assertThat(shop.node
                        .call("POST", "/http/vk-pay/" + shop.key, null, "{\"action\":\"pay/refund\",\"data\":{}}")
                        .json()
                        .getInt("code"))
                .as("a secret key in the address")
                .isEqualTo(4002);
    }

    @Test
    void lets_a_client_pay_and_query_what_the_server_created_and_nothing_else() {
        var number = Shop.number();
        var checkout = shop.call(
                "createCheckout",
                "{\"data\":{\"out_trade_no\":\"" + number
                        + "\",\"total_fee\":990,\"subject\":\"tea\",\"type\":\"goods\",\"custom\":{\"vip\":1}}}");
        assertThat(checkout.status()).isEqualTo(200);

        var dearer = client("pay/createPayment", flat(number, "1"));
        var unknown = client("pay/createPayment", flat(Shop.number(), "990"));
        var created = client("pay/createPayment", flat(number, "990"));
        shop.pay(number);
        shop.untilPaid(number);

        assertThat(dearer.getInt("code")).isEqualTo(2001);
        assertThat(unknown.getInt("code")).isEqualTo(2001);
        assertThat(created.getInt("code")).isZero();
        assertThat(client("pay/queryPayment", "{\"out_trade_no\":\"" + number + "\"}")
                        .getBoolean("orderPaid"))
                .isTrue();
        for (var action : new String[] {"pay/refund", "pay/closePayment", "pay/queryRefund", "pay/getOpenid"}) {
            assertThat(client(action, "{\"out_trade_no\":\"" + number + "\"}").getInt("code"))
                    .isEqualTo(4003);
        }
        assertThat(shop.node
                        .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                        .getJsonObject("payOrder")
                        .getJsonObject("custom")
                        .getInt("vip"))
                .as("the client changed nothing")
                .isEqualTo(1);
    }
}
