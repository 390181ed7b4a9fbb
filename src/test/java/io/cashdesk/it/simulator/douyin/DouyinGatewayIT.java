package io.cashdesk.it.simulator.douyin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.testing.DouyinMerchant;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.Simulator;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulated Douyin over raw HTTP, without our adapter. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DouyinGatewayIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String SUCCESS = "{\"err_no\":0,\"err_tips\":\"success\"}";

    private static Node node;
    private static Simulator simulator;
    private static DouyinMerchant merchant;
    private static MerchantServer receiver;

    @BeforeAll
    static void open() {
        node = Nodes.shared();
        simulator = new Simulator(node);
        merchant = new DouyinMerchant(node);
        receiver = new MerchantServer();
        receiver.answers(200, SUCCESS);
    }

    @AfterAll
    static void close() {
        receiver.close();
    }

    /** The callbacks of this type whose content has this text. */
    private static List<MerchantServer.Received> callbacks(String type, String text) {
        return receiver.received().stream()
                .filter(r -> DouyinMerchant.json(r.body()).getString("type").equals(type))
                .filter(r -> DouyinMerchant.msg(r).toString().contains("\"" + text + "\""))
                .toList();
    }

    private static MerchantServer.Received callback(String type, String text) {
        Eventually.within(
                SOON, type + " about " + text, () -> !callbacks(type, text).isEmpty());
        return callbacks(type, text).get(0);
    }

    private static JsonObjectBuilder json(String name, String value) {
        return Json.createObjectBuilder().add(name, value);
    }

    private static long number(JsonObject object, String name) {
        return object.getJsonNumber(name).longValue();
    }

    @Nested
    class Ecpay {
        private JsonObject query(String number) {
            return merchant.ecpay("query_order", json("out_order_no", number));
        }

        private String paid() {
            var number = Shop.number();
            assertThat(merchant.pay(merchant.created(number, receiver.url()))).isZero();
            return number;
        }

        private JsonObjectBuilder refund(String number, String refundNo, long fen) {
            return json("out_order_no", number)
                    .add("out_refund_no", refundNo)
                    .add("reason", "不想要了")
                    .add("refund_amount", fen)
                    .add("notify_url", receiver.url());
        }

        private JsonObject refundInfo(String refundNo) {
            return merchant.ecpay("query_refund", json("out_refund_no", refundNo))
                    .getJsonObject("refundInfo");
        }

        private void untilRefund(String refundNo, String status) {
            Eventually.within(
                    SOON,
                    refundNo + " is " + status,
                    () -> refundInfo(refundNo).getString("refund_status").equals(status));
        }

        private JsonObjectBuilder settlement(String number, String settleNo) {
            return json("out_order_no", number)
                    .add("out_settle_no", settleNo)
                    .add("settle_desc", "结算")
                    .add("finish", "true")
                    .add("notify_url", receiver.url());
        }

        @Test
        void an_order_is_paid_queried_and_reported() {
            var number = Shop.number();
            var info = merchant.created(number, receiver.url());
            assertThat(info.keySet()).containsExactly("order_id", "order_token");
            assertThat(query(number).getJsonObject("payment_info").getString("order_status"))
                    .isEqualTo("PROCESSING");

            assertThat(merchant.pay(info, "way", 2)).isZero();

            var found = query(number);
            assertThat(found.getString("order_id")).isEqualTo(info.getString("order_id"));
            var payment = found.getJsonObject("payment_info");
            assertThat(payment.getString("order_status")).isEqualTo("SUCCESS");
            assertThat(payment.getInt("total_fee")).isEqualTo(990);
            assertThat(payment.getInt("way")).isEqualTo(2);
            assertThat(payment.getString("cp_extra")).isEqualTo("table 5");
            assertThat(payment.getString("pay_time")).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
            var callback = callback("payment", number);
            assertThat(merchant.verifiesEcpay(DouyinMerchant.json(callback.body())))
                    .isTrue();
            var msg = DouyinMerchant.msg(callback);
            assertThat(msg.getString("appid")).isEqualTo(merchant.appId);
            assertThat(msg.getString("way")).isEqualTo("2");
            assertThat(msg.getInt("total_amount")).isEqualTo(990);
            assertThat(msg.getString("status")).isEqualTo("SUCCESS");
            assertThat(merchant.pay(info)).isEqualTo(9);
        }

        @Test
        void the_same_order_again_is_the_same_and_another_one_is_refused() {
            var number = Shop.number();
            var first = merchant.created(number, receiver.url());

            assertThat(merchant.created(number, receiver.url())).isEqualTo(first);
            var other = merchant.ecpay(
                    "create_order", DouyinMerchant.order(number, receiver.url()).add("total_amount", 991));
            assertThat(other.getInt("err_no")).isEqualTo(2010);
            assertThat(other.isNull("data")).isTrue();
            assertThat(merchant.pay(first)).isZero();
            assertThat(merchant.ecpay("create_order", DouyinMerchant.order(number, receiver.url()))
                            .getInt("err_no"))
                    .isEqualTo(2010);
        }

        @Test
        void a_wrong_call_is_refused() {
            var order = DouyinMerchant.order(Shop.number(), receiver.url());

            assertThat(merchant.ecpay("create_order", order.add("sign", "0")).getInt("err_no"))
                    .isEqualTo(2008);
            var unknown = DouyinMerchant.order(Shop.number(), receiver.url()).add("app_id", "tt0000000000000000");
            assertThat(merchant.ecpay("create_order", unknown).getInt("err_no")).isEqualTo(2020);
            var text = DouyinMerchant.order(Shop.number(), receiver.url()).add("total_amount", "990");
            assertThat(merchant.ecpay("create_order", text).toString()).contains("2010", "total_amount");
            assertThat(merchant.ecpay("query_order", json("out_order_no", "none"))
                            .getInt("err_no"))
                    .isEqualTo(2000);
            assertThat(merchant.ecpay("query_refund", json("out_refund_no", "none"))
                            .getInt("err_no"))
                    .isEqualTo(3101);
            assertThat(merchant.post("/api/apps/ecpay/v1/close_order", "{}", "").status())
                    .isEqualTo(404);
            assertThat(node.call("POST", "/simulator/douyin/api/apps/ecpay/v1/query_order", null, "{}")
                            .status())
                    .isEqualTo(404);
        }

        @Test
        void a_number_that_was_given_back_as_text_by_a_fault_is_still_the_same_number() {
            var number = Shop.number();
            var info = merchant.created(number, receiver.url());
            simulator.setFaults(number, "AMOUNTS_AS_TEXT", "NUMBERS_AS_TEXT");
            assertThat(merchant.pay(info)).isZero();

            var found = query(number);

            assertThat(found.getString("err_no")).isEqualTo("0");
            assertThat(found.getJsonObject("payment_info").getString("total_fee"))
                    .isEqualTo("990");
            assertThat(DouyinMerchant.msg(callback("payment", number)).getString("total_amount"))
                    .isEqualTo("990");
        }

        @ParameterizedTest
        @CsvSource({"cancel, 4, PROCESSING", "fail, 2, FAIL", "timeout, 1, TIMEOUT", "open, 9, PROCESSING"})
        void a_payer_does_not_pay(String outcome, int code, String status) {
            var number = Shop.number();
            var info = merchant.created(number, receiver.url());

            assertThat(merchant.pay(info, "outcome", outcome)).isEqualTo(code);

            assertThat(query(number).getJsonObject("payment_info").getString("order_status"))
                    .isEqualTo(status);
            assertThat(merchant.pay(info) == 0).isEqualTo(status.equals("PROCESSING"));
        }

        @Test
        void the_cashier_opens_with_the_right_token_alone() {
            var info = merchant.created(Shop.number(), receiver.url());
            var wrong = Json.createObjectBuilder(info).add("order_token", "Cgw").build();

            assertThat(merchant.pay(wrong)).isEqualTo(2);
            assertThat(merchant.pay(DouyinMerchant.orderId(info.getString("order_id"))))
                    .isEqualTo(2);
            assertThat(merchant.pay(info)).isZero();
        }

        @Test
        void an_order_expires() {
            var number = Shop.number();
            var info = merchant.created(number, receiver.url());

            simulator.age(number, Duration.ofSeconds(601));

            assertThat(merchant.pay(info)).isEqualTo(1);
            assertThat(query(number).getJsonObject("payment_info").getString("order_status"))
                    .isEqualTo("TIMEOUT");
        }

        @Test
        void refunds_are_accepted_first_and_reported_later() {
            var number = paid();
            assertThat(merchant.ecpay("create_refund", refund(number, number + "-1", 400))
                            .getInt("err_no"))
                    .isZero();
            assertThat(refundInfo(number + "-1").getString("refund_status")).isEqualTo("PROCESSING");
            var same = merchant.ecpay("create_refund", refund(number, number + "-1", 400));
            assertThat(same.getInt("err_no")).isZero();
            assertThat(merchant.ecpay("create_refund", refund(number, number + "-1", 401))
                            .getInt("err_no"))
                    .isEqualTo(2010);
            assertThat(merchant.ecpay("create_refund", refund(number, number + "-2", 591))
                            .getInt("err_no"))
                    .isEqualTo(2010);
            assertThat(merchant.ecpay("create_refund", refund(number, number + "-3", 590))
                            .getInt("err_no"))
                    .isZero();

            untilRefund(number + "-1", "SUCCESS");
            untilRefund(number + "-3", "SUCCESS");
            var callback = callback("refund", number + "-1");
            assertThat(merchant.verifiesEcpay(DouyinMerchant.json(callback.body())))
                    .isTrue();
            var msg = DouyinMerchant.msg(callback);
            assertThat(msg.getString("status")).isEqualTo("SUCCESS");
            assertThat(msg.getInt("refund_amount")).isEqualTo(400);
            assertThat(msg.getString("refund_no")).isEqualTo(same.getString("refund_no"));
            assertThat(simulator.records(number).getJsonArray("refunds")).hasSize(2);
        }

        @Test
        void an_unpaid_order_is_neither_refunded_nor_settled() {
            var number = Shop.number();
            merchant.created(number, receiver.url());

            assertThat(merchant.ecpay("create_refund", refund(number, number + "-1", 1))
                            .toString())
                    .contains("2010", "未支付");
            assertThat(merchant.ecpay("settle", settlement(number, number + "-s"))
                            .toString())
                    .contains("2010", "未支付");
        }

        @Test
        void a_refund_fails_or_waits_for_a_test() {
            var number = paid();
            simulator.setFault(number, "REFUND_CLOSED");
            merchant.ecpay("create_refund", refund(number, number + "-1", 990));
            untilRefund(number + "-1", "FAIL");
            assertThat(DouyinMerchant.msg(callback("refund", number + "-1")).getString("status"))
                    .isEqualTo("FAIL");

            simulator.setFault(number, "REFUND_SLOW");
            merchant.ecpay("create_refund", refund(number, number + "-2", 990));
            assertThat(refundInfo(number + "-2").getString("refund_status")).isEqualTo("PROCESSING");
            simulator.call("douyin/refund", "{\"out_refund_no\":\"" + number + "-2\",\"status\":\"SUCCESS\"}");
            untilRefund(number + "-2", "SUCCESS");
        }

        @Test
        void what_is_left_is_settled_once() {
            var number = paid();
            merchant.ecpay("create_refund", refund(number, number + "-1", 90));
            assertThat(merchant.ecpay("settle", settlement(number, number + "-s"))
                            .toString())
                    .contains("2010", "处理中的退款");
            untilRefund(number + "-1", "SUCCESS");
            assertThat(number(merchant.ecpay("unsettle_amount", json("out_order_no", number)), "unsettle_amount"))
                    .isEqualTo(900);

            var settled = merchant.ecpay("settle", settlement(number, number + "-s"));

            assertThat(settled.getInt("err_no")).as(settled.toString()).isZero();
            assertThat(merchant.ecpay("settle", settlement(number, number + "-s"))
                            .getString("settle_no"))
                    .isEqualTo(settled.getString("settle_no"));
            assertThat(merchant.ecpay("settle", settlement(number, number + "-t"))
                            .toString())
                    .contains("2010", "已结算");
            var msg = DouyinMerchant.msg(callback("settle", number + "-s"));
            assertThat(msg.getString("status")).isEqualTo("SUCCESS");
            assertThat(msg.getInt("settle_amount")).isEqualTo(900);
            var found = merchant.ecpay("query_settle", json("out_settle_no", number + "-s"))
                    .getJsonObject("settle_info");
            assertThat(found.getString("settle_status")).isEqualTo("SUCCESS");
            assertThat(found.getInt("settle_amount")).isEqualTo(900);
            assertThat(number(merchant.ecpay("unsettle_amount", json("out_order_no", number)), "unsettle_amount"))
                    .isZero();
        }

        @Test
        void a_settlement_that_failed_can_be_requested_again() {
            var number = paid();
            simulator.setFault(number, "SETTLE_FAILS");
            merchant.ecpay("settle", settlement(number, number + "-s"));
            assertThat(DouyinMerchant.msg(callback("settle", number + "-s")).getString("status"))
                    .isEqualTo("FAIL");
            simulator.clearFaults(number);

            assertThat(merchant.ecpay("settle", settlement(number, number + "-t"))
                            .getInt("err_no"))
                    .isZero();
        }

        @Test
        void faults_change_the_answer_to_an_order() {
            var number = Shop.number();
            simulator.setFault(number, "ANSWER_BUSY");
            var order = DouyinMerchant.order(number, receiver.url());
            assertThat(merchant.ecpay("create_order", order).getInt("err_no")).isEqualTo(1001);
            assertThat(query(number).getInt("err_no")).isEqualTo(2000);

            simulator.setFault(number, "ORDER_TOKEN_MISSING");
            assertThat(merchant.created(number, receiver.url()).keySet()).containsExactly("order_id");
            simulator.setFault(number, "ANSWER_SYSTEM_ERROR");
            assertThat(query(number).getInt("err_no")).isEqualTo(1000);
            assertThat(query(number).getInt("err_no")).isZero();

            var late = Shop.number();
            simulator.setFault(late, "ANSWER_TIMES_OUT_AFTER_ACCEPTING");
            assertThatThrownBy(() -> merchant.created(late, receiver.url()))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(HttpTimeoutException.class);
            assertThat(query(late).getInt("err_no")).isZero();
        }

        @Test
        void a_forged_callback_is_signed_with_another_token() {
            var number = Shop.number();
            var info = merchant.created(number, receiver.url());
            simulator.setFault(number, "NOTIFY_FORGED");
            merchant.pay(info);

            assertThat(merchant.verifiesEcpay(
                            DouyinMerchant.json(callback("payment", number).body())))
                    .isFalse();
        }
    }

    @Nested
    class Trade {
        private JsonObject order(String orderId) {
            return merchant.trade("order_query", json("order_id", orderId)).getJsonObject("data");
        }

        private String paid(String number) {
            var orderId = merchant.requested(number, receiver.url());
            assertThat(merchant.pay(DouyinMerchant.orderId(orderId))).isZero();
            return orderId;
        }

        private JsonObjectBuilder refund(String orderId, String refundNo) {
            return json("order_id", orderId)
                    .add("out_refund_no", refundNo)
                    .add("order_entry_schema", json("path", "pages/order"))
                    .add("notify_url", receiver.url())
                    .add(
                            "refund_reason",
                            Json.createArrayBuilder()
                                    .add(Json.createObjectBuilder()
                                            .add("code", 101)
                                            .add("text", "不想要了")));
        }

        private JsonObjectBuilder partOf(String orderId, String refundNo, long fen) {
            var item = order(orderId)
                    .getJsonArray("item_order_list")
                    .getJsonObject(0)
                    .getString("item_order_id");
            return refund(orderId, refundNo)
                    .add("refund_total_amount", fen)
                    .add(
                            "item_order_detail",
                            Json.createArrayBuilder()
                                    .add(Json.createObjectBuilder()
                                            .add("item_order_id", item)
                                            .add("refund_amount", fen)));
        }

        private JsonObject refunded(String refundId) {
            return merchant.trade("refund_query", json("refund_id", refundId))
                    .getJsonObject("data")
                    .getJsonArray("refund_list")
                    .getJsonObject(0);
        }

        private void untilRefund(String refundId, String status) {
            Eventually.within(
                    SOON,
                    refundId + " is " + status,
                    () -> refunded(refundId).getString("refund_status").equals(status));
        }

        private JsonObject request(String orderId) {
            return DouyinMerchant.phone(
                    node,
                    "refundRequest",
                    json("order_id", orderId)
                            .add("amount", 300)
                            .add("reason", "茶凉了")
                            .build());
        }

        @Test
        void an_order_is_requested_paid_queried_and_reported() {
            var number = Shop.number();
            var data = merchant.data(number, receiver.url()).build().toString();
            var orderId = merchant.requested(number, receiver.url());
            assertThat(orderId).matches("ot\\d{19}");
            assertThat(merchant.requestOrder(data, merchant.authorization(data)).getString("orderId"))
                    .isEqualTo(orderId);
            assertThat(order(orderId).getString("pay_status")).isEqualTo("PROCESS");

            assertThat(merchant.pay(DouyinMerchant.orderId(orderId), "way", 1)).isZero();

            var found = order(orderId);
            assertThat(found.getString("pay_status")).isEqualTo("SUCCESS");
            assertThat(found.getInt("pay_channel")).isEqualTo(1);
            assertThat(found.getInt("total_amount")).isEqualTo(990);
            assertThat(number(found, "pay_time")).isGreaterThan(1_700_000_000_000L);
            var callback = callback("payment", number);
            assertThat(merchant.verifiesTrade(callback)).isTrue();
            assertThat(DouyinMerchant.json(callback.body()).getString("version"))
                    .isEqualTo("3.0");
            var msg = DouyinMerchant.msg(callback);
            assertThat(msg.getString("status")).isEqualTo("SUCCESS");
            assertThat(msg.getString("order_id")).isEqualTo(orderId);
            assertThat(msg.getInt("pay_channel")).isEqualTo(1);
        }

        @Test
        void data_that_is_not_signed_as_it_is_makes_no_order() {
            var data = merchant.data(Shop.number(), receiver.url()).build().toString();
            var right = merchant.authorization(data);

            assertThat(merchant.requestOrder(data.replace("495", "49"), right).getInt("errNo"))
                    .isEqualTo(11004);
            assertThat(merchant.requestOrder(data, right.replace("\"", "")).getInt("errNo"))
                    .isEqualTo(11004);
            assertThat(merchant.requestOrder(data, right.replace(merchant.appId, "tt1"))
                            .getInt("errNo"))
                    .isEqualTo(11001);
            var old = merchant.authorization(data, Instant.now().minus(Duration.ofDays(3)));
            assertThat(merchant.requestOrder(data, old).getInt("errNo")).isEqualTo(11004);
            var wrong = merchant.data(Shop.number(), receiver.url())
                    .add("totalAmount", 991)
                    .build()
                    .toString();
            assertThat(merchant.requestOrder(wrong, merchant.authorization(wrong))
                            .toString())
                    .contains("10000", "totalAmount");
        }

        @Test
        void a_number_is_used_for_one_order() {
            var number = Shop.number();
            merchant.requested(number, receiver.url());
            var other = merchant.data(number, receiver.url())
                    .add("payScene", "IM")
                    .build()
                    .toString();

            assertThat(merchant.requestOrder(other, merchant.authorization(other))
                            .getInt("errNo"))
                    .isEqualTo(20001);
            assertThat(merchant.ecpay("query_order", json("out_order_no", number))
                            .getInt("err_no"))
                    .isEqualTo(2000);
        }

        @ParameterizedTest
        @CsvSource({"cancel, 4, FAIL, USER_CANCEL", "timeout, 1, TIMEOUT, TIME_OUT"})
        void an_order_that_ends_unpaid_is_reported_too(String outcome, int code, String status, String message) {
            var number = Shop.number();
            var orderId = merchant.requested(number, receiver.url());

            assertThat(merchant.pay(DouyinMerchant.orderId(orderId), "outcome", outcome))
                    .isEqualTo(code);

            var msg = DouyinMerchant.msg(callback("payment", number));
            assertThat(msg.getString("status")).isEqualTo("CANCEL");
            assertThat(msg.getString("message")).isEqualTo(message);
            assertThat(order(orderId).getString("pay_status")).isEqualTo(status);
            assertThat(merchant.pay(DouyinMerchant.orderId(orderId))).isNotZero();
        }

        @Test
        void an_order_whose_time_is_over_is_reported_by_itself() {
            var number = Shop.number();
            merchant.requested(number, receiver.url());

            simulator.age(number, Duration.ofSeconds(601));

            assertThat(DouyinMerchant.msg(callback("payment", number)).getString("message"))
                    .isEqualTo("TIME_OUT");
            assertThat(callbacks("payment", number)).hasSize(1);
        }

        @Test
        void calls_need_a_token_that_is_valid() {
            var none = json("out_order_no", "none");
            assertThat(merchant.trade("order_query", none, "").getInt("err_no")).isEqualTo(2190002);
            assertThat(merchant.token(merchant.appId, "wrong").getInt("error_code"))
                    .isNotZero();
            var token = merchant.newToken();
            assertThat(merchant.trade("order_query", json("out_order_no", "none"), token)
                            .toString())
                    .contains("2191002", "不存在");

            simulator.call("douyin/token", "{\"app_id\":\"" + merchant.appId + "\",\"end\":\"expired\"}");
            assertThat(merchant.trade("order_query", json("out_order_no", "none"), token)
                            .getInt("err_no"))
                    .isEqualTo(2190008);
            simulator.call("douyin/token", "{\"app_id\":\"" + merchant.appId + "\",\"end\":\"invalid\"}");
            assertThat(merchant.trade("order_query", json("out_order_no", "none"), token)
                            .getInt("err_no"))
                    .isEqualTo(2190002);
            assertThat(merchant.trade("order_query", json("out_order_no", "none"), merchant.newToken())
                            .getInt("err_no"))
                    .isEqualTo(2191002);
        }

        @Test
        void a_part_and_the_rest_are_refunded_and_reported() {
            var number = Shop.number();
            var orderId = paid(number);

            var part = merchant.trade("refund_create", partOf(orderId, number + "-1", 90));

            assertThat(part.getInt("err_no")).as(part.toString()).isZero();
            assertThat(number(part.getJsonObject("data"), "refund_audit_deadline"))
                    .isGreaterThan(System.currentTimeMillis());
            assertThat(merchant.trade(
                                    "refund_create",
                                    refund(orderId, number + "-2").add("refund_all", true))
                            .getInt("err_no"))
                    .isEqualTo(2191005);
            assertThat(merchant.trade("refund_create", partOf(orderId, number + "-3", 900))
                            .getInt("err_no"))
                    .isZero();
            untilRefund(part.getJsonObject("data").getString("refund_id"), "SUCCESS");
            var callback = callback("refund", number + "-1");
            assertThat(merchant.verifiesTrade(callback)).isTrue();
            assertThat(DouyinMerchant.msg(callback).getInt("refund_total_amount"))
                    .isEqualTo(90);
            assertThat(merchant.trade("refund_query", json("order_id", orderId))
                            .getJsonObject("data")
                            .getJsonArray("refund_list"))
                    .hasSize(2);
            assertThat(merchant.trade("refund_query", json("out_refund_no", "none"))
                            .getJsonObject("data")
                            .getJsonArray("refund_list"))
                    .isEmpty();
        }

        @Test
        void a_refund_names_everything_or_its_items() {
            var number = Shop.number();
            var orderId = paid(number);

            assertThat(merchant.trade("refund_create", refund(orderId, number + "-1"))
                            .toString())
                    .contains("2100005", "item_order_detail");
            assertThat(merchant.trade(
                                    "refund_create",
                                    partOf(orderId, number + "-1", 90).add("refund_total_amount", 91))
                            .toString())
                    .contains("2100005", "refund_total_amount");
            assertThat(merchant.trade(
                                    "refund_create",
                                    partOf(orderId, number + "-1", 90).remove("refund_reason"))
                            .toString())
                    .contains("2100005", "refund_reason");
            assertThat(merchant.trade(
                                    "refund_create",
                                    refund(orderId, number + "-1").add("refund_all", true))
                            .getInt("err_no"))
                    .isZero();
        }

        @ParameterizedTest
        @CsvSource({"1, AGREE, SUCCESS", "2, DENY, FAIL"})
        void a_payers_request_waits_for_the_merchant(int decision, String audit, String status) {
            var number = Shop.number();
            var orderId = paid(number);
            var refundId = request(orderId).getString("refund_id");

            var callback = callback("pre_create_refund", refundId);
            assertThat(merchant.verifiesTrade(callback)).isTrue();
            var msg = DouyinMerchant.msg(callback);
            assertThat(msg.getInt("refund_total_amount")).isEqualTo(300);
            assertThat(msg.getJsonArray("refund_reason").toString()).contains("茶凉了");
            assertThat(number(msg, "refund_audit_deadline"))
                    .isGreaterThan(Instant.now().plus(Duration.ofDays(2)).toEpochMilli());
            assertThat(refunded(refundId).getJsonObject("merchant_audit_detail").getString("audit_status"))
                    .isEqualTo("TOAUDIT");
            assertThat(merchant.trade(
                                    "refund_audit_callback",
                                    json("refund_id", refundId).add("refund_audit_status", 2))
                            .toString())
                    .contains("2100005", "deny_message");

            for (int i = 0; i < 2; i++) {
                var decided = merchant.trade(
                        "refund_audit_callback",
                        json("refund_id", refundId)
                                .add("refund_audit_status", decision)
                                .add("deny_message", "商品已使用"));
                assertThat(decided.getInt("err_no")).as(decided.toString()).isZero();
            }

            untilRefund(refundId, status);
            assertThat(refunded(refundId).getJsonObject("merchant_audit_detail").getString("audit_status"))
                    .isEqualTo(audit);
            assertThat(merchant.trade(
                                    "refund_audit_callback",
                                    json("refund_id", refundId)
                                            .add("refund_audit_status", 3 - decision)
                                            .add("deny_message", "商品已使用"))
                            .getInt("err_no"))
                    .isEqualTo(2191005);
        }

        @Test
        void a_request_without_a_decision_is_accepted_by_the_platform_after_three_days() {
            var number = Shop.number();
            var orderId = paid(number);
            var refundId = request(orderId).getString("refund_id");

            simulator.age(number, Duration.ofDays(3).plusSeconds(1));

            untilRefund(refundId, "SUCCESS");
            assertThat(DouyinMerchant.msg(callback("refund", refundId)).getString("status"))
                    .isEqualTo("SUCCESS");
        }

        @Test
        void an_order_that_cannot_be_refunded_takes_no_request() {
            var unpaid = merchant.requested(Shop.number(), receiver.url());

            assertThat(request(unpaid).getInt("code")).isNotZero();
            assertThat(request("none").getInt("code")).isNotZero();
        }

        @Test
        void what_is_left_is_settled_once() {
            var number = Shop.number();
            var orderId = paid(number);
            var settlement = json("out_order_no", number)
                    .add("out_settle_no", number + "-s")
                    .add("settle_desc", "结算")
                    .add("notify_url", receiver.url())
                    .build();

            var made = merchant.trade("settle_create", Json.createObjectBuilder(settlement));

            assertThat(made.getInt("err_no")).as(made.toString()).isZero();
            assertThat(merchant.trade(
                                    "settle_create",
                                    Json.createObjectBuilder(settlement).add("out_settle_no", number + "-t"))
                            .getInt("err_no"))
                    .isEqualTo(2191009);
            var msg = DouyinMerchant.msg(callback("settle", number + "-s"));
            assertThat(msg.getInt("settle_amount")).isEqualTo(990);
            var found = merchant.trade("settle_query", json("out_settle_no", number + "-s"))
                    .getJsonArray("data")
                    .getJsonObject(0);
            assertThat(found.getString("settle_status")).isEqualTo("SUCCESS");
            assertThat(found.getString("order_id")).isEqualTo(orderId);
            assertThat(merchant.trade("settle_query", json("out_settle_no", "none"))
                            .getJsonArray("data"))
                    .isEmpty();
        }

        @Test
        void pay_of_the_controls_pays_an_order_that_was_requested() {
            var number = Shop.number();
            var orderId = merchant.requested(number, receiver.url());

            simulator.call(
                    "pay", "{\"out_trade_no\":\"" + number + "\",\"provider\":\"douyin\",\"wallet\":\"alipay\"}");

            assertThat(order(orderId).getInt("pay_channel")).isEqualTo(2);
        }
    }

    @Test
    void an_application_has_a_node_for_each_dialect() {
        for (var dialect : List.of("ecpay", "trade")) {
            var account = merchant.node(dialect);

            assertThat(account.getString("dialect")).isEqualTo(dialect);
            assertThat(account.getString("appId")).isEqualTo(merchant.appId);
            assertThat(account.containsKey("salt") && account.containsKey("token"))
                    .isEqualTo(dialect.equals("ecpay"));
            assertThat(account.containsKey("privateKey") && account.containsKey("platformPublicKey"))
                    .isEqualTo(dialect.equals("trade"));
            assertThat(account.getString("gateway")).endsWith("/simulator/douyin");
            assertThat(account.values().stream()
                            .allMatch(v -> !(v instanceof JsonString s)
                                    || !s.getString().isBlank()))
                    .isTrue();
        }
        assertThat(node.simulator("accounts/douyin", "{\"dialect\":\"v2\"}").status())
                .isEqualTo(400);
    }
}
