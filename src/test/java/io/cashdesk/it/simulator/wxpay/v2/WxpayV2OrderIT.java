package io.cashdesk.it.simulator.wxpay.v2;

import static io.cashdesk.testing.WechatV2Merchant.HMAC;
import static io.cashdesk.testing.WechatV2Merchant.MD5;
import static io.cashdesk.testing.WechatV2Merchant.fields;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.WechatV2Merchant;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders of the simulated WeChat Pay API v2. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayV2OrderIT extends SimulatedWxpayV2 {
    @Nested
    class An_order {
        @ParameterizedTest
        @CsvSource({
            "out_trade_no, '', LACK_PARAMS",
            "body, '', LACK_PARAMS",
            "product_id, '', LACK_PARAMS",
            "notify_url, '', LACK_PARAMS",
            "out_trade_no, a#b, PARAM_ERROR",
            "out_trade_no, 123456789012345678901234567890123, PARAM_ERROR",
            "total_fee, 0, PARAM_ERROR",
            "total_fee, 9.9, PARAM_ERROR",
            "trade_type, SCAN, PARAM_ERROR",
            "notify_url, http://shop.example/?a=1, PARAM_ERROR",
            "time_expire, 2026-01-01, PARAM_ERROR",
            "fee_type, USD, PARAM_ERROR",
            "limit_pay, no_debit, PARAM_ERROR",
            "detail, hello, PARAM_ERROR",
            "appid, wx0000000000000000, APPID_MCHID_NOT_MATCH",
        })
        void with_a_wrong_field_is_refused(String name, String value, String code) {
            var answer = make(md5, Shop.number(), name, value);

            assertThat(answer).containsEntry("result_code", "FAIL").containsEntry("err_code", code);
            assertThat(answer.get("err_code_des")).isNotEmpty();
        }

        @Test
        void inside_wechat_needs_the_payers_openid() {
            var withoutOpenid = make(md5, Shop.number(), "trade_type", "JSAPI", "product_id", "");
            var foreign = make(
                    md5,
                    Shop.number(),
                    "trade_type",
                    "JSAPI",
                    "product_id",
                    "",
                    "openid",
                    "oAAAAAAAAAAAAAAAPayer001-_1");

            assertThat(withoutOpenid).containsEntry("err_code", "LACK_PARAMS");
            assertThat(foreign).containsEntry("err_code", "PARAM_ERROR");
        }

        @Test
        void queried_before_it_is_paid_answers_only_its_state() {
            var number = Shop.number();
            make(md5, number);

            assertThat(query(number))
                    .containsEntry("trade_state", "NOTPAY")
                    .containsEntry("out_trade_no", number)
                    .containsEntry("attach", "table 5")
                    .doesNotContainKeys("total_fee", "transaction_id", "trade_type");
            assertThat(query(Shop.number())).containsEntry("err_code", "ORDERNOTEXIST");
        }

        @ParameterizedTest
        @ValueSource(strings = {MD5, HMAC})
        void that_is_paid_is_notified_with_the_signature_method_of_its_request(String signType) {
            var merchant = signType.equals(MD5) ? md5 : hmac;
            var number = paid(merchant);

            var notified = notification(number);

            assertThat(merchant.accepts(notified)).isTrue();
            assertThat(notified)
                    .containsAllEntriesOf(fields(
                            "return_code", "SUCCESS",
                            "result_code", "SUCCESS",
                            "appid", md5.appId,
                            "mch_id", md5.mchId,
                            "out_trade_no", number,
                            "total_fee", "990",
                            "cash_fee", "990",
                            "fee_type", "CNY",
                            "trade_type", "NATIVE",
                            "attach", "table 5"))
                    .doesNotContainKey("trade_state");
            assertThat(notified.get("time_end")).matches("\\d{14}");
            var queried = merchant.call("/pay/orderquery", "transaction_id", notified.get("transaction_id"));
            assertThat(queried).containsEntry("trade_state", "SUCCESS").containsEntry("out_trade_no", number);
        }

        @Test
        void that_is_not_acknowledged_is_notified_again_and_http_200_alone_is_no_acknowledgement() {
            try (var unacknowledging = new MerchantServer()) {
                unacknowledging.answers(200, "{}");
                var number = Shop.number();
                make(md5, number, "notify_url", unacknowledging.url());

                pay(number);

                Eventually.within(
                        Duration.ofSeconds(10),
                        "notified again",
                        () -> unacknowledging.received().size() >= 2);
                unacknowledging.answers(200, "<xml><return_code>SUCCESS</return_code></xml>");
            }
        }

        @Test
        void can_be_repeated_only_with_equal_fields() {
            var number = Shop.number();
            var first = make(md5, number);

            var again = make(md5, number);
            var other = make(md5, number, "total_fee", "991");
            pay(number);
            var paid = make(md5, number);

            assertThat(again.get("code_url")).isNotEqualTo(first.get("code_url"));
            assertThat(other).containsEntry("err_code", "INVALID_REQUEST");
            assertThat(paid).containsEntry("err_code", "ORDERPAID");
        }

        @Test
        void is_closed_after_five_minutes_and_not_paid_any_more() {
            var number = Shop.number();
            make(md5, number);

            var tooSoon = md5.call("/pay/closeorder", "out_trade_no", number);
            age(number, Duration.ofMinutes(5));
            var closed = md5.call("/pay/closeorder", "out_trade_no", number);
            var again = md5.call("/pay/closeorder", "out_trade_no", number);

            assertThat(tooSoon).containsEntry("result_code", "FAIL");
            assertThat(closed).containsEntry("result_code", "SUCCESS").containsEntry("result_msg", "OK");
            assertThat(again).containsEntry("err_code", "ORDERCLOSED");
            assertThat(query(number)).containsEntry("trade_state", "CLOSED");
            assertThat(make(md5, number)).containsEntry("err_code", "ORDERCLOSED");
        }

        @Test
        void of_a_service_provider_belongs_to_its_sub_merchant() {
            var number = Shop.number();
            var made = make(md5, number, "sub_mch_id", md5.subMchId, "sub_appid", md5.subAppId);
            pay(number);

            var foreign = make(md5, Shop.number(), "sub_mch_id", "1700000000");
            var notified = notification(number);

            assertThat(made).containsEntry("sub_mch_id", md5.subMchId).containsEntry("sub_appid", md5.subAppId);
            assertThat(foreign).containsEntry("err_code", "NOAUTH");
            assertThat(notified).containsEntry("sub_mch_id", md5.subMchId).containsKeys("openid", "sub_openid");
            assertThat(query(number)).containsEntry("err_code", "ORDERNOTEXIST");
            assertThat(md5.call("/pay/orderquery", "out_trade_no", number, "sub_mch_id", md5.subMchId))
                    .containsEntry("trade_state", "SUCCESS");
        }

        @ParameterizedTest
        @ValueSource(strings = {"ANSWER_SYSTEM_ERROR", "ANSWER_HTML", "ANSWER_BADLY_SIGNED"})
        void is_made_although_its_answer_is_faulty(String fault) {
            var number = Shop.number();
            setFault(number, fault);

            var answer = md5.sendBytes("POST", "/pay/unifiedorder", WechatV2Merchant.xml(md5.signed(order(number))));

            switch (fault) {
                case "ANSWER_HTML" -> assertThat(answer.statusCode()).isEqualTo(502);
                case "ANSWER_SYSTEM_ERROR" -> assertThat(answer.body()).contains("[SYSTEMERROR]");
                default -> {
                    var faulty = WechatV2Merchant.read(answer.body(), "xml");
                    assertThat(md5.accepts(faulty)).isFalse();
                }
            }
            assertThat(query(number)).containsEntry("trade_state", "NOTPAY");
        }
    }
}
