package io.cashdesk.it.wxpayv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.TestDatabase;
import io.cashdesk.testing.WechatV2Merchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refunds and bills through WeChat Pay API v2, and what that API refuses. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WechatV2RefundIT extends WechatV2 {
    @Nested
    class A_refund {
        private static JsonObject record(Seller seller, String number) {
            return seller.shop()
                    .node
                    .queryPayment(seller.shop().key, number, ",\"pay_order_info\":true")
                    .getJsonObject("payOrder");
        }

        @ParameterizedTest
        @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
        void in_two_parts_at_once_is_refused_for_now_because_v2_needs_a_minute_between_them(String signType) {
            var seller = SELLERS.get(signType);
            var number = seller.paid();

            var first = seller.refund(number, ",\"refund_fee\":100,\"refund_desc\":\"缺货\"");
            var tooSoon = seller.refund(number, "");
            var stored = TestDatabase.text(
                    seller.shop().node.dbUrl(),
                    "select concat_ws(' ', state, maybe_sent_at) from refund where out_refund_no = ?",
                    number + "-2");
            Eventually.within(
                    Duration.ofSeconds(20),
                    "accepted a minute later",
                    () -> seller.refund(number, "").status() == 200);
            seller.untilStatus(number, 3);

            assertThat(first.status()).as(first.body()).isEqualTo(200);
            assertThat(first.json().getString("outRefundNo")).isEqualTo(number + "-1");
            assertThat(first.json().getInt("refundFee")).isEqualTo(100);
            assertThat(first.json().getString("refund_status")).isIn("processing", "success");
            assertThat(tooSoon.status()).as(tooSoon.body()).isEqualTo(502);
            assertThat(tooSoon.json().getInt("code")).isEqualTo(3002);
            assertThat(tooSoon.json().getString("retry")).isEqualTo("same_later");
            assertThat(stored).isEqualTo("FAILED");
            assertThat(record(seller, number).getJsonArray("refund_list")).hasSize(2);
            assertThat(record(seller, number).getInt("refund_fee")).isEqualTo(990);
            Eventually.within(
                    Duration.ofSeconds(10), "one payment and two refunds are stored", () -> authentic(number) == 3);
            var answer = seller.shop()
                    .call("queryRefund", "{\"out_trade_no\":\"" + number + "\"}")
                    .json();
            assertThat(answer.getJsonObject("queryResult").getString("refund_status"))
                    .isEqualTo("success");
        }

        @Test
        void whose_answer_is_lost_is_found_and_made_once() {
            var seller = SELLERS.get(WechatV2Merchant.HMAC);
            var number = seller.paid();
            seller.shop().setFault(number, "REFUND_TIMES_OUT_AFTER_ACCEPTING");

            assertThat(seller.refund(number, "").status()).isEqualTo(200);

            seller.untilStatus(number, 3);
            assertThat(record(seller, number).getInt("refund_num")).isEqualTo(1);
            assertThat(records(number).getJsonArray("refunds")).hasSize(1);
        }

        @ParameterizedTest
        @CsvSource({"REFUND_ABNORMAL, ABNORMAL", "REFUND_CLOSED, CLOSED"})
        void that_does_not_arrive_ends_as_v2_reports(String fault, String state) {
            var seller = SELLERS.get(WechatV2Merchant.MD5);
            var number = seller.paid();
            seller.shop().setFault(number, fault);

            assertThat(seller.refund(number, ",\"refund_fee\":500").status()).isEqualTo(200);

            Eventually.within(
                    Duration.ofSeconds(20),
                    state,
                    () -> Stream.of(state)
                            .anyMatch(s -> TestDatabase.text(
                                            seller.shop().node.dbUrl(),
                                            "select state from refund where out_refund_no = ?",
                                            number + "-1")
                                    .equals(s)));
            assertThat(seller.shop().query(number).getInt("status")).isEqualTo(1);
        }

        @Test
        void without_the_merchants_certificate_is_refused_and_can_be_tried_again_with_it() {
            var seller = seller("v2-no-pfx", WechatV2Merchant.MD5, "pfx");
            var complete = Json.createObjectBuilder(seller.node());
            var number = seller.paid();

            var refused = seller.refund(number, "");
            var pfx = TestDatabase.text(
                    seller.shop().node.dbUrl(),
                    "select k.pfx from sim_wechat_v2_key k join sim_account a on a.id = k.account_id where a.mch_no = ?",
                    seller.merchant().mchId);
            put("v2-no-pfx", complete.add("pfx", pfx).build());
            var again = seller.refund(number, "");

            assertThat(refused.status()).isEqualTo(502);
            assertThat(refused.json().getString("detail")).contains("pfx");
            assertThat(again.status()).as(again.body()).isEqualTo(200);
            assertThat(again.json().getString("outRefundNo")).isEqualTo(number + "-1");
            seller.untilStatus(number, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
    void a_days_bill_is_fetched(String signType) {
        var seller = SELLERS.get(signType);
        var number = seller.paid();
        age(number, Duration.ofDays(1));
        var yesterday = DateTimeFormatter.BASIC_ISO_DATE.format(
                Instant.now().atOffset(ZoneOffset.ofHours(8)).toLocalDate().minusDays(1));

        var bill = seller.shop()
                .node
                .call(
                        "POST",
                        "/api/cloudPay/downloadBill",
                        seller.shop().key,
                        "{\"billDate\":\"" + yesterday + "\",\"billType\":\"SUCCESS\"}");

        assertThat(bill.status()).as(bill.body()).isEqualTo(200);
        assertThat(bill.body()).contains("`" + number);
    }

    @Test
    void a_node_with_a_malformed_key_is_refused_by_its_name() {
        var seller = SELLERS.get(WechatV2Merchant.MD5);
        var wrong = Json.createObjectBuilder(seller.node()).add("key", "too-short");

        var put = seller.shop()
                .node
                .manage(
                        "PUT",
                        "merchants/v2-MD5/providers",
                        Json.createObjectBuilder()
                                .add("wxpay", Json.createObjectBuilder().add("h5", wrong)));

        assertThat(put.status()).isEqualTo(400);
        assertThat(put.json().getString("detail")).contains("key must be the v2 API key");
        assertThat(put.body()).doesNotContain("too-short");
    }
}
