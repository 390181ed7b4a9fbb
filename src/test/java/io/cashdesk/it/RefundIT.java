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
        var all = Stream.of(
                "REQUESTING", "UNKNOWN", "WAITING", "PROCESSING", "SUCCEEDED", "ABNORMAL", "CLOSED", "FAILED");
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

    /** Accepted with a lost answer, not found by the next query, and refused when it is sent again. */
    private static String refundWhoseRepetitionIsRefused(String provider) {
        var number = shop.paid(provider);
        shop.simulator.setFaults(
                number,
                "NOTIFY_LOST",
                "REFUND_TIMES_OUT_AFTER_ACCEPTING",
                "REFUND_FOUND_LATE",
                "REFUND_REPETITION_LIMITED");
        var first = refund(number, ",\"refund_fee\":500,\"out_refund_no\":\"" + number + "u\"");
        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(stateOf(number + "u")).isEqualTo("UNKNOWN");
        return number;
    }

    private static String column(String column, String refundNo) {
        return TestDatabase.text(
                shop.node.dbUrl(), "select " + column + "::text from refund where out_refund_no = ?", refundNo);
    }

    private static long events(String number, String kind) {
        return TestDatabase.number(shop.node.dbUrl(), """
                select count(*)
                from order_event e
                join pay_order o on o.id = e.order_id
                where o.out_trade_no = ? and e.kind = ?
                """, number, kind);
    }

    private static String reasonForAPerson(String number) {
        return TestDatabase.text(
                shop.node.dbUrl(), "select needs_person from pay_order where out_trade_no = ?", number);
    }

    @ParameterizedTest
    @CsvSource({"wxpay, FREQUENCY_LIMITED", "alipay, isv.app-call-limited"})
    void of_unknown_outcome_is_not_ended_by_a_refusal_of_its_repetition(String provider, String code) {
        var number = refundWhoseRepetitionIsRefused(provider);

        var again = refund(number, ",\"refund_fee\":500,\"out_refund_no\":\"" + number + "u\"");

        assertThat(again.status()).as(again.body()).isEqualTo(200);
        assertThat(again.json().getInt("code")).isZero();
        assertThat(again.json().getString("refund_status")).isEqualTo("processing");
        assertThat(column("failure", number + "u")).contains(code);
        assertThat(stateOf(number + "u")).isEqualTo("UNKNOWN");
        assertThat(refund(number, ",\"refund_fee\":500,\"out_refund_no\":\"" + number + "v\"")
                        .json()
                        .getInt("code"))
                .as("the amount stays reserved")
                .isEqualTo(2004);
        Eventually.within(
                Duration.ofSeconds(30), "found", () -> stateOf(number + "u").equals("SUCCEEDED"));
        assertThat(record(number).getInt("refund_fee")).isEqualTo(500);
        assertThat(shop.simulator.records(number).getJsonArray("refunds")).hasSize(1);
        assertThat(reasonForAPerson(number)).isNull();
    }

    @Test
    void that_is_absent_and_refused_for_24_hours_needs_a_person_and_is_still_queried() {
        var number = refundWhoseRepetitionIsRefused("wxpay");
        TestDatabase.execute(
                shop.node.dbUrl(),
                "update refund set maybe_sent_at = maybe_sent_at - interval '24 hours' where out_refund_no = '" + number
                        + "u'");

        Eventually.within(Duration.ofSeconds(20), "marked for a person", () -> reasonForAPerson(number) != null);

        assertThat(reasonForAPerson(number)).contains("may have been sent").contains("24 hours");
        assertThat(events(number, "refund.stuck")).isEqualTo(1);
        assertThat(column("finished_at", number + "u")).isNull();
        Eventually.within(
                Duration.ofSeconds(40), "found", () -> stateOf(number + "u").equals("SUCCEEDED"));
    }

    @Test
    void whose_node_died_during_the_call_is_not_ended_by_a_refusal() {
        var number = shop.paid("wxpay");
        shop.setFault(number, "REFUND_NOT_ENOUGH");
        var refused = refund(number, ",\"refund_fee\":500,\"out_refund_no\":\"" + number + "d\"");
        assertThat(refused.status()).isEqualTo(502);
        // as if the node had died before the answer
        TestDatabase.execute(shop.node.dbUrl(), """
                with taken as (
                    update refund
                    set state = 'REQUESTING', claim = gen_random_uuid(), lease_until = now() - interval '1 second',
                        next_query_at = now() + interval '1 hour', finished_at = null
                    where out_refund_no = '%sd'
                    returning receipt_id)
                update receipt set reserved = 500 where id in (select receipt_id from taken)
                """.formatted(number));

        var again = refund(number, ",\"refund_fee\":500,\"out_refund_no\":\"" + number + "d\"");

        assertThat(again.status()).as(again.body()).isEqualTo(200);
        assertThat(again.json().getString("refund_status")).isEqualTo("processing");
        assertThat(stateOf(number + "d")).isEqualTo("UNKNOWN");
        shop.simulator.clearFaults(number);
        Eventually.within(
                Duration.ofSeconds(30), "refunded", () -> stateOf(number + "d").equals("SUCCEEDED"));
    }

    @Test
    void of_another_amount_than_requested_is_recorded_once() {
        var number = shop.paid("wxpay");
        shop.setFault(number, "REFUND_SLOW");
        refund(number, ",\"refund_fee\":500,\"out_refund_no\":\"" + number + "s\"");
        TestDatabase.execute(
                shop.node.dbUrl(), "update refund set amount = 499 where out_refund_no = '" + number + "s'");
        shop.node.simulator("refund", "{\"out_refund_no\":\"" + number + "s\",\"status\":\"SUCCESS\"}");

        for (int i = 0; i < 3; i++) shop.call("queryRefund", "{\"out_trade_no\":\"" + number + "\"}");

        assertThat(events(number, "refund.differs")).isEqualTo(1);
        assertThat(reasonForAPerson(number)).contains("gave back");
        assertThat(shop.query(number).getInt("status")).isEqualTo(1);
        TestDatabase.execute(
                shop.node.dbUrl(), "update refund set amount = 500 where out_refund_no = '" + number + "s'");
        shop.call("queryRefund", "{\"out_trade_no\":\"" + number + "\"}");
        assertThat(stateOf(number + "s")).isEqualTo("SUCCEEDED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void of_everything_gets_a_free_number_and_returns_what_is_left(String provider) {
        var number = shop.paid(provider);
        refund(number, ",\"refund_fee\":10,\"out_refund_no\":\"" + number + "-2\"");
        untilStatus(number, 2);

        var rest = refund(number, "").json();

        assertThat(rest.getInt("code")).isZero();
        assertThat(rest.getInt("refund_fee")).isEqualTo(980);
        assertThat(rest.getString("out_refund_no")).isEqualTo(number + "-3");
        untilStatus(number, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void of_everything_after_a_failed_one_of_less_returns_everything(String provider) {
        var number = shop.paid(provider);
        shop.setFault(number, "REFUND_NOT_ENOUGH");
        assertThat(refund(number, ",\"refund_fee\":300").status()).isEqualTo(502);
        assertThat(refund(number, "").status()).isEqualTo(502);
        shop.simulator.clearFaults(number);

        var all = refund(number, "").json();

        assertThat(all.getInt("refund_fee")).isEqualTo(990);
        assertThat(all.getString("out_refund_no"))
                .as("the number of the failed one of the same amount")
                .isEqualTo(number + "-2");
        untilStatus(number, 3);
        assertThat(record(number).getInt("refund_num")).isEqualTo(1);
    }

    @Test
    void without_a_number_never_gets_one_that_another_order_has() {
        var other = shop.paid("wxpay");
        var number = shop.paid("wxpay");
        refund(other, ",\"refund_fee\":20,\"out_refund_no\":\"" + number + "-1\"");

        var mine = refund(number, ",\"refund_fee\":30").json();

        assertThat(mine.getInt("code")).isZero();
        assertThat(mine.getInt("refund_fee")).isEqualTo(30);
        assertThat(mine.getString("out_refund_no")).isEqualTo(number + "-2");
    }

    @Test
    void is_found_by_the_providers_number_through_an_index() {
        var number = shop.paid("wxpay");
        refund(number, "");
        var url = shop.node.dbUrl();
        var merchant = TestDatabase.text(url, "select id::text from merchant where pid = ?", shop.pid);
        // the table is small here, so reading all of it would be cheapest
        var plan = TestDatabase.text(
                url + (url.contains("?") ? "&" : "?") + "options=-c%20enable_seqscan=off", """
                explain (format json)
                select order_id from refund where merchant_id = '%s' and mode = 'TEST' and refund_id = '503'
                """.formatted(merchant));

        assertThat(plan).contains("\"refund_by_refund_id\"").contains("(refund_id = '503'::text) AND (merchant_id =");
    }

    @ParameterizedTest
    @ValueSource(strings = {"refund_fee", "out_refund_no"})
    void with_a_null_that_would_mean_something_else_is_refused_by_name(String field) {
        var number = shop.paid("wxpay");

        var answer = refund(number, ",\"" + field + "\":null");

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().getInt("code")).isBetween(1100, 1199);
        assertThat(answer.json().getString("detail")).contains(field);
        assertThat(shop.simulator.records(number).getJsonArray("refunds")).isEmpty();
    }

    @Test
    void with_null_in_the_envelope_is_one_without_that_field() {
        var number = shop.paid("wxpay");

        var answer = shop.node.call(
                "POST",
                "/http/vk-pay",
                shop.key,
                "{\"action\":\"pay/refund\",\"data\":{\"out_trade_no\":\"" + number
                        + "\",\"refund_fee\":null,\"out_refund_no\":null,\"refund_desc\":null}}");

        assertThat(answer.json().getInt("code")).as(answer.body()).isZero();
        assertThat(answer.json().getInt("refund_fee")).isEqualTo(990);
        untilStatus(number, 3);
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
    @ValueSource(strings = {"0", "-1", "1.5", "\"\"", "\"100\"", "null"})
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
