package io.cashdesk.it.simulator.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Bills of the simulated WeChat Pay. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayBillIT extends SimulatedWxpay {
    @Nested
    class A_bill {
        String yesterday = Instant.now()
                .atOffset(ZoneOffset.ofHours(8))
                .toLocalDate()
                .minusDays(1)
                .toString();

        String text(String target) throws Exception {
            var offer = merchant.get(target);
            assertThat(offer.status()).as(offer.body()).isEqualTo(200);
            var url = offer.json().getString("download_url");
            var file = merchant.file(url.substring(url.indexOf("/v3/")));
            assertThat(file.headers().firstValue("Wechatpay-Signature")).isEmpty();
            var bytes = file.body();
            if (target.contains("GZIP")) {
                assertThat(file.headers().firstValue("Content-Type").orElse("")).isEqualTo("application/x-gzip");
                bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
            }
            var hash =
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
            assertThat(offer.json().getString("hash_value")).isEqualTo(hash);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Test
        void contains_payments_and_refunds() throws Exception {
            var number = paid();
            refund(number, number + "-1", 90);
            notification(number, "REFUND.SUCCESS");
            age(number, Duration.ofDays(1));

            var all = text("/v3/bill/tradebill?bill_date=" + yesterday + "&bill_type=ALL&tar_type=GZIP");
            var success = text("/v3/bill/tradebill?bill_date=" + yesterday + "&bill_type=SUCCESS");
            var refunds = text("/v3/bill/tradebill?bill_date=" + yesterday + "&bill_type=REFUND");
            var flows = text("/v3/bill/fundflowbill?bill_date=" + yesterday);

            assertThat(row(all, "交易状态", "SUCCESS", number))
                    .containsAllEntriesOf(Map.of("应结订单金额", "9.90", "手续费", "0.06", "交易类型", "NATIVE"));
            assertThat(row(all, "交易状态", "REFUND", number))
                    .containsAllEntriesOf(Map.of("退款金额", "0.90", "商户退款单号", number + "-1", "退款状态", "SUCCESS"));
            assertThat(row(success, "交易状态", "SUCCESS", number)).doesNotContainKey("退款金额");
            assertThat(row(refunds, "交易状态", "REFUND", number).get("退款成功时间")).startsWith(yesterday);
            assertThat(flows).contains("`收入,`9.90,").contains(number);
        }

        Map<String, String> row(String bill, String column, String value, String number) {
            var lines = List.of(bill.replace("\uFEFF", "").split("\r\n"));
            var names = lines.get(0).split(",");
            return lines.stream()
                    .skip(1)
                    .filter(l -> l.contains(number))
                    .map(l -> {
                        var values = l.split(",", -1);
                        var row = new TreeMap<String, String>();
                        for (int i = 0; i < names.length; i++) row.put(names[i], values[i].replaceFirst("^`", ""));
                        return row;
                    })
                    .filter(r -> r.get(column).equals(value))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(number + " is not in\n" + bill));
        }

        @Test
        void does_not_exist_for_today_or_a_day_without_trade() {
            var today = Instant.now().atOffset(ZoneOffset.ofHours(8)).toLocalDate();

            assertThat(merchant.get("/v3/bill/tradebill?bill_date=" + today).code())
                    .isEqualTo("INVALID_REQUEST");
            assertThat(merchant.get("/v3/bill/tradebill?bill_date=" + today.minusDays(60))
                            .code())
                    .isEqualTo("NO_STATEMENT_EXIST");
            assertThat(merchant.get("/v3/bill/fundflowbill?bill_date=" + today.minusDays(60))
                            .code())
                    .isEqualTo("NO_STATEMENT_EXIST");
            assertThat(merchant.get("/v3/bill/tradebill?bill_date=yesterday").code())
                    .isEqualTo("PARAM_ERROR");
        }
    }
}
