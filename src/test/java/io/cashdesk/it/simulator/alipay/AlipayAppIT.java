package io.cashdesk.it.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.AlipayMerchant;
import io.cashdesk.testing.AlipayMerchant.Answer;
import io.cashdesk.testing.Shop;
import jakarta.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payments in an app and in a mini program, with the simulated Alipay. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayAppIT extends SimulatedAlipay {
    @Nested
    class An_app {
        static JsonObject pay(String query, String orderText) {
            return node.call("POST", "/simulator/alipay/app" + query, null, orderText)
                    .json();
        }

        @Test
        void receives_its_payment_in_a_signed_text() {
            var number = Shop.number();

            var answer = pay("", merchant.orderText(APP, order(number), notifyUrl()));

            assertThat(answer.getString("resultStatus")).as(answer.toString()).isEqualTo("9000");
            var result = new Answer(200, answer.getString("result"));
            assertThat(result.name()).isEqualTo("alipay_trade_app_pay_response");
            assertThat(merchant.accepts(result)).isTrue();
            assertThat(AlipayMerchant.object(result.body()).getString("sign_type"))
                    .isEqualTo("RSA2");
            assertThat(result.json().getString("out_trade_no")).isEqualTo(number);
            assertThat(result.json().getString("total_amount")).isEqualTo("9.90");
            assertThat(result.json().getString("seller_id")).isEqualTo(merchant.sellerId);
            assertThat(notifications(number, 1).get(0))
                    .containsEntry("trade_status", "TRADE_SUCCESS")
                    .as("a payment is no refund")
                    .containsEntry("refund_fee", "0.00");
        }

        @Test
        void receives_that_the_payer_cancelled_and_may_open_the_wallet_again() {
            var number = Shop.number();
            var text = merchant.orderText(APP, order(number), Map.of());

            assertThat(pay("?decline", text).getString("resultStatus")).isEqualTo("6001");
            assertThat(status(number)).isEqualTo("WAIT_BUYER_PAY");
            assertThat(pay("", text).getString("resultStatus")).isEqualTo("9000");
            assertThat(pay("", text).getString("resultStatus")).isEqualTo("5000");
        }

        @ParameterizedTest
        @ValueSource(strings = {"8000", "6002", "6004"})
        void may_receive_an_unknown_result_although_it_is_paid(String says) {
            var number = Shop.number();

            var answer = pay("?says=" + says, merchant.orderText(APP, order(number), Map.of()));

            assertThat(answer.getString("resultStatus")).isEqualTo(says);
            assertThat(answer.getString("result")).isEmpty();
            assertThat(status(number)).isEqualTo("TRADE_SUCCESS");
        }

        @Test
        void cannot_pay_what_was_not_signed_for_it() {
            var number = Shop.number();
            var text = merchant.orderText(APP, order(number), Map.of());

            assertThat(pay("", text.replace("9.90", "0.01")).getString("resultStatus"))
                    .isEqualTo("4000");
            assertThat(pay("", merchant.orderText(PAGE, page(number), Map.of())).getString("resultStatus"))
                    .isEqualTo("4000");
            assertThat(merchant.call(QUERY, number(number)).subCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");
        }
    }

    @Nested
    class A_mini_program {
        static String tradePay(String tradeNo, String more) {
            return control("alipay/jsapi", "{\"tradeNO\":\"" + tradeNo + "\"" + more + "}")
                    .json()
                    .getString("resultCode");
        }

        @Test
        void pays_an_existing_trade_at_once() {
            var number = Shop.number();
            var tradeNo = merchant.call(CREATE, forMiniProgram(number), notifyUrl())
                    .json()
                    .getString("trade_no");
            assertThat(status(number)).isEqualTo("WAIT_BUYER_PAY");

            assertThat(tradePay(tradeNo, ",\"decline\":true")).isEqualTo("6001");
            assertThat(tradePay(tradeNo, "")).isEqualTo("9000");

            assertThat(status(number)).isEqualTo("TRADE_SUCCESS");
            assertThat(notifications(number, 1).get(0)).containsEntry("trade_no", tradeNo);
            assertThat(tradePay(tradeNo, "")).isEqualTo("4000");
        }

        @Test
        void is_notified_of_the_payer_by_the_id_that_it_used() {
            var number = Shop.number();
            var content = order(number)
                    .add("product_code", "JSAPI_PAY")
                    .add("op_app_id", merchant.appId)
                    .add("op_buyer_open_id", "0payer");

            tradePay(merchant.call(CREATE, content, notifyUrl()).json().getString("trade_no"), "");

            assertThat(notifications(number, 1).get(0))
                    .containsEntry("buyer_open_id", "0payer")
                    .doesNotContainKey("buyer_id");
            assertThat(query(number).getString("buyer_open_id")).isEqualTo("0payer");
        }

        @Test
        void cannot_pay_a_trade_that_was_made_for_a_page() {
            var number = Shop.number();
            openPage(PAGE, page(number), "https://shop.example.com/");

            assertThat(tradePay(query(number).getString("trade_no"), "")).isEqualTo("4000");
            assertThat(status(number)).isEqualTo("WAIT_BUYER_PAY");
        }

        @Test
        void without_its_own_id_or_a_payer_gets_no_trade() {
            var withoutPayer =
                    order(Shop.number()).add("product_code", "JSAPI_PAY").add("op_app_id", merchant.appId);
            var withoutApplication =
                    order(Shop.number()).add("product_code", "JSAPI_PAY").add("buyer_id", PAYER);

            assertThat(merchant.call(CREATE, withoutPayer).json().getString("sub_msg"))
                    .contains("buyer_id");
            assertThat(merchant.call(CREATE, withoutApplication).json().getString("sub_msg"))
                    .contains("op_app_id");
        }
    }
}
