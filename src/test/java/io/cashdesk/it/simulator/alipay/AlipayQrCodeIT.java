package io.cashdesk.it.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A QR code of the simulated Alipay, from precreate to its notification. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayQrCodeIT extends SimulatedAlipay {
    @Nested
    class A_code_on_a_screen {
        @Test
        void is_no_trade_until_it_is_scanned() {
            var number = Shop.number();
            var code = merchant.call(PRECREATE, order(number)).json().getString("qr_code");

            assertThat(merchant.call(QUERY, number(number)).subCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");
            assertThat(merchant.call(CLOSE, number(number)).subCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");
            open("/simulator/wallet?code=" + URLEncoder.encode(code, StandardCharsets.UTF_8));
            assertThat(status(number)).isEqualTo("WAIT_BUYER_PAY");
        }

        @Test
        void is_the_same_for_an_equal_request_and_refused_for_a_different_one() {
            var number = Shop.number();
            var code = merchant.call(PRECREATE, order(number)).json().getString("qr_code");

            var again = merchant.call(PRECREATE, order(number));
            var withOtherAmount = merchant.call(PRECREATE, order(number).add("total_amount", "9.91"));
            pay(number);
            var paid = merchant.call(PRECREATE, order(number));

            assertThat(again.json().getString("qr_code")).isEqualTo(code);
            assertThat(withOtherAmount.subCode()).isEqualTo("ACQ.CONTEXT_INCONSISTENT");
            assertThat(paid.subCode()).isEqualTo("ACQ.TRADE_HAS_SUCCESS");
        }

        @Test
        void that_was_not_scanned_for_two_hours_is_replaced() {
            var number = Shop.number();
            var first = merchant.call(PRECREATE, order(number)).json().getString("qr_code");
            age(number, Duration.ofHours(2).plusSeconds(1));

            var second = merchant.call(PRECREATE, order(number)).json().getString("qr_code");
            pay(number);

            assertThat(second).isNotEqualTo(first);
            assertThat(status(number)).isEqualTo("TRADE_SUCCESS");
        }

        @Test
        void is_notified_when_it_is_paid_with_every_field_of_the_request() {
            var number = paid();

            var notified = notifications(number, 1).get(0);

            assertThat(notified)
                    .containsEntry("trade_status", "TRADE_SUCCESS")
                    .containsEntry("app_id", merchant.appId)
                    .containsEntry("auth_app_id", merchant.appId)
                    .containsEntry("seller_id", merchant.sellerId)
                    .containsEntry("total_amount", "9.90")
                    .containsEntry("subject", "西湖龙井")
                    .containsEntry("passback_params", "table%3D5")
                    .containsEntry("buyer_id", PAYER)
                    .containsEntry("fund_bill_list", "[{\"amount\":\"9.90\",\"fund_channel\":\"ALIPAYACCOUNT\"}]")
                    .containsEntry("notify_type", "trade_status_sync")
                    .containsKeys("gmt_create", "gmt_payment", "notify_id", "notify_time", "trade_no")
                    .doesNotContainKeys("refund_fee", "gmt_refund", "gmt_close");
        }

        @Test
        void is_found_by_either_number_and_with_its_fund_bills_on_request() {
            var number = paid();
            var tradeNo = query(number).getString("trade_no");

            var found = merchant.call(
                            QUERY,
                            Json.createObjectBuilder()
                                    .add("trade_no", tradeNo)
                                    .add(
                                            "query_options",
                                            Json.createArrayBuilder().add("fund_bill_list")))
                    .json();

            assertThat(tradeNo).hasSize(28).matches("\\d{8}22001\\d+");
            assertThat(found.getString("out_trade_no")).isEqualTo(number);
            assertThat(found.getString("receipt_amount")).isEqualTo("9.90");
            assertThat(found.getString("passback_params")).isEqualTo("table%3D5");
            assertThat(found.getJsonArray("fund_bill_list")).hasSize(1);
            assertThat(query(number)).doesNotContainKey("fund_bill_list").containsKey("send_pay_date");
        }
    }
}
