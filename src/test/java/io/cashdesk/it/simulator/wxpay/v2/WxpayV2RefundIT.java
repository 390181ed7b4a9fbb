package io.cashdesk.it.simulator.wxpay.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.WechatV2Merchant;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.SortedMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refunds and bills of the simulated WeChat Pay API v2. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayV2RefundIT extends SimulatedWxpayV2 {
    @Nested
    class A_refund {
        @ParameterizedTest
        @CsvSource({"'', SUCCESS", "REFUND_ABNORMAL, CHANGE", "REFUND_CLOSED, REFUNDCLOSE"})
        void is_accepted_settled_and_notified_encrypted(String fault, String state) {
            var number = paid(md5);
            if (!fault.isEmpty()) setFault(number, fault);

            var accepted = refund(number, number + "-1", 90, "refund_desc", "缺货");
            var before = md5.call("/pay/refundquery", "out_refund_no", number + "-1");

            assertThat(accepted)
                    .containsEntry("result_code", "SUCCESS")
                    .containsEntry("out_refund_no", number + "-1")
                    .containsEntry("refund_fee", "90")
                    .containsEntry("total_fee", "990")
                    .doesNotContainKey("refund_status");
            assertThat(before.get("refund_status_0")).isIn("PROCESSING", state);
            Eventually.within(
                    Duration.ofSeconds(10),
                    state,
                    () -> state.equals(md5.call("/pay/refundquery", "refund_id", accepted.get("refund_id"))
                            .get("refund_status_0")));
            Eventually.within(Duration.ofSeconds(10), "notified", () -> refundNotification(number) != null);
            assertThat(refundNotification(number))
                    .containsEntry("refund_status", state)
                    .containsEntry("refund_id", accepted.get("refund_id"))
                    .containsEntry("out_refund_no", number + "-1")
                    .containsEntry("refund_fee", "90")
                    .containsEntry("total_fee", "990");
        }

        SortedMap<String, String> refundNotification(String number) {
            return receiver.received().stream()
                    .filter(h -> h.body().contains("<req_info>"))
                    .map(h -> WechatV2Merchant.read(h.body(), "xml"))
                    .peek(outside -> assertThat(outside)
                            .containsOnlyKeys("return_code", "appid", "mch_id", "nonce_str", "req_info"))
                    .map(outside -> md5.open(outside.get("req_info")))
                    .filter(inside -> inside.get("out_trade_no").equals(number))
                    .findFirst()
                    .orElse(null);
        }

        @Test
        void needs_a_minute_after_another_and_at_most_the_amount_that_is_left() {
            var number = paid(md5);

            refund(number, number + "-1", 90);
            var tooSoon = refund(number, number + "-2", 90);
            var same = refund(number, number + "-1", 90);

            assertThat(tooSoon).containsEntry("err_code", "FREQUENCY_LIMITED");
            assertThat(same).containsEntry("result_code", "SUCCESS");
            Eventually.within(
                    Duration.ofSeconds(5),
                    "no longer too soon, because the simulator shortens the minute, but too much",
                    () -> refund(number, number + "-2", 901).get("err_code").equals("ERROR"));
            assertThat(md5.call("/pay/refundquery", "out_trade_no", number))
                    .containsEntry("refund_count", "1")
                    .containsEntry("total_refund_count", "1")
                    .containsEntry("out_refund_no_0", number + "-1");
        }

        @Test
        void is_refused_with_the_codes_of_v2() {
            var number = paid(md5);
            setFault(number, "REFUND_NOT_ENOUGH");

            assertThat(refund(number, number + "-1", 90)).containsEntry("err_code", "NOTENOUGH");
            assertThat(refund(Shop.number(), "R1", 90)).containsEntry("err_code", "ORDERNOTEXIST");
            assertThat(md5.call("/pay/refundquery", "out_refund_no", "unknown"))
                    .containsEntry("err_code", "REFUNDNOTEXIST");
            assertThat(md5.call("/pay/refundquery", "offset", "0")).containsEntry("err_code", "PARAM_ERROR");
        }
    }

    @Nested
    class A_bill {
        String yesterday = daysAgo(1);

        static String daysAgo(int days) {
            var today = Instant.now().atOffset(ZoneOffset.ofHours(8)).toLocalDate();
            return DateTimeFormatter.BASIC_ISO_DATE.format(today.minusDays(days));
        }

        @Test
        void is_text_or_compressed() throws Exception {
            var number = paid(md5);
            age(number, Duration.ofDays(1));

            var text = new String(
                    md5.file("/pay/downloadbill", "bill_date", yesterday, "bill_type", "ALL"), StandardCharsets.UTF_8);
            var compressed = md5.file("/pay/downloadbill", "bill_date", yesterday, "tar_type", "GZIP");

            assertThat(text).contains("交易时间,").contains("`" + number).contains("总交易单数");
            assertThat(new GZIPInputStream(new ByteArrayInputStream(compressed)).readAllBytes())
                    .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        }

        @Test
        void that_does_not_exist_is_refused_unsigned_with_an_error_number() {
            var none = md5.call("/pay/downloadbill", "bill_date", daysAgo(60));
            var tooOld = md5.call("/pay/downloadbill", "bill_date", daysAgo(120));
            var malformed = md5.call("/pay/downloadbill", "bill_date", "yesterday");
            var type = md5.call("/pay/downloadbill", "bill_date", yesterday, "bill_type", "SOME");
            var missing = md5.call("/pay/downloadbill", "bill_type", "ALL");

            assertThat(none).containsEntry("return_code", "FAIL").containsEntry("return_msg", "No Bill Exist");
            assertThat(none).containsEntry("error_code", "20002");
            assertThat(tooOld).containsEntry("return_code", "FAIL").doesNotContainKey("sign");
            assertThat(malformed).containsEntry("return_msg", "data format error");
            assertThat(type).containsEntry("return_msg", "invalid bill_type");
            assertThat(missing).containsEntry("return_msg", "missing parameter");
        }
    }
}
