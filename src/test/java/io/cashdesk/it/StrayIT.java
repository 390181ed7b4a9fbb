package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Unexpected money: a second payment, or a payment of a closed order. Alipay's code cannot be closed before it has been
 * scanned, so a payer who kept a picture of it can still pay when the order is closed or paid in another way.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class StrayIT {
    static Shop shop;
    static MerchantServer server;

    @BeforeAll
    static void open() {
        shop = new Shop("stray-it");
        server = new MerchantServer();
        shop.node.manage(
                "PUT",
                "merchants/stray-it/webhooks/all",
                Json.createObjectBuilder()
                        .add("url", server.url())
                        .add("mode", "test")
                        .add("types", Json.createArrayBuilder().add("goods")));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @BeforeEach
    void policy() {
        policy("refund", "refund");
    }

    private static void policy(String late, String duplicate) {
        var answer = shop.node.manage(
                "PUT",
                "merchants/stray-it",
                Json.createObjectBuilder().add("late_payment", late).add("duplicate_payment", duplicate));
        assertThat(answer.json().getString("late_payment")).isEqualTo(late);
    }

    private static void pay(String number, String provider) {
        var paid =
                shop.node.simulator("pay", "{\"out_trade_no\":\"" + number + "\",\"provider\":\"" + provider + "\"}");
        assertThat(paid.json().getBoolean("paid")).isTrue();
    }

    /** Paid with WeChat Pay, and then with an earlier code of Alipay. */
    private static String paidTwice(String... faults) {
        var number = Shop.number();
        if (faults.length > 0) shop.simulator.setFaults(number, faults);
        shop.node.createPayment(shop.key, "alipay", number, 990);
        shop.node.createPayment(shop.key, "wxpay", number, 990);
        pay(number, "wxpay");
        shop.untilPaid(number);
        pay(number, "alipay");
        untilReceipts(number, 2);
        return number;
    }

    /** Paid after the merchant closed it. */
    private static String paidLate() {
        var number = Shop.number();
        shop.node.createPayment(shop.key, "alipay", number, 990);
        assertThat(shop.call("closePayment", "{\"out_trade_no\":\"" + number + "\"}")
                        .status())
                .isEqualTo(200);
        pay(number, "alipay");
        untilReceipts(number, 1);
        return number;
    }

    private static void untilReceipts(String number, int count) {
        Eventually.within(Duration.ofSeconds(10), count + " receipts", () -> count("", number) == count);
    }

    private static long count(String more, String number) {
        return TestDatabase.number(
                shop.node.dbUrl(),
                "select count(*) from receipt r join pay_order o on o.id = r.order_id where o.out_trade_no = ?" + more,
                number);
    }

    private static String column(String column, String number) {
        return TestDatabase.text(
                shop.node.dbUrl(), "select " + column + "::text from pay_order where out_trade_no = ?", number);
    }

    private static void untilGivenBack(String number) {
        Eventually.within(
                Duration.ofSeconds(20),
                "refunded",
                () -> count(" and r.disposition = 'RETURNED' and r.refunded = 990", number) == 1);
        assertThat(TestDatabase.number(shop.node.dbUrl(), """
                select count(*)
                from refund r
                join pay_order o on o.id = r.order_id
                where o.out_trade_no = ? and r.state = 'SUCCEEDED' and r.amount = 990
                """, number)).isEqualTo(1);
    }

    private static JsonObject webhook(String number, String type) {
        Eventually.within(
                Duration.ofSeconds(15),
                type,
                () -> server.about(number).stream().anyMatch(h -> is(h.body(), type)));
        return server.about(number).stream()
                .map(MerchantServer.Received::body)
                .filter(body -> is(body, type))
                .map(body -> Json.createReader(new StringReader(body)).readObject())
                .findFirst()
                .orElseThrow();
    }

    private static boolean is(String body, String type) {
        return body.contains("\"type\":\"" + type + "\"");
    }

    @Test
    void a_second_payment_is_refunded_and_leaves_the_order_as_it_was() {
        var number = paidTwice();

        untilGivenBack(number);

        var order = shop.node
                .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                .getJsonObject("payOrder");
        assertThat(order.getInt("status")).isEqualTo(1);
        assertThat(order.getInt("refund_fee", 0)).isZero();
        assertThat(order.getInt("total_fee")).isEqualTo(990);
        assertThat(order.getString("provider")).isEqualTo("wxpay");
        assertThat(column("needs_person", number)).isNull();
        var payment = webhook(number, "payment.duplicate").getJsonObject("payment");
        assertThat(payment.getString("provider")).isEqualTo("alipay");
        assertThat(payment.getInt("total_fee")).isEqualTo(990);
        assertThat(payment.getString("handling")).isEqualTo("refund");
        var refund = webhook(number, "refund.succeeded").getJsonObject("refund");
        assertThat(refund.getString("cause")).isEqualTo("duplicate");
        assertThat(refund.getInt("refund_fee")).isEqualTo(990);
    }

    @Test
    void a_second_payment_does_not_stand_in_the_way_of_the_merchants_own_refund() {
        var number = paidTwice();

        var refund = shop.call("refund", "{\"out_trade_no\":\"" + number + "\",\"refund_fee\":300}");

        assertThat(refund.json().getString("outRefundNo")).isEqualTo(number + "-1");
        Eventually.within(
                Duration.ofSeconds(20),
                "partly refunded",
                () -> shop.query(number).getInt("status") == 2);
        untilGivenBack(number);
        var order = shop.node
                .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                .getJsonObject("payOrder");
        assertThat(order.getInt("refund_fee")).isEqualTo(300);
        assertThat(order.getJsonArray("refund_list")).hasSize(1);
    }

    @Test
    void a_second_payment_waits_for_a_person_where_the_merchant_wants_that() {
        policy("refund", "hold");

        var number = paidTwice();

        assertThat(count(" and r.disposition = 'HELD'", number)).isEqualTo(1);
        assertThat(column("needs_person", number)).contains("a second time");
        assertThat(webhook(number, "payment.duplicate").getJsonObject("payment").getString("handling"))
                .isEqualTo("hold");
    }

    @Test
    void a_second_payment_that_cannot_be_refunded_is_held_for_a_person() {
        var number = paidTwice("REFUND_NOT_ALLOWED");

        Eventually.within(Duration.ofSeconds(20), "marked for a person", () -> column("needs_person", number) != null);

        assertThat(column("needs_person", number)).contains("could not be sent back");
        assertThat(count(" and r.refunded = 0 and r.reserved = 0 and r.kind = 'DUPLICATE'", number))
                .isEqualTo(1);
        assertThat(webhook(number, "refund.failed").getJsonObject("refund").getString("cause"))
                .isEqualTo("duplicate");
        assertThat(shop.query(number).getInt("status")).isEqualTo(1);
    }

    @Test
    void a_second_payment_that_could_not_be_refunded_is_refunded_when_its_number_is_requested_again() {
        var number = paidTwice("REFUND_NOT_ALLOWED");
        var refundNo = webhook(number, "refund.failed").getJsonObject("refund").getString("out_refund_no");
        shop.simulator.clearFaults(number);

        var again = shop.call("refund", "{\"out_trade_no\":\"" + number + "\",\"out_refund_no\":\"" + refundNo + "\"}");

        assertThat(again.status()).as(again.body()).isEqualTo(200);
        untilGivenBack(number);
        assertThat(shop.query(number).getInt("status")).isEqualTo(1);
        assertThat(count(" and r.kind = 'ORDER' and r.reserved = 0", number))
                .as("the order's own payment is not changed")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"REFUND_FREQUENCY_LIMITED", "REFUND_NOT_ENOUGH"})
    void a_second_payment_whose_refund_is_refused_for_a_passing_reason_is_refunded_later(String fault) {
        var number = paidTwice(fault);

        Eventually.within(
                Duration.ofSeconds(10), "waits", () -> "WAITING".equals(refund("state", number)) && tried(number));
        assertThat(count(" and r.reserved = 990 and r.disposition = 'RETURNING'", number))
                .isEqualTo(1);
        assertThat(column("needs_person", number)).isNull();
        shop.simulator.clearFaults(number);

        Eventually.within(
                Duration.ofSeconds(45), "refunded", () -> count(" and r.disposition = 'RETURNED'", number) == 1);
        assertThat(column("needs_person", number)).isNull();
        assertThat(server.about(number)).noneMatch(h -> is(h.body(), "refund.failed"));
    }

    @Test
    void a_second_payment_whose_refund_is_refused_for_24_hours_needs_a_person_and_is_still_repeated() {
        var number = paidTwice("REFUND_NOT_ENOUGH");
        Eventually.within(Duration.ofSeconds(10), "tried", () -> tried(number));
        assertThat(column("needs_person", number)).isNull();

        for (int i = 0; i < 2; i++) {
            var queries = refund("queries", number);
            TestDatabase.execute(shop.node.dbUrl(), """
                    update refund
                    set created_at = created_at - interval '24 hours', next_query_at = now()
                    where cause = 'DUPLICATE' and order_id in (select id from pay_order where out_trade_no = '%s')
                    """.formatted(number));
            Eventually.within(
                    Duration.ofSeconds(10),
                    "tried again",
                    () -> !queries.equals(refund("queries", number)) && "WAITING".equals(refund("state", number)));
        }

        assertThat(column("needs_person", number)).contains("could not be sent back for 24 hours");
        assertThat(events("refund.stuck", number)).isEqualTo(1);
        assertThat(events("refund.waiting", number))
                .as("the same refusal is recorded once")
                .isEqualTo(1);
        assertThat(count(" and r.reserved = 990 and r.kind = 'DUPLICATE'", number))
                .isEqualTo(1);
        shop.simulator.clearFaults(number);
        TestDatabase.execute(shop.node.dbUrl(), """
                update refund set next_query_at = now()
                where cause = 'DUPLICATE' and order_id in (select id from pay_order where out_trade_no = '%s')
                """.formatted(number));
        untilGivenBack(number);
    }

    @Test
    void a_waiting_refund_is_processing_for_a_merchant_who_repeats_it() {
        var number = paidTwice("REFUND_NOT_ENOUGH");
        Eventually.within(Duration.ofSeconds(10), "tried", () -> tried(number));

        var answer = shop.call(
                "refund",
                "{\"out_trade_no\":\"" + number + "\",\"out_refund_no\":\"" + refund("out_refund_no", number) + "\"}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().getString("refund_status")).isEqualTo("processing");
        assertThat(refund("state", number)).isEqualTo("WAITING");
    }

    private static boolean tried(String number) {
        return refund("failure", number) != null;
    }

    /** A column of the automatic refund. */
    private static String refund(String column, String number) {
        return TestDatabase.text(
                shop.node.dbUrl(),
                "select r." + column + "::text from refund r join pay_order o on o.id = r.order_id"
                        + " where o.out_trade_no = ? and r.cause = 'DUPLICATE'",
                number);
    }

    private static long events(String kind, String number) {
        return TestDatabase.number(
                shop.node.dbUrl(),
                "select count(*) from order_event e join pay_order o on o.id = e.order_id"
                        + " where e.kind = ? and o.out_trade_no = ?",
                kind,
                number);
    }

    @Test
    void money_for_a_closed_order_is_refunded() {
        var number = paidLate();

        untilGivenBack(number);

        assertThat(shop.query(number).getInt("status")).isEqualTo(-1);
        assertThat(webhook(number, "payment.late").getJsonObject("payment").getString("handling"))
                .isEqualTo("refund");
        assertThat(webhook(number, "refund.succeeded").getJsonObject("refund").getString("cause"))
                .isEqualTo("late");
    }

    @Test
    void money_for_a_closed_order_pays_it_where_the_merchant_accepts_that() {
        policy("accept", "refund");

        var number = paidLate();

        shop.untilPaid(number);
        assertThat(shop.query(number).getInt("status")).isEqualTo(1);
        webhook(number, "payment.paid");
    }

    @Test
    void money_for_a_closed_order_waits_for_a_person_where_the_merchant_wants_that() {
        policy("hold", "refund");

        var number = paidLate();

        assertThat(count(" and r.disposition = 'HELD'", number)).isEqualTo(1);
        assertThat(column("needs_person", number)).contains("after the order was closed");
        assertThat(webhook(number, "payment.late").getJsonObject("payment").getString("handling"))
                .isEqualTo("hold");
    }
}
