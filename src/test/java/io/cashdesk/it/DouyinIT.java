package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.DouyinMerchant;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Payments inside Douyin, from createPayment until they are paid, delivered to the merchant, refunded and settled: test
 * mode for ecpay, a live node for the general trade system.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DouyinIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** By dialect. */
    private static final Map<String, Merchant> MERCHANTS = new HashMap<>();

    private static MerchantServer receiver;

    /**
     * A merchant of ours.
     *
     * @param secret of its webhooks
     */
    private record Merchant(Shop shop, String mode, String secret) {}

    @BeforeAll
    static void open() {
        receiver = new MerchantServer();
        var some = UUID.randomUUID().toString().substring(0, 8);
        MERCHANTS.put("ecpay", merchant(new Shop("douyin-it-" + some), "test"));
        var live = new Shop("douyin-it-trade-" + some, "live");
        var put = live.node.manage(
                "PUT",
                "merchants/" + live.pid + "/providers",
                Json.createObjectBuilder()
                        .add(
                                "douyin",
                                Json.createObjectBuilder()
                                        .add("mp-toutiao", DouyinMerchant.newNode(live.node, "trade"))));
        assertThat(put.status()).as(put.body()).isEqualTo(200);
        MERCHANTS.put("trade", merchant(live, "live"));
    }

    private static Merchant merchant(Shop shop, String mode) {
        var hook = Json.createObjectBuilder().add("url", receiver.url()).add("mode", mode);
        var secret = shop.node.manage("PUT", "merchants/" + shop.pid + "/webhooks/all", hook);
        return new Merchant(shop, mode, secret.json().getString("secret"));
    }

    @AfterAll
    static void close() {
        receiver.close();
    }

    private static Shop shop(String dialect) {
        return MERCHANTS.get(dialect).shop();
    }

    /** The orderInfo of an order of 9.90 yuan. */
    private static JsonObject created(String dialect, String number) {
        var answer = shop(dialect).create("douyin", Shop.on("mp-toutiao", ""), Shop.order(number));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().getInt("code")).as(answer.body()).isZero();
        assertThat(answer.json().getString("pay_type")).isEqualTo("douyin_mp-toutiao");
        return answer.json().getJsonObject("orderInfo");
    }

    /** The arguments with which the client opens the cashier; in the general trade system this makes the order. */
    private static JsonObject cashier(String dialect, JsonObject orderInfo) {
        if (dialect.equals("ecpay")) {
            assertThat(orderInfo.keySet()).containsExactlyInAnyOrder("order_id", "order_token");
            return orderInfo;
        }
        assertThat(orderInfo.keySet()).containsExactlyInAnyOrder("data", "byteAuthorization");
        var made = DouyinMerchant.phone(shop(dialect).node, "requestOrder", orderInfo);
        assertThat(made.getString("errMsg")).isEqualTo("requestOrder:ok");
        return DouyinMerchant.orderId(made.getString("orderId"));
    }

    private static void pays(String dialect, JsonObject cashier, Object... more) {
        assertThat(DouyinMerchant.pay(shop(dialect).node, cashier, more)).isZero();
    }

    private static String paid(String dialect) {
        var number = Shop.number();
        pays(dialect, cashier(dialect, created(dialect, number)));
        shop(dialect).untilPaid(number);
        return number;
    }

    private static JsonObject record(String dialect, String number) {
        var shop = shop(dialect);
        return shop.node
                .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                .getJsonObject("payOrder");
    }

    private static JsonObject refund(String dialect, String number, String more) {
        return shop(dialect)
                .call("refund", "{\"out_trade_no\":\"" + number + "\"" + more + "}")
                .json();
    }

    private static List<JsonObject> refundsAtProvider(String dialect, String number) {
        return shop(dialect).simulator.records(number).getJsonArray("refunds").getValuesAs(JsonObject.class);
    }

    private static void untilStatus(String dialect, String number, int status) {
        Eventually.within(
                SOON,
                number + " has status " + status,
                () -> shop(dialect).query(number).getInt("status") == status);
    }

    private static MerchantServer.Received delivered(String number, String type) {
        Eventually.within(
                SOON,
                type + " of " + number,
                () -> receiver.about(number).stream().anyMatch(r -> r.type().equals(type)));
        return receiver.about(number).stream()
                .filter(r -> r.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static void untilReceipt(String dialect, String number, String kind) {
        Eventually.within(
                SOON,
                kind + " money",
                () -> TestDatabase.number(
                                shop(dialect).node.dbUrl(),
                                "select count(*) from receipt r join pay_order o on o.id = r.order_id"
                                        + " where o.out_trade_no = ? and r.kind = ?",
                                number,
                                kind)
                        == 1);
    }

    private static JsonObject manage(String dialect, String method, String path, JsonObject body) {
        var shop = shop(dialect);
        var answer = shop.node.call(
                method,
                "/api/manage/merchants/" + shop.pid + "/" + path,
                Node.MANAGE_TOKEN,
                body == null ? null : body.toString());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static String mode(String dialect) {
        return MERCHANTS.get(dialect).mode();
    }

    @ParameterizedTest
    @CsvSource({"ecpay, 1, wxpay", "ecpay, 2, alipay", "ecpay, 10, douyin", "trade, 1, wxpay", "trade, 10, douyin"})
    void an_order_is_paid_by_the_callback_delivered_and_refunded(String dialect, int way, String method) {
        var number = Shop.number();
        var cashier = cashier(dialect, created(dialect, number));
        assertThat(shop(dialect).query(number).getBoolean("orderPaid")).isFalse();

        pays(dialect, cashier, "way", way);

        var webhook = delivered(number, "payment.paid"); // nothing queries meanwhile: the callback alone pays it
        assertThat(webhook.verifies(MERCHANTS.get(dialect).secret())).isTrue();
        assertThat(webhook.body()).contains("\"total_fee\":990", "\"provider_pay_method\":\"" + method + "\"");
        var record = record(dialect, number);
        assertThat(record.getInt("total_fee")).isEqualTo(990);
        assertThat(record.getString("provider_pay_method")).isEqualTo(method);
        assertThat(record.getString("transaction_id")).isNotBlank();

        var refund = refund(dialect, number, "");
        assertThat(refund.getInt("code")).as(refund.toString()).isZero();
        untilStatus(dialect, number, 3);
        assertThat(refundsAtProvider(dialect, number)).hasSize(1).allMatch(r -> r.getInt("amount") == 990);
        delivered(number, "refund.succeeded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecpay", "trade"})
    void a_lost_callback_is_replaced_by_a_query(String dialect) {
        var number = Shop.number();
        var info = created(dialect, number);
        shop(dialect).setFault(number, "NOTIFY_LOST");
        pays(dialect, cashier(dialect, info), "way", 2);

        var found = shop(dialect).node.queryPayment(shop(dialect).key, number, ",\"await_notify\":true");

        assertThat(found.getBoolean("orderPaid")).isTrue();
        assertThat(record(dialect, number).getString("provider_pay_method")).isEqualTo("alipay");
        assertThat(shop(dialect).simulator.records(number).getJsonArray("notifications"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecpay", "trade"})
    void a_refund_goes_back_in_parts(String dialect) {
        var number = paid(dialect);

        assertThat(refund(dialect, number, ",\"refund_fee\":100").getInt("code"))
                .isZero();
        untilStatus(dialect, number, 2);
        assertThat(refund(dialect, number, "").getInt("code")).isZero();
        untilStatus(dialect, number, 3);

        assertThat(refundsAtProvider(dialect, number))
                .extracting(r -> r.getInt("amount"))
                .containsExactlyInAnyOrder(100, 890);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecpay", "trade"})
    void a_refund_that_fails_later_leaves_the_order_paid(String dialect) {
        var number = paid(dialect);
        shop(dialect).setFault(number, "REFUND_CLOSED");

        refund(dialect, number, ",\"refund_fee\":100,\"out_refund_no\":\"" + number + "-r\"");

        delivered(number, "refund.failed");
        assertThat(shop(dialect).query(number).getInt("status")).isEqualTo(1);
        shop(dialect).simulator.clearFaults(number);
        assertThat(refund(dialect, number, "").getInt("code")).isZero();
        untilStatus(dialect, number, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecpay", "trade"})
    void a_refund_without_an_answer_is_made_once(String dialect) {
        var number = paid(dialect);
        shop(dialect).setFault(number, "REFUND_TIMES_OUT_AFTER_ACCEPTING");

        refund(dialect, number, ",\"out_refund_no\":\"" + number + "-r\"");
        refund(dialect, number, ",\"out_refund_no\":\"" + number + "-r\"");

        untilStatus(dialect, number, 3);
        assertThat(refundsAtProvider(dialect, number)).hasSize(1).allMatch(r -> r.getInt("amount") == 990);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecpay", "trade"})
    void a_refused_refund_moves_no_money(String dialect) {
        var number = paid(dialect);
        shop(dialect).setFault(number, "REFUND_NOT_ENOUGH");

        assertThat(refund(dialect, number, "").getInt("code")).isNotZero();

        assertThat(refundsAtProvider(dialect, number)).isEmpty();
        assertThat(shop(dialect).query(number).getInt("status")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecpay", "trade"})
    void a_forged_callback_proves_nothing(String dialect) {
        var number = Shop.number();
        var cashier = cashier(dialect, created(dialect, number));
        shop(dialect).setFault(number, "NOTIFY_FORGED");
        pays(dialect, cashier);

        Eventually.within(
                SOON,
                "refused",
                () -> shop(dialect)
                        .simulator
                        .records(number)
                        .getJsonArray("notifications")
                        .toString()
                        .contains("\"status\":401"));
        assertThat(TestDatabase.number(
                        shop(dialect).node.dbUrl(),
                        "select count(*) from notification n join pay_order o on o.id = n.order_id"
                                + " where n.verdict = 'AUTHENTIC' and o.out_trade_no = ?",
                        number))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecpay", "trade"})
    void a_doubled_callback_is_one_payment_and_one_webhook(String dialect) {
        var number = Shop.number();
        var cashier = cashier(dialect, created(dialect, number));
        shop(dialect).setFault(number, "NOTIFY_TWICE_AT_ONCE");
        pays(dialect, cashier);

        Eventually.within(
                SOON,
                "both acknowledged",
                () ->
                        shop(dialect)
                                        .simulator
                                        .records(number)
                                        .getJsonArray("notifications")
                                        .getValuesAs(JsonObject.class)
                                        .stream()
                                        .filter(n -> n.getInt("status", 0) == 200)
                                        .count()
                                == 2);
        delivered(number, "payment.paid");
        untilReceipt(dialect, number, "ORDER");
        assertThat(receiver.about(number).stream().filter(r -> r.type().equals("payment.paid")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecpay", "trade"})
    void an_amount_that_differs_never_pays_the_order(String dialect) {
        var number = Shop.number();
        var cashier = cashier(dialect, created(dialect, number));
        shop(dialect).setFault(number, "NOTIFY_WRONG_AMOUNT");
        pays(dialect, cashier);

        untilReceipt(dialect, number, "AMOUNT_DIFFERS");
        assertThat(shop(dialect).query(number).getBoolean("orderPaid")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"ecpay, AMOUNTS_AS_TEXT", "ecpay, NUMBERS_AS_TEXT", "trade, AMOUNTS_AS_TEXT", "trade, NUMBERS_AS_TEXT"})
    void numbers_that_come_as_texts_are_read(String dialect, String fault) {
        var number = Shop.number();
        var cashier = cashier(dialect, created(dialect, number));
        shop(dialect).setFault(number, fault);

        pays(dialect, cashier);

        shop(dialect).untilPaid(number);
        assertThat(refund(dialect, number, "").getInt("code")).isZero();
        untilStatus(dialect, number, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ANSWER_SYSTEM_ERROR", "ANSWER_BUSY", "ANSWER_HTML", "ORDER_TOKEN_MISSING"})
    void an_order_that_is_answered_badly_can_be_created_again(String fault) {
        var number = Shop.number();
        var shop = shop("ecpay");
        shop.setFault(number, fault);
        var first = shop.create("douyin", Shop.on("mp-toutiao", ""), Shop.order(number));
        assertThat(first.json().getInt("code")).as(first.body()).isNotZero();
        shop.simulator.clearFaults(number);

        Eventually.within(
                SOON,
                "created",
                () -> shop.create("douyin", Shop.on("mp-toutiao", ""), Shop.order(number))
                                .json()
                                .getInt("code")
                        == 0);
        pays("ecpay", created("ecpay", number));
        shop.untilPaid(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecpay", "trade"})
    void an_unpaid_order_expires(String dialect) {
        var number = Shop.number();
        cashier(dialect, created(dialect, number));
        var shop = shop(dialect);

        shop.simulator.age(number, Duration.ofDays(2));
        TestDatabase.execute(
                shop.node.dbUrl(),
                "update attempt set expires_at = now() - interval '1 minute', close_at = now() - interval '1 minute',"
                        + " next_query_at = now(), next_step = 'CLOSE' where order_id in"
                        + " (select id from pay_order where out_trade_no = '" + number + "')");
        TestDatabase.execute(
                shop.node.dbUrl(),
                "update pay_order set expires_at = now() - interval '1 minute' where out_trade_no = '" + number + "'");

        untilStatus(dialect, number, -1);
        delivered(number, "payment.closed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecpay", "trade"})
    void money_that_comes_after_the_close_is_late(String dialect) {
        var number = Shop.number();
        var cashier = cashier(dialect, created(dialect, number));
        var closed = shop(dialect).call("closePayment", "{\"out_trade_no\":\"" + number + "\"}");
        assertThat(closed.json().getInt("code")).as(closed.body()).isZero();

        pays(dialect, cashier);

        untilReceipt(dialect, number, "LATE");
        delivered(number, "payment.late");
    }

    @Test
    void money_for_an_order_that_is_paid_elsewhere_is_a_duplicate() {
        var number = Shop.number();
        var shop = shop("ecpay");
        var cashier = created("ecpay", number);
        var other = shop.create("alipay", Shop.on("h5", ""), Shop.order(number));
        assertThat(other.json().getInt("code")).as(other.body()).isZero();
        shop.simulator.call("pay", "{\"out_trade_no\":\"" + number + "\",\"provider\":\"alipay\"}");
        shop.untilPaid(number);

        pays("ecpay", cashier);

        untilReceipt("ecpay", number, "DUPLICATE");
        delivered(number, "payment.duplicate");
    }

    @Test
    void a_payer_who_cancels_may_pay_the_same_order_again() {
        for (var dialect : List.of("ecpay", "trade")) {
            var number = Shop.number();
            var first = cashier(dialect, created(dialect, number));
            assertThat(DouyinMerchant.pay(shop(dialect).node, first, "outcome", "cancel"))
                    .isEqualTo(4);

            if (dialect.equals("trade")) { // the callback says that this order there is over
                Eventually.within(
                        SOON,
                        "the callback is acknowledged",
                        () -> shop(dialect)
                                .simulator
                                .records(number)
                                .getJsonArray("notifications")
                                .toString()
                                .contains("\"status\":200"));
            }
            pays(dialect, cashier(dialect, created(dialect, number)));
            shop(dialect).untilPaid(number);
        }
    }

    @Test
    void an_access_token_that_ended_is_fetched_again() {
        var number = Shop.number();
        var shop = shop("trade");
        pays("trade", cashier("trade", created("trade", number)));
        shop.untilPaid(number);
        var appId = TestDatabase.text(
                shop.node.dbUrl(),
                "select a.app_id from sim_account a join sim_trade t on t.account_id = a.id where t.number = ?",
                number);

        for (var end : List.of("expired", "invalid")) {
            shop.simulator.call("douyin/token", "{\"app_id\":\"" + appId + "\",\"end\":\"" + end + "\"}");

            var refund = refund("trade", number, ",\"refund_fee\":100");

            assertThat(refund.getInt("code")).as(refund.toString()).isZero();
        }
        Eventually.within(
                SOON,
                "both refunds have succeeded",
                () -> refundsAtProvider("trade", number).size() == 2
                        && refundsAtProvider("trade", number).stream()
                                .allMatch(r -> r.getString("state").equals("SUCCESS")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecpay", "trade"})
    void a_payment_is_settled_by_a_person(String dialect) {
        var number = paid(dialect);
        var unsettled = manage(dialect, "GET", "settlements?mode=" + mode(dialect), null);
        assertThat(unsettled.toString()).contains("\"out_trade_no\":\"" + number + "\"");

        var settled = manage(
                dialect,
                "POST",
                "orders/" + number + "/settlements",
                Json.createObjectBuilder()
                        .add("mode", mode(dialect))
                        .add("by", "tester")
                        .build());

        assertThat(settled.getJsonObject("settlement").getInt("amount")).isEqualTo(990);
        Eventually.within(
                SOON,
                "settled",
                () -> manage(dialect, "GET", "settlements?state=settled&mode=" + mode(dialect), null)
                        .toString()
                        .contains("\"out_trade_no\":\"" + number + "\""));
    }

    @ParameterizedTest
    @CsvSource({"accept, accepted, 2", "refuse, refused, 1"})
    void a_payers_request_for_a_refund_is_decided(String decision, String state, int status) {
        var number = paid("trade");
        var shop = shop("trade");
        var orderId = shop.simulator.records(number).getString("transaction_id");
        var refundId = DouyinMerchant.phone(
                        shop.node,
                        "refundRequest",
                        Json.createObjectBuilder()
                                .add("order_id", orderId)
                                .add("amount", 300)
                                .add("reason", "茶凉了")
                                .build())
                .getString("refund_id");

        assertThat(delivered(number, "refund.requested").body()).contains(refundId);
        var open = manage("trade", "GET", "refund-requests/" + refundId + "?mode=live", null)
                .getJsonObject("refund_request");
        assertThat(open.getString("out_trade_no")).isEqualTo(number);
        assertThat(open.getInt("amount")).isEqualTo(300);
        assertThat(open.getString("state")).isEqualTo("open");
        assertThat(open.getString("reason")).contains("茶凉了");
        assertThat(open.getJsonNumber("deadline").longValue()).isGreaterThan(System.currentTimeMillis());

        manage(
                "trade",
                "POST",
                "refund-requests/" + refundId,
                Json.createObjectBuilder()
                        .add("mode", "live")
                        .add("decision", decision)
                        .add("reason", "商品已使用")
                        .add("by", "tester")
                        .build());

        Eventually.within(
                SOON,
                state,
                () -> manage("trade", "GET", "refund-requests/" + refundId + "?mode=live", null)
                        .getJsonObject("refund_request")
                        .getString("state")
                        .equals(state));
        untilStatus("trade", number, status);
        assertThat(record("trade", number).getInt("refund_fee", 0)).isEqualTo(status == 2 ? 300 : 0);
    }
}
