package io.cashdesk.it.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.AlipayMerchant;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Bills of the simulated Alipay. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayBillIT extends SimulatedAlipay {
    @Nested
    class A_bill {
        static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

        static JsonObjectBuilder of(String type, Object date) {
            return Json.createObjectBuilder().add("bill_type", type).add("bill_date", date.toString());
        }

        static LocalDate day(int ago) {
            return Instant.now().atOffset(CHINA).toLocalDate().minusDays(ago);
        }

        /** The files in the ZIP file of a bill, by name. */
        static Map<String, String> files(byte[] zip) {
            var gbk = Charset.forName("GBK");
            var files = new LinkedHashMap<String, String>();
            try (var in = new ZipInputStream(new ByteArrayInputStream(zip), gbk)) {
                for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    files.put(entry.getName(), new String(in.readAllBytes(), gbk));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return files;
        }

        static List<Map<String, String>> rows(String csv) {
            var lines = csv.lines().filter(l -> !l.startsWith("#")).toList();
            var columns = lines.get(0).split(",", -1);
            return lines.stream()
                    .skip(1)
                    .map(l -> {
                        var values = l.split(",", -1);
                        assertThat(values).hasSameSizeAs(columns);
                        var row = new LinkedHashMap<String, String>();
                        for (int i = 0; i < columns.length; i++) row.put(columns[i], values[i].strip());
                        return (Map<String, String>) row;
                    })
                    .toList();
        }

        static BigDecimal sum(List<Map<String, String>> rows, String column) {
            return rows.stream().map(r -> new BigDecimal(r.get(column))).reduce(BigDecimal.ZERO, BigDecimal::add);
        }

        @Test
        void of_a_day_has_every_payment_and_refund_and_their_exact_sums() {
            var who = AlipayMerchant.of(node, "sim-alipay-bill", node.merchant("sim-alipay-bill", "test"));
            var whole = Shop.number();
            var partly = Shop.number();
            for (var number : List.of(whole, partly)) {
                who.call(PRECREATE, order(number).add("subject", "茶, 绿").add("store_id", "S1"));
                pay(number);
            }
            who.call(REFUND, refund(partly, "3.33", "R1").add("refund_reason", "碎了"));
            who.call(REFUND, refund(partly, "1.11", "R2"));
            for (var number : List.of(whole, partly)) age(number, Duration.ofDays(2));

            var answer = who.call(BILL, of("trade", day(2))).json();
            var file = AlipayMerchant.file(answer.getString("bill_download_url"));

            assertThat(file.statusCode()).isEqualTo(200);
            var files = files(file.body());
            var name = who.sellerId + "_" + DateTimeFormatter.BASIC_ISO_DATE.format(day(2)) + "_业务明细";
            assertThat(files).containsOnlyKeys(name + ".csv", name + "(汇总).csv");
            var details = files.get(name + ".csv");
            assertThat(details)
                    .startsWith("#支付宝业务明细查询\r\n#账号：[" + who.sellerId + "0156]\r\n")
                    .contains("#交易合计：2笔，商家实收共19.80元，", "#退款合计：2笔，商家实收退款共-4.44元，");
            var rows = rows(details);
            assertThat(rows).extracting(r -> r.get("业务类型")).containsExactlyInAnyOrder("交易", "交易", "退款", "退款");
            assertThat(rows)
                    .filteredOn(r -> r.get("退款批次号/请求号").equals("R1"))
                    .singleElement()
                    .satisfies(r -> assertThat(r)
                            .containsEntry("商户订单号", partly)
                            .containsEntry("商家实收（元）", "-3.33")
                            .containsEntry("门店编号", "S1")
                            .containsEntry("商品名称", "茶， 绿")
                            .containsEntry("备注", "碎了"));
            assertThat(sum(rows, "商家实收（元）")).isEqualByComparingTo("15.36");
            var sums = rows(files.get(name + "(汇总).csv"));
            assertThat(sums)
                    .singleElement()
                    .satisfies(r -> assertThat(r)
                            .containsEntry("交易订单总笔数", "2")
                            .containsEntry("退款订单总笔数", "2")
                            .containsEntry("商家实收（元）", "15.36")
                            .containsEntry("服务费（元）", sum(rows, "服务费（元）").toPlainString())
                            .containsEntry(
                                    "实收净额（元）",
                                    sum(rows, "商家实收（元）")
                                            .add(sum(rows, "服务费（元）"))
                                            .toPlainString()));

            var flows = files(AlipayMerchant.file(
                            who.call(BILL, of("signcustomer", day(2))).json().getString("bill_download_url"))
                    .body());
            var moved = rows(flows.values().iterator().next());
            assertThat(sum(moved, "收入金额（+元）").add(sum(moved, "支出金额（-元）")))
                    .as("the money moved is the sum of the bill")
                    .isEqualByComparingTo(sum(rows, "商家实收（元）").add(sum(rows, "服务费（元）")));
            assertThat(moved.get(moved.size() - 1).get("账户余额（元）"))
                    .isEqualTo(sums.get(0).get("实收净额（元）"));
        }

        @Test
        void can_be_fetched_for_half_a_minute_and_not_at_the_public_address() {
            var url = merchant.call(BILL, of("trade", day(3))).json().getString("bill_download_url");
            var token = URI.create(url).getRawQuery();

            assertThat(AlipayMerchant.file(url).statusCode()).isEqualTo(200);
            assertThat(open("/simulator/alipay/bill?" + token).statusCode()).isEqualTo(404);
            TestDatabase.execute(node.dbUrl(), """
                    update sim_alipay_bill
                    set made_at = made_at - interval '31 seconds'
                    where token = '%s'
                    """.formatted(token.substring("token=".length())));
            assertThat(AlipayMerchant.file(url).statusCode()).isEqualTo(404);
        }

        @Test
        void of_a_day_without_trade_is_empty() {
            var answer = merchant.call(BILL, of("trade", day(1000))).json();

            assertThat(answer.getString("bill_file_code")).isEqualTo("EMPTY_DATA_WITH_BILL_FILE");
            var files = files(
                    AlipayMerchant.file(answer.getString("bill_download_url")).body());
            assertThat(files.values()).anySatisfy(f -> assertThat(f).contains("#交易合计：0笔，商家实收共0.00元"));
        }

        @Test
        void of_a_month_exists_when_the_month_is_over() {
            var month = day(0).toString().substring(0, 7);
            var last = day(0).withDayOfMonth(1).minusDays(1).toString().substring(0, 7);

            assertThat(merchant.call(BILL, of("trade", month)).subCode()).isEqualTo("BILL_NOT_EXIST");
            assertThat(merchant.call(BILL, of("trade", last)).code()).isEqualTo("10000");
        }

        @Test
        void of_today_does_not_exist_yet_and_a_malformed_date_is_refused() {
            assertThat(merchant.call(BILL, of("trade", day(0))).subCode()).isEqualTo("BILL_NOT_EXIST");
            assertThat(merchant.call(BILL, of("trade", "yesterday")).subCode()).isEqualTo("INVAILID_ARGUMENTS");
            assertThat(merchant.call(BILL, of("everything", day(1))).subCode()).isEqualTo("INVAILID_ARGUMENTS");
        }
    }
}
