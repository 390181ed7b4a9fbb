package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refunds through the merchant API: the real WAR, the real database, the simulator on the other side. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RefundIT {
    static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop("refund-it");
    }

    private static Node.Answer refund(String number, String more) {
        return shop.call("refund", "{\"out_trade_no\":\"" + number + "\"" + more + "}");
    }

    private static JsonObject record(String number) {
        return shop.node
                .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                .getJsonObject("payOrder");
    }

    private static void untilStatus(String number, int status) {
        Eventually.within(
                Duration.ofSeconds(20),
                "status " + status,
                () -> shop.query(number).getInt("status") == status);
    }

    private static String stateOf(String refundNo) {
        var all = Stream.of("REQUESTING", "UNKNOWN", "PROCESSING", "SUCCEEDED", "ABNORMAL", "CLOSED", "FAILED");
        return all.filter(s -> TestDatabase.number(
                                shop.node.dbUrl(),
                                "select count(*) from refund where out_refund_no = ? and state = ?",
                                refundNo,
                                s)
                        == 1)
                .findFirst()
                .orElse("none");
    }

    @Test
    void in_two_parts_makes_the_order_partly_then_fully_refunded() {
        var number = shop.paid("wxpay");

        var first = refund(number, ",\"refund_fee\":100,\"refund_desc\":\"缺货\"").json();
        untilStatus(number, 2);
        var second = refund(number, "").json();
        untilStatus(number, 3);

        assertThat(first.getInt("code")).isZero();
        assertThat(first.getString("outRefundNo")).isEqualTo(number + "-1");
        assertThat(first.getInt("refundFee")).isEqualTo(100);
        assertThat(first.getString("refund_status")).isIn("processing", "success");
        assertThat(second.getString("outRefundNo")).isEqualTo(number + "-2");
        assertThat(second.getInt("refundFee")).isEqualTo(890);
        var record = record(number);
        assertThat(record.getInt("refund_fee")).isEqualTo(990);
        assertThat(record.getInt("refund_num")).isEqualTo(2);
        assertThat(record.getJsonArray("refund_list").getValuesAs(JsonObject.class))
                .extracting(r -> r.getString("out_refund_no"))
                .containsExactly(number + "-2", number + "-1");
        assertThat(shop.query(number).getString("msg")).isEqualTo("订单已退款");
        assertThat(refund(number, "").json().getInt("code")).isEqualTo(2015);
    }

    @Test
    void concurrently_of_more_than_is_left_refunds_no_more_than_was_paid() {
        var number = shop.paid("wxpay");

        var answers = Stream.of("a", "b", "c", "d")
                .map(n -> CompletableFuture.supplyAsync(
                        () -> refund(number, ",\"refund_fee\":600,\"out_refund_no\":\"" + number + n + "\"")))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(answers.stream().filter(a -> a.status() == 200)).hasSize(1);
        assertThat(answers.stream().filter(a -> a.status() != 200))
                .allSatisfy(a -> assertThat(a.json().getInt("code")).isIn(2004, 2015));
        untilStatus(number, 2);
        assertThat(record(number).getInt("refund_fee")).isEqualTo(600);
    }

    @Test
    void whose_answer_is_lost_is_found_and_made_once() {
        var number = shop.paid("wxpay");
        shop.setFault(number, "REFUND_TIMES_OUT_AFTER_ACCEPTING");

        var answer = refund(number, "").json();

        assertThat(answer.getInt("code")).isZero();
        assertThat(answer.getString("refund_status")).isIn("processing", "success");
        untilStatus(number, 3);
        assertThat(record(number).getInt("refund_fee")).isEqualTo(990);
        assertThat(record(number).getInt("refund_num")).isEqualTo(1);
    }

    @Test
    void without_a_number_is_refused_while_another_is_in_progress() {
        var number = shop.paid("wxpay");
        shop.setFault(number, "REFUND_TIMES_OUT_AFTER_ACCEPTING");
        var first = CompletableFuture.supplyAsync(() -> refund(number, ",\"refund_fee\":300"));
        Eventually.within(
                Duration.ofSeconds(10),
                "in progress",
                () -> stateOf(number + "-1").equals("REQUESTING"));

        var second = refund(number, ",\"refund_fee\":300"); // without a number it may be the same one again
        var numbered = refund(number, ",\"refund_fee\":200,\"out_refund_no\":\"" + number + "b\"");

        assertThat(second.status()).as(second.body()).isEqualTo(409);
        assertThat(second.json().getInt("code")).isEqualTo(2004);
        assertThat(numbered.status()).as(numbered.body()).isEqualTo(200);
        assertThat(first.join().status()).isEqualTo(200);
        Eventually.within(
                Duration.ofSeconds(20), "both refunded", () -> record(number).getInt("refund_fee") == 500);
        assertThat(record(number).getInt("refund_num")).isEqualTo(2);
    }

    @Test
    void requested_twice_under_one_number_is_one() {
        var number = shop.paid("wxpay");

        var first = refund(number, ",\"refund_fee\":300,\"out_refund_no\":\"" + number + "r\"");
        var second = refund(number, ",\"refund_fee\":300,\"out_refund_no\":\"" + number + "r\"");
        var other = refund(number, ",\"refund_fee\":301,\"out_refund_no\":\"" + number + "r\"");

        assertThat(first.status()).isEqualTo(200);
        assertThat(second.status()).isEqualTo(200);
        assertThat(other.json().getInt("code")).isEqualTo(2014);
        untilStatus(number, 2);
        assertThat(record(number).getInt("refund_fee")).isEqualTo(300);
    }

    @Test
    void that_the_provider_refuses_can_be_tried_again_under_its_number() {
        var number = shop.paid("wxpay");
        shop.setFault(number, "REFUND_NOT_ENOUGH");

        var refused = refund(number, ",\"refund_fee\":500");
        shop.simulator.clearFaults(number);
        var again = refund(number, ",\"refund_fee\":500");

        assertThat(refused.status()).isEqualTo(502);
        assertThat(refused.json().getString("detail")).contains("NOT_ENOUGH");
        assertThat(refused.json().getString("fault")).as("whose balance").isEqualTo("merchant");
        assertThat(refused.json().getString("retry")).isEqualTo("same_later");
        assertThat(refused.json().getString("payer_msg")).contains("退款");
        assertThat(again.json().getString("outRefundNo")).isEqualTo(number + "-1");
        untilStatus(number, 2);
    }

    @Test
    void that_cannot_reach_the_payer_keeps_its_amount_reserved_and_is_reported() {
        var number = shop.paid("wxpay");
        shop.setFault(number, "REFUND_ABNORMAL");
        try (var merchant = new MerchantServer()) {
            addEndpoint(merchant, "abnormal");

            refund(number, ",\"refund_fee\":500");

            Eventually.within(
                    Duration.ofSeconds(20),
                    "abnormal",
                    () -> stateOf(number + "-1").equals("ABNORMAL"));
            Eventually.within(
                    Duration.ofSeconds(10),
                    "received",
                    () -> merchant.received().stream()
                            .anyMatch(h -> h.body().contains("refund.failed")
                                    && h.body().contains(number)));
            assertThat(shop.query(number).getInt("status")).isEqualTo(1);
            assertThat(refund(number, ",\"refund_fee\":600").json().getInt("code"))
                    .isEqualTo(2015);
            assertThat(refund(number, ",\"refund_fee\":490").status()).isEqualTo(200);
        }
    }

    @Test
    void that_the_provider_gives_up_frees_its_money() {
        var number = shop.paid("wxpay");
        shop.setFault(number, "REFUND_CLOSED");

        refund(number, ",\"out_refund_no\":\"" + number + "c\"");

        Eventually.within(
                Duration.ofSeconds(20), "closed", () -> stateOf(number + "c").equals("CLOSED"));
        shop.simulator.clearFaults(number);
        assertThat(refund(number, "").status()).isEqualTo(200);
        untilStatus(number, 3);
    }

    @Test
    void that_succeeds_is_delivered_to_the_merchant() {
        var number = shop.paid("wxpay");
        try (var merchant = new MerchantServer()) {
            addEndpoint(merchant, "succeeded");

            refund(number, "");

            Eventually.within(
                    Duration.ofSeconds(20),
                    "received",
                    () -> merchant.received().stream()
                            .anyMatch(h -> h.body().contains("refund.succeeded")
                                    && h.body().contains(number)));
        }
    }

    private static void addEndpoint(MerchantServer merchant, String name) {
        assertThat(shop.node
                        .manage(
                                "PUT",
                                "merchants/" + shop.pid + "/webhooks/" + name,
                                Json.createObjectBuilder()
                                        .add("url", merchant.url())
                                        .add("mode", "test"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void is_queried_and_described_in_words() {
        var number = shop.paid("wxpay");
        assertThat(shop.call("queryRefund", "{\"out_trade_no\":\"" + number + "\"}")
                        .json()
                        .getInt("code"))
                .isEqualTo(2003);
        refund(number, ",\"refund_fee\":100");
        untilStatus(number, 2);

        var answer = shop.call("queryRefund", "{\"out_trade_no\":\"" + number + "\"}")
                .json();

        assertThat(answer.getInt("code")).isZero();
        assertThat(answer.getString("msg")).startsWith("共退款 1.00 元\n1、");
        assertThat(answer.getJsonObject("queryResult").getString("refund_status"))
                .isEqualTo("success");
        assertThat(answer.getJsonObject("orderInfo").getInt("refund_fee")).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "\"\"", "\"100\""})
    void of_nothing_or_nonsense_is_refused_by_name(String fee) {
        var number = "T1234567890";

        var answer = refund(number, ",\"refund_fee\":" + fee);

        assertThat(answer.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"refund", "queryRefund", "closePayment"})
    void of_an_unknown_order_is_not_found(String call) {
        var answer = shop.call(call, "{\"out_trade_no\":\"" + Shop.number() + "\"}");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().getInt("code")).isEqualTo(2001);
    }

    @Test
    void of_an_unpaid_order_is_refused() {
        var number = Shop.number();
        shop.node.createPayment(shop.key, "wxpay", number, 990);

        assertThat(refund(number, "").json().getInt("code")).isEqualTo(2002);
    }
}
