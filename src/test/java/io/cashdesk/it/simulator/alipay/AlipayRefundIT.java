package io.cashdesk.it.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.http.HttpTimeoutException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refunds of the simulated Alipay. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayRefundIT extends SimulatedAlipay {
    @Nested
    class A_refund {
        static JsonObject refundQuery(String number, String requestNo, String... options) {
            var content = number(number).add("out_request_no", requestNo);
            if (options.length > 0) content.add("query_options", Json.createArrayBuilder(Arrays.asList(options)));
            return merchant.call(REFUND_QUERY, content).json();
        }

        @Test
        void in_parts_answers_and_notifies_the_sum_so_far() {
            var number = paid();

            var first = merchant.call(REFUND, refund(number, "1.00", "R1")).json();
            var afterFirst = status(number);
            notifications(number, 2);
            var second = merchant.call(REFUND, refund(number, "8.90", "R2")).json();
            var notified = notifications(number, 3);

            assertThat(first.getString("fund_change")).isEqualTo("Y");
            assertThat(first.getString("refund_fee")).isEqualTo("1.00");
            assertThat(first).containsKey("gmt_refund_pay").doesNotContainKey("send_back_fee");
            assertThat(second.getString("refund_fee")).isEqualTo("9.90");
            assertThat(afterFirst).isEqualTo("TRADE_SUCCESS");
            assertThat(status(number)).isEqualTo("TRADE_CLOSED");
            assertThat(query(number)).containsKey("send_pay_date");
            assertThat(notified.get(1))
                    .containsEntry("trade_status", "TRADE_SUCCESS")
                    .containsEntry("refund_fee", "1.00")
                    .containsEntry("out_biz_no", "R1")
                    .containsKeys("gmt_refund", "gmt_payment")
                    .doesNotContainKey("gmt_close");
            assertThat(notified.get(2))
                    .containsEntry("trade_status", "TRADE_CLOSED")
                    .containsEntry("refund_fee", "9.90")
                    .containsEntry("out_biz_no", "R2")
                    .containsKeys("gmt_refund", "gmt_close");
        }

        @Test
        void of_the_same_number_is_made_once_and_refused_for_another_amount() {
            var number = paid();
            merchant.call(REFUND, refund(number, "1.00", "R1"));

            var again = merchant.call(REFUND, refund(number, "1.00", "R1")).json();
            var other = merchant.call(REFUND, refund(number, "2.00", "R1"));

            assertThat(again.getString("fund_change")).isEqualTo("N");
            assertThat(again.getString("refund_fee")).isEqualTo("1.00");
            assertThat(other.subCode()).isEqualTo("ACQ.DISCORDANT_REPEAT_REQUEST");
        }

        @Test
        void without_a_number_uses_the_trades_number_and_must_be_of_the_full_amount() {
            var number = paid();

            var partial = merchant.call(REFUND, number(number).add("refund_amount", "1.00"));
            var whole = merchant.call(REFUND, number(number).add("refund_amount", "9.90"))
                    .json();

            assertThat(partial.json().getString("sub_msg")).contains("out_request_no");
            assertThat(whole.getString("fund_change")).isEqualTo("Y");
            assertThat(notifications(number, 2).get(1)).containsEntry("out_biz_no", number);
            assertThat(refundQuery(number, number).getString("refund_status")).isEqualTo("REFUND_SUCCESS");
        }

        @Test
        void concurrently_is_never_of_more_than_was_paid() {
            var number = paid();

            var answers = IntStream.range(0, 8)
                    .mapToObj(i ->
                            CompletableFuture.supplyAsync(() -> merchant.call(REFUND, refund(number, "3.00", "R" + i))))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();

            assertThat(answers).filteredOn(a -> a.code().equals("10000")).hasSize(3);
            assertThat(answers)
                    .filteredOn(a -> !a.code().equals("10000"))
                    .allSatisfy(a -> assertThat(a.subCode()).isEqualTo("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"));
            assertThat(notifications(number, 4).stream().skip(1).map(f -> f.get("refund_fee")))
                    .containsExactlyInAnyOrder("3.00", "6.00", "9.00");
        }

        @Test
        void concurrently_with_the_same_number_is_one() {
            var number = paid();

            var changes = IntStream.range(0, 6)
                    .mapToObj(i ->
                            CompletableFuture.supplyAsync(() -> merchant.call(REFUND, refund(number, "3.00", "R1"))
                                    .json()
                                    .getString("fund_change")))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();

            assertThat(changes).containsOnlyOnce("Y").hasSize(6);
        }

        @Test
        void of_an_unpaid_trade_is_refused() {
            var unpaid = Shop.number();
            openPage(PAGE, page(unpaid), "https://shop.example.com/");

            assertThat(merchant.call(REFUND, refund(unpaid, "1.00", "R1")).subCode())
                    .isEqualTo("ACQ.TRADE_STATUS_ERROR");
            assertThat(merchant.call(REFUND, refund(Shop.number(), "1.00", "R1"))
                            .subCode())
                    .isEqualTo("ACQ.TRADE_NOT_EXIST");
        }

        @ParameterizedTest
        @CsvSource({"REFUND_NOT_ENOUGH, ACQ.SELLER_BALANCE_NOT_ENOUGH", "REFUND_NOT_ALLOWED, ACQ.TRADE_NOT_ALLOW_REFUND"
        })
        void is_refused_with_the_fault_that_is_set(String fault, String subCode) {
            var number = paid();
            setFault(number, fault);

            assertThat(merchant.call(REFUND, refund(number, "1.00", "R1")).subCode())
                    .isEqualTo(subCode);
            assertThat(refundQuery(number, "R1")).doesNotContainKey("refund_status");
        }

        @Test
        void can_be_refused_once_and_found_late() {
            var number = paid();
            setFault(number, "REFUND_FREQUENCY_LIMITED");
            assertThat(merchant.call(REFUND, refund(number, "1.00", "R1")).subCode())
                    .isEqualTo("isv.app-call-limited");
            assertThat(merchant.call(REFUND, refund(number, "1.00", "R1"))
                            .json()
                            .getString("fund_change"))
                    .isEqualTo("Y");

            setFault(number, "REFUND_REPETITION_LIMITED");
            assertThat(merchant.call(REFUND, refund(number, "1.00", "R1")).subCode())
                    .isEqualTo("isv.app-call-limited");
            assertThat(merchant.call(REFUND, refund(number, "1.00", "R1"))
                            .json()
                            .getString("fund_change"))
                    .isEqualTo("N");
            setFault(number, "REFUND_FOUND_LATE");
            assertThat(refundQuery(number, "R1")).doesNotContainKey("refund_status");
            assertThat(refundQuery(number, "R1").getString("refund_status")).isEqualTo("REFUND_SUCCESS");
        }

        @Test
        void that_fails_later_is_never_shown_and_leaves_the_amount_refundable() {
            var number = paid();
            setFault(number, "REFUND_CLOSED");

            var accepted = merchant.call(REFUND, refund(number, "9.90", "R1")).json();

            assertThat(accepted.getString("fund_change")).isEqualTo("N");
            assertThat(accepted.getString("refund_fee")).isEqualTo("0.00");
            var found = refundQuery(number, "R1");
            assertThat(found.getString("code")).isEqualTo("10000");
            assertThat(found).doesNotContainKeys("refund_status", "refund_amount", "out_request_no");
            simulator.clearFaults(number);
            assertThat(merchant.call(REFUND, refund(number, "9.90", "R2"))
                            .json()
                            .getString("fund_change"))
                    .isEqualTo("Y");
        }

        @Test
        void whose_answer_is_too_late_is_made_anyway() {
            var number = paid();
            setFault(number, "REFUND_TIMES_OUT_AFTER_ACCEPTING");

            assertThatThrownBy(() -> merchant.call(REFUND, refund(number, "1.00", "R1")))
                    .hasCauseInstanceOf(HttpTimeoutException.class);

            assertThat(refundQuery(number, "R1").getString("refund_status")).isEqualTo("REFUND_SUCCESS");
            assertThat(merchant.call(REFUND, refund(number, "1.00", "R1"))
                            .json()
                            .getString("fund_change"))
                    .isEqualTo("N");
        }

        @Test
        void answers_more_fields_only_on_request() {
            var number = paid();
            var detailed = merchant.call(
                            REFUND,
                            refund(number, "1.00", "R1")
                                    .add("refund_reason", "碎了")
                                    .add(
                                            "query_options",
                                            Json.createArrayBuilder().add("refund_detail_item_list")))
                    .json();

            var brief = refundQuery(number, "R1");
            var whole = refundQuery(number, "R1", "gmt_refund_pay", "refund_detail_item_list");

            assertThat(detailed.getString("send_back_fee")).isEqualTo("1.00");
            assertThat(detailed).containsKey("refund_detail_item_list");
            assertThat(brief.getString("refund_amount")).isEqualTo("1.00");
            assertThat(brief.getString("total_amount")).isEqualTo("9.90");
            assertThat(brief.getString("refund_reason")).isEqualTo("碎了");
            assertThat(brief).doesNotContainKeys("gmt_refund_pay", "refund_detail_item_list", "send_back_fee");
            assertThat(whole).containsKeys("gmt_refund_pay", "refund_detail_item_list", "send_back_fee");
            assertThat(merchant.call(REFUND_QUERY, number(number)).json().getString("sub_msg"))
                    .contains("out_request_no");
        }
    }
}
