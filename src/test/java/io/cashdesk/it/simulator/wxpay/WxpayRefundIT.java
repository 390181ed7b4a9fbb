package io.cashdesk.it.simulator.wxpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Refunds of the simulated WeChat Pay. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayRefundIT extends SimulatedWxpay {
    @Nested
    class A_refund {
        @Test
        void is_accepted_settled_and_notified() {
            var number = paid();

            var accepted = refund(number, number + "-1", 90);

            assertThat(accepted.json().getString("status")).isEqualTo("PROCESSING");
            assertThat(accepted.json().containsKey("success_time")).isFalse();
            assertThat(query(number).getString("trade_state")).isEqualTo("REFUND");
            var notified = notification(number, "REFUND.SUCCESS").resource();
            assertThat(notified.getString("refund_status")).isEqualTo("SUCCESS");
            assertThat(notified.getString("mchid")).isEqualTo(merchant.mchId);
            assertThat(notified.getJsonObject("amount").getInt("refund")).isEqualTo(90);
            assertThat(notified.getJsonObject("amount").getInt("total")).isEqualTo(990);
            var refunds = merchant.get(REFUNDS + "/" + number + "-1").json();
            assertThat(refunds.getString("status")).isEqualTo("SUCCESS");
            assertThat(refunds.getString("success_time")).isEqualTo(notified.getString("success_time"));
            assertThat(refunds.getString("refund_id")).isEqualTo(notified.getString("refund_id"));
        }

        @Test
        void repeated_is_the_same_one_and_refused_with_other_content() {
            var number = paid();
            var first = refund(number, number + "-1", 90).json();

            assertThat(refund(number, number + "-1", 90).json().getString("refund_id"))
                    .isEqualTo(first.getString("refund_id"));
            assertThat(refund(number, number + "-1", 91).code()).isEqualTo("INVALID_REQUEST");
            assertThat(records(number).getJsonArray("refunds")).hasSize(1);
        }

        @Test
        void concurrently_is_never_more_than_was_paid() {
            var number = paid();

            var refunds = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> refund(number, number + "-" + i, 400).status()))
                    .toList();

            assertThat(refunds.stream().map(CompletableFuture::join).filter(s -> s == 200))
                    .hasSize(2);
            assertThat(refund(number, number + "-last", 191).code()).isEqualTo("INVALID_REQUEST");
            assertThat(refund(number, number + "-last", 190).status()).isEqualTo(200);
        }

        @Test
        void can_be_made_fifty_times() {
            var number = paid();

            for (int i = 1; i <= 50; i++) {
                assertThat(refund(number, number + "-" + i, 1).status()).isEqualTo(200);
            }

            assertThat(refund(number, number + "-51", 1).code()).isEqualTo("INVALID_REQUEST");
        }

        @Test
        void is_refused_for_an_unpaid_order_a_wrong_total_and_after_a_year() {
            var unpaid = Shop.number();
            merchant.post("/v3/pay/transactions/native", order(ids(), unpaid));
            var number = paid();
            var otherTotal = refundBody(number, number + "-1", 90)
                    .add(
                            "amount",
                            Json.createObjectBuilder()
                                    .add("refund", 90)
                                    .add("total", 1000)
                                    .add("currency", "CNY"));

            assertThat(refund(unpaid, unpaid + "-1", 90).status()).isEqualTo(404);
            assertThat(refund(unpaid, unpaid + "-1", 90).code()).isEqualTo("RESOURCE_NOT_EXISTS");
            assertThat(merchant.post(REFUNDS, otherTotal).code()).isEqualTo("INVALID_REQUEST");
            age(number, Duration.ofDays(366));
            assertThat(refund(number, number + "-1", 90).number()).isEqualTo("268447914");
            assertThat(merchant.get(REFUNDS + "/" + number + "-1").code()).isEqualTo("RESOURCE_NOT_EXISTS");
        }

        @Test
        void that_cannot_reach_the_payer_is_abnormal_until_the_merchant_handles_it() {
            var number = paid();
            setFault(number, "REFUND_ABNORMAL");

            var refundId = refund(number, number + "-1", 90).json().getString("refund_id");

            assertThat(notification(number, "REFUND.ABNORMAL").resource().getString("refund_status"))
                    .isEqualTo("ABNORMAL");
            assertThat(state(number + "-1")).isEqualTo("ABNORMAL");
            var elsewhere = merchant.post(
                    REFUNDS + "/" + refundId + "/apply-abnormal-refund",
                    Json.createObjectBuilder()
                            .add("out_refund_no", number + "-1")
                            .add("type", "MERCHANT_BANK_CARD"));
            assertThat(elsewhere.json().getString("status")).isEqualTo("PROCESSING");
            assertThat(notification(number, "REFUND.SUCCESS")).isNotNull();
        }

        @Test
        void that_is_closed_leaves_its_amount_to_be_refunded_again() {
            var number = paid();
            setFault(number, "REFUND_CLOSED");

            refund(number, number + "-1", 990);

            assertThat(notification(number, "REFUND.CLOSED").resource().containsKey("success_time"))
                    .isFalse();
            simulator.clearFaults(number);
            assertThat(refund(number, number + "-2", 990).status()).isEqualTo(200);
        }

        @Test
        void can_be_accepted_without_an_answer_in_time() {
            var number = paid();
            setFault(number, "REFUND_TIMES_OUT_AFTER_ACCEPTING");

            assertThatThrownBy(() -> refund(number, number + "-1", 90))
                    .hasRootCauseInstanceOf(HttpTimeoutException.class);

            assertThat(refund(number, number + "-1", 90).status()).isEqualTo(200);
            assertThat(records(number).getJsonArray("refunds")).hasSize(1);
        }

        @Test
        void can_be_refused_temporarily() {
            var number = paid();

            setFault(number, "REFUND_NOT_ENOUGH");
            assertThat(refund(number, number + "-1", 90).code()).isEqualTo("NOT_ENOUGH");
            setFault(number, "REFUND_FREQUENCY_LIMITED");
            assertThat(refund(number, number + "-1", 90).status()).isEqualTo(429);

            assertThat(refund(number, number + "-1", 90).status()).isEqualTo(200);
        }

        @Test
        void can_be_found_late_and_refused_when_it_is_repeated() {
            var number = paid();
            refund(number, number + "-1", 90);

            setFault(number, "REFUND_REPETITION_LIMITED");
            assertThat(refund(number, number + "-1", 90).status()).isEqualTo(429);
            assertThat(refund(number, number + "-1", 90).status()).isEqualTo(200);
            setFault(number, "REFUND_FOUND_LATE");
            assertThat(merchant.get(REFUNDS + "/" + number + "-1").code()).isEqualTo("RESOURCE_NOT_EXISTS");
            assertThat(merchant.get(REFUNDS + "/" + number + "-1").status()).isEqualTo(200);
        }

        @Test
        void can_wait_for_a_test_to_decide_its_result() {
            var number = paid();
            setFault(number, "REFUND_SLOW");
            refund(number, number + "-1", 90);
            assertThat(state(number + "-1")).isEqualTo("PROCESSING");

            control("refund", "{\"out_refund_no\":\"" + number + "-1\",\"status\":\"SUCCESS\"}");

            assertThat(state(number + "-1")).isEqualTo("SUCCESS");
            assertThat(notification(number, "REFUND.SUCCESS")).isNotNull();
        }
    }
}
