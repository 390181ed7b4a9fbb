package io.cashdesk.it.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Payment codes at the point of sale and their cancellation, with the simulated Alipay. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayPaymentCodeIT extends SimulatedAlipay {
    @Nested
    class A_payment_code {
        @Test
        void is_paid_at_once_notified_and_valid_for_one_number() {
            var number = Shop.number();
            var code = code("0001");

            var paid = merchant.call(PAY, paymentCode(number, code).add("store_id", "S1"), notifyUrl())
                    .json();

            assertThat(paid.getString("code")).isEqualTo("10000");
            assertThat(paid.getString("total_amount")).isEqualTo("9.90");
            assertThat(paid.getString("buyer_user_id")).isEqualTo(PAYER);
            assertThat(paid).containsKeys("gmt_payment", "trade_no", "fund_bill_list", "store_name");
            assertThat(notifications(number, 1).get(0)).containsEntry("trade_status", "TRADE_SUCCESS");
            assertThat(merchant.call(PAY, paymentCode(Shop.number(), code)).subCode())
                    .isEqualTo("ACQ.PAYMENT_AUTH_CODE_INVALID");
            assertThat(merchant.call(PAY, paymentCode(number, code).add("store_id", "S1"))
                            .subCode())
                    .isEqualTo("ACQ.TRADE_HAS_SUCCESS");
        }

        @Test
        void pays_one_of_several_numbers_that_arrive_concurrently() {
            var code = code("0001");

            var answers = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() ->
                            merchant.call(PAY, paymentCode(Shop.number(), code)).code()))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();

            assertThat(answers)
                    .containsOnlyOnce("10000")
                    .filteredOn("40004"::equals)
                    .hasSize(7);
        }

        @ParameterizedTest
        @CsvSource({"0002, TRADE_SUCCESS", "0003, TRADE_CLOSED"})
        void waits_for_the_payer_who_decides_after_a_while(String tail, String end) {
            var number = Shop.number();
            var content = paymentCode(number, code(tail)).build();

            var first = merchant.call(PAY, Json.createObjectBuilder(content), notifyUrl());
            var again = merchant.call(PAY, Json.createObjectBuilder(content), notifyUrl());
            var waiting = status(number);

            assertThat(first.code()).isEqualTo("10003");
            assertThat(again.code()).as("the same answer as before").isEqualTo("10003");
            assertThat(first.json()).containsKeys("trade_no", "buyer_user_id").doesNotContainKey("gmt_payment");
            assertThat(waiting).isEqualTo("WAIT_BUYER_PAY");
            Eventually.within(Duration.ofSeconds(8), end, () -> status(number).equals(end));
            assertThat(received(number).stream().map(f -> f.get("trade_status")))
                    .as("notified only if it was paid")
                    .isSubsetOf("TRADE_SUCCESS")
                    .hasSizeLessThanOrEqualTo(end.equals("TRADE_SUCCESS") ? 1 : 0);
        }

        @Test
        void is_notified_although_no_query_was_made() {
            var number = Shop.number();

            merchant.call(PAY, paymentCode(number, code("0002")), notifyUrl());

            assertThat(notifications(number, 1).get(0)).containsEntry("trade_status", "TRADE_SUCCESS");
        }

        @Test
        void may_be_paid_although_the_answer_is_unknown() {
            var number = Shop.number();

            var answer = merchant.call(PAY, paymentCode(number, code("0004")));

            assertThat(answer.code()).isEqualTo("20000");
            assertThat(answer.subCode()).isEqualTo("isp.unknow-error");
            assertThat(status(number)).isEqualTo("TRADE_SUCCESS");
        }

        @Test
        void that_was_used_makes_no_trade_and_without_enough_money_makes_a_closed_one() {
            var used = Shop.number();
            var withoutMoney = Shop.number();

            assertThat(merchant.call(PAY, paymentCode(used, code("0005"))).subCode())
                    .isEqualTo("ACQ.PAYMENT_AUTH_CODE_INVALID");
            assertThat(merchant.call(PAY, paymentCode(withoutMoney, code("0006")))
                            .subCode())
                    .isEqualTo("ACQ.BUYER_BALANCE_NOT_ENOUGH");

            assertThat(merchant.call(QUERY, number(used)).subCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");
            assertThat(status(withoutMoney)).isEqualTo("TRADE_CLOSED");
        }

        @Test
        void waits_for_a_test_until_the_timeout_of_the_point_of_sale() {
            var paid = Shop.number();
            var late = Shop.number();
            merchant.call(PAY, paymentCode(paid, code("0007")).add("timeout_express", "2m"));
            merchant.call(PAY, paymentCode(late, code("0007")).add("timeout_express", "2m"));

            pay(paid);
            age(late, Duration.ofSeconds(121));

            assertThat(status(paid)).isEqualTo("TRADE_SUCCESS");
            assertThat(status(late)).isEqualTo("TRADE_CLOSED");
        }

        @Test
        void is_in_no_log() {
            var number = Shop.number();
            var code = code("0001");

            merchant.call(PAY, paymentCode(number, code));

            var answer = TestDatabase.text(
                    node.dbUrl(),
                    "select string_agg(headers || body || plain, ' ') from sim_log where number = ?",
                    number);
            assertThat(answer).contains("auth_code").doesNotContain(code);
        }
    }

    @Nested
    class A_cancel {
        static JsonObject cancel(String number) {
            return merchant.call(CANCEL, number(number)).json();
        }

        @Test
        void of_an_unknown_trade_succeeds_and_changes_nothing() {
            var nothing = cancel(Shop.number());
            var unscanned = Shop.number();
            merchant.call(PRECREATE, order(unscanned));

            assertThat(nothing.getString("code")).isEqualTo("10000");
            assertThat(nothing.getString("retry_flag")).isEqualTo("N");
            assertThat(nothing).doesNotContainKeys("action", "trade_no");
            assertThat(cancel(unscanned)).doesNotContainKey("action");
        }

        @Test
        void closes_an_unconfirmed_payment_so_that_the_payer_cannot_confirm_it() {
            var number = Shop.number();
            merchant.call(PAY, paymentCode(number, code("0002")), notifyUrl());

            var cancelled = cancel(number);
            age(number, Duration.ofSeconds(4)); // by now the payer would have confirmed

            assertThat(cancelled.getString("action")).isEqualTo("close");
            assertThat(status(number)).isEqualTo("TRADE_CLOSED");
            assertThat(query(number)).doesNotContainKey("send_pay_date");
            assertThat(cancel(number).getString("action")).as("again").isEqualTo("close");
        }

        @Test
        void refunds_a_paid_trade_once_and_only_on_the_same_day() {
            var number = Shop.number();
            merchant.call(PAY, paymentCode(number, code("0001")));
            var old = Shop.number();
            merchant.call(PAY, paymentCode(old, code("0001")));
            age(old, Duration.ofDays(1));

            var first = cancel(number);
            var second = cancel(number);

            assertThat(List.of(first, second))
                    .allSatisfy(a -> assertThat(a.getString("action")).isEqualTo("refund"));
            assertThat(status(number)).isEqualTo("TRADE_CLOSED");
            assertThat(query(number)).as("it was paid").containsKey("send_pay_date");
            var records = simulator.records(number);
            assertThat(records.getJsonArray("refunds")).hasSize(1);
            assertThat(records.getJsonArray("refunds").getJsonObject(0).getInt("amount"))
                    .isEqualTo(990);
            assertThat(merchant.call(CANCEL, number(old)).subCode()).isEqualTo("ACQ.TRADE_CANCEL_TIME_OUT");
        }

        @Test
        void may_have_to_be_repeated() {
            var number = Shop.number();
            merchant.call(PAY, paymentCode(number, code("0007")));
            setFault(number, "REVERSE_ONCE_MORE");

            var first = cancel(number);
            var second = cancel(number);

            assertThat(first.getString("retry_flag")).isEqualTo("Y");
            assertThat(first).doesNotContainKey("action");
            assertThat(second.getString("retry_flag")).isEqualTo("N");
            assertThat(second.getString("action")).isEqualTo("close");
        }
    }
}
