package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CloudPay's calls as a cloud function makes them, in service-provider mode with the simulator. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CloudPayIT {
    static Shop shop;
    static MerchantServer function;
    static String subMchId;
    static String openid;

    @BeforeAll
    static void open() {
        shop = new Shop("cloud-it");
        function = new MerchantServer();
        function.answers(200, "{\"errcode\":0,\"errmsg\":\"ok\"}");
        var put = shop.node.manage(
                "PUT",
                "merchants/cloud-it/webhooks/payCallback",
                Json.createObjectBuilder()
                        .add("url", function.url())
                        .add("mode", "test")
                        .add("format", "cloudpay")
                        .add("env_id", "env-1"));
        assertThat(put.status()).as(put.body()).isEqualTo(200);
        var appId = shop.create("wxpay", Shop.on("app", ""), Shop.order(Shop.number()))
                .json()
                .getJsonObject("orderInfo")
                .getString("appid");
        openid = shop.node
                .simulator("login", "{\"app_id\":\"" + appId + "\"}")
                .json()
                .getString("openid");
        subMchId = TestDatabase.text(shop.node.dbUrl(), """
                select p.sub_mchid
                from sim_wechat p
                join sim_account a on a.id = p.account_id
                join merchant m on m.id = a.merchant_id
                where m.pid = 'cloud-it'
                """);
    }

    @AfterAll
    static void close() {
        if (function != null) function.close();
    }

    private static JsonObject call(String call, JsonObjectBuilder body) {
        return call(call, body.build().toString());
    }

    private static JsonObject call(String call, String body) {
        var answer = shop.node.call("POST", "/api/cloudPay/" + call, shop.key, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static JsonObjectBuilder order(String number) {
        return Json.createObjectBuilder()
                .add("functionName", "payCallback")
                .add("envId", "env-1")
                .add("subMchId", subMchId)
                .add("body", "小秋TIT店/超市=2&3")
                .add("outTradeNo", number)
                .add("totalFee", 990)
                .add("spbillCreateIp", "203.0.113.7")
                .add("tradeType", "JSAPI")
                .add("openid", openid);
    }

    private static String paid() {
        var number = Shop.number();
        var made = call("unifiedOrder", order(number).add("attach", "shop 7"));
        assertThat(made.getString("resultCode")).as(made.toString()).isEqualTo("SUCCESS");
        pay(made);
        shop.untilPaid(number);
        return number;
    }

    private static void pay(JsonObject made) {
        var bridge = Json.createObjectBuilder(made.getJsonObject("payment")).add("openid", openid);
        assertThat(shop.node
                        .simulator("wxpay/jsapi", bridge.build().toString())
                        .json()
                        .getString("err_msg"))
                .endsWith(":ok");
    }

    private static JsonObjectBuilder about(String number) {
        return Json.createObjectBuilder().add("sub_mch_id", subMchId).add("out_trade_no", number);
    }

    @Test
    void a_call_repeated_under_its_key_is_answered_the_same_and_another_is_refused() {
        var key = "once-" + Shop.number();
        var body = order(Shop.number()).build().toString();

        var first = keyed(key, body);
        var second = keyed(key, body);
        var other = keyed(key, order(Shop.number()).build().toString());

        assertThat(first.getString("resultCode")).as(first.toString()).isEqualTo("SUCCESS");
        assertThat(second.getString("nonceStr")).isEqualTo(first.getString("nonceStr"));
        assertThat(other.getString("err_code")).isEqualTo("INVALID_REQUEST");
    }

    private static JsonObject keyed(String key, String body) {
        var request = HttpRequest.newBuilder(shop.node.base().resolve("/api/cloudPay/unifiedOrder"))
                .header("Authorization", "Bearer " + shop.key)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        var answer = Node.send(request.build());
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void an_order_is_ready_for_requestPayment_and_answered_in_both_spellings() {
        var made = call("unifiedOrder", order(Shop.number()).add("deviceInfo", "WEB"));

        assertThat(made.getString("returnCode")).isEqualTo("SUCCESS");
        assertThat(made.getString("return_code")).isEqualTo("SUCCESS");
        assertThat(made.getString("subMchId"))
                .isEqualTo(made.getString("sub_mch_id"))
                .isEqualTo(subMchId);
        assertThat(made.getString("prepayId")).isNotEmpty();
        assertThat(made.getInt("errCode")).isZero();
        assertThat(made.getString("errMsg")).isEqualTo("cloudPay.unifiedOrder:ok");
        assertThat(made.getJsonObject("payment").keySet())
                .containsExactlyInAnyOrder("appId", "timeStamp", "nonceStr", "package", "signType", "paySign");
    }

    @Test
    void a_payment_is_delivered_to_the_named_function_until_it_answers_errcode_0() {
        function.answers(200, "{\"errcode\":1}");
        var number = paid();
        Eventually.within(
                Duration.ofSeconds(10),
                "delivered",
                () -> !function.about(number).isEmpty());
        function.answers(200, "{\"errcode\":0,\"errmsg\":\"ok\"}");

        Eventually.within(
                Duration.ofSeconds(20),
                "delivered again",
                () -> function.about(number).size() >= 2);

        var received = function.about(number);
        assertThat(received.get(1).body()).isEqualTo(received.get(0).body());
        JsonObject event;
        try (var reader = Json.createReader(new StringReader(received.get(0).body()))) {
            event = reader.readObject();
        }
        assertThat(event.getString("returnCode")).isEqualTo("SUCCESS");
        assertThat(event.getString("resultCode")).isEqualTo("SUCCESS");
        assertThat(event.getString("outTradeNo")).isEqualTo(number);
        assertThat(event.getInt("totalFee")).isEqualTo(990);
        assertThat(event.getInt("cashFee")).isEqualTo(990);
        assertThat(event.getString("feeType")).isEqualTo("CNY");
        assertThat(event.getString("openid")).isEqualTo(openid);
        assertThat(event.getString("attach")).isEqualTo("shop 7");
        assertThat(event.getString("timeEnd")).matches("\\d{14}");
        assertThat(event).containsKeys("transactionId", "mchId", "subMchId", "tradeType", "bankType", "nonceStr");
    }

    @Test
    void an_order_is_queried_refunded_and_its_refund_queried() {
        var number = paid();

        var state = call("queryOrder", about(number));
        var refund = call(
                "refund",
                about(number)
                        .add("functionName", "payCallback")
                        .add("envId", "env-1")
                        .add("out_refund_no", number + "r")
                        .add("total_fee", 990)
                        .add("refund_fee", 100));
        Eventually.within(
                Duration.ofSeconds(20),
                "refunded",
                () -> call("queryRefund", about(number))
                        .getJsonArray("refundStatusList")
                        .getString(0)
                        .equals("SUCCESS"));
        var refunds = call(
                "queryRefund",
                Json.createObjectBuilder().add("subMchId", subMchId).add("outRefundNo", number + "r"));

        assertThat(refunds.getJsonArray("refundChannel").getString(0)).isEqualTo("ORIGINAL");
        assertThat(refunds.getJsonArray("refundSuccessTimeList").getString(0))
                .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
        for (var answer : new JsonObject[] {state, refund, refunds}) {
            assertThat(answer).containsKeys("appid", "mchId", "subAppid", "sub_appid", "subMchId", "nonceStr");
        }
        assertThat(state.getString("tradeState")).isEqualTo("SUCCESS");
        assertThat(state.getInt("totalFee")).isEqualTo(990);
        assertThat(refund.getString("resultCode")).as(refund.toString()).isEqualTo("SUCCESS");
        assertThat(refund.getInt("refundFee")).isEqualTo(100);
        assertThat(refund.getString("refundId")).isNotEmpty();
        assertThat(refunds.getInt("refundCount")).isEqualTo(1);
        assertThat(refunds.getJsonArray("refundFeeList").getInt(0)).isEqualTo(100);
        assertThat(call("queryOrder", about(number)).getString("tradeState")).isEqualTo("REFUND");
        assertThat(call("closeOrder", about(number)).getString("err_code")).isEqualTo("ORDERPAID");
        Eventually.within(
                Duration.ofSeconds(20),
                "the refund is delivered",
                () -> function.about(number).stream().anyMatch(h -> h.body().contains("\"refundStatus\":\"SUCCESS\"")));
    }

    @Test
    void a_browser_on_a_phone_pays_with_a_scene_and_a_device() {
        var scene = "{\"store_info\":{\"id\":\"S1\",\"name\":\"茶\"}}";
        var plain = call("unifiedOrder", order(Shop.number()).add("tradeType", "MWEB"));
        var made = call(
                "unifiedOrder",
                order(Shop.number())
                        .add("tradeType", "MWEB")
                        .add("sceneInfo", scene)
                        .add("deviceInfo", "WEB"));

        assertThat(plain.getString("mwebUrl", "")).as(plain.toString()).startsWith("http");
        assertThat(made.getString("mwebUrl", "")).as(made.toString()).startsWith("http");
        assertThat(made.getString("deviceInfo")).isEqualTo("WEB");
    }

    @Test
    void the_sub_merchants_application_and_the_smallest_call() {
        var subAppid = TestDatabase.text(shop.node.dbUrl(), """
                select a.sub_app_id
                from sim_wechat_app a
                join merchant m on m.id = a.merchant_id
                where m.pid = 'cloud-it' and a.kind = 'KEY'
                """);
        var smallest = Json.createObjectBuilder(order(Shop.number()).build()).remove("tradeType");

        var made = call("unifiedOrder", smallest);

        assertThat(made.getString("subAppid")).as(made.toString()).isEqualTo(subAppid);
        assertThat(made.getString("tradeType")).isEqualTo("JSAPI");
        assertThat(made.getString("prepayId")).isNotEmpty();
    }

    @Test
    void an_error_of_the_provider_keeps_its_name() {
        var number = Shop.number();
        shop.setFault(number, "ANSWER_SYSTEM_ERROR");

        var answer = call("unifiedOrder", order(number));

        assertThat(answer.getString("resultCode")).as(answer.toString()).isEqualTo("FAIL");
        assertThat(answer.getString("errCode")).isEqualTo("SYSTEMERROR");
        assertThat(answer.getString("err_code")).isEqualTo("SYSTEMERROR");
    }

    @Test
    void texts_are_in_the_callers_language() {
        var body = about(Shop.number()).build().toString();

        assertThat(call("queryOrder", body).getString("errCodeDes")).contains("订单");
        var english = HttpRequest.newBuilder(shop.node.base().resolve("/api/cloudPay/queryOrder"))
                .header("Authorization", "Bearer " + shop.key)
                .header("Content-Type", "application/json")
                .header("Accept-Language", "en-GB")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        assertThat(Node.send(english.build()).json().getString("errCodeDes")).startsWith("There is no order");
    }

    @Test
    void an_unpaid_order_is_closed() {
        var number = Shop.number();
        call("unifiedOrder", order(number));

        assertThat(call("queryOrder", about(number)).getString("tradeState")).isEqualTo("NOTPAY");
        assertThat(call("closeOrder", about(number)).getString("resultCode")).isEqualTo("SUCCESS");
        assertThat(call("queryOrder", about(number)).getString("tradeState")).isEqualTo("CLOSED");
        assertThat(call("unifiedOrder", order(number)).getString("err_code")).isEqualTo("ORDERCLOSED");
    }

    @Test
    void an_order_that_needs_a_person_is_not_closed() {
        var number = Shop.number();
        shop.setFault(number, "NOTIFY_WRONG_AMOUNT");
        pay(call("unifiedOrder", order(number).add("attach", "shop 7")));
        Eventually.within(
                Duration.ofSeconds(10), "held", () -> "HELD".equals(TestDatabase.text(shop.node.dbUrl(), """
                                select max(r.disposition)
                                from receipt r
                                join pay_order o on o.id = r.order_id
                                where o.needs_person is not null and o.out_trade_no = ?
                                """, number)));

        assertThat(call("closeOrder", about(number)).getString("err_code")).isEqualTo("TRADE_STATE_ERROR");
        assertThat(call("queryOrder", about(number)).getString("tradeState")).isEqualTo("NOTPAY");
    }

    @Test
    void a_bill_of_a_day_without_trade_does_not_exist() {
        var yesterday = LocalDate.now(ZoneOffset.ofHours(8)).minusDays(1);

        var answer = call(
                "downloadBill",
                Json.createObjectBuilder().add("bill_date", yesterday.format(DateTimeFormatter.BASIC_ISO_DATE)));

        assertThat(answer.getString("returnCode")).isEqualTo("FAIL");
        assertThat(answer.getString("returnMsg")).isEqualTo("No Bill Exist");
        assertThat(answer.getString("errorCode")).isEqualTo("20002");
    }

    @Test
    void a_bill_is_the_table_of_the_day() {
        var number = paid();
        shop.node.simulator("age", "{\"out_trade_no\":\"" + number + "\",\"seconds\":172800}");
        var day = LocalDate.now(ZoneOffset.ofHours(8)).minusDays(2).format(DateTimeFormatter.BASIC_ISO_DATE);

        var answer = shop.node.call(
                "POST",
                "/api/cloudPay/downloadBill",
                shop.key,
                "{\"bill_date\":\"" + day + "\",\"bill_type\":\"ALL\"}");

        assertThat(answer.contentType()).startsWith("text/plain");
        assertThat(answer.body()).contains("交易时间").contains("`" + number);
    }

    // each field at its limit and one beyond

    @ParameterizedTest
    @CsvSource({
        "deviceInfo, 32",
        "nonceStr, 32",
        "body, 127",
        "attach, 127",
        "goodsTag, 32",
        "subOpenid, 128",
    })
    void a_text_of_one_byte_more_is_refused_by_name(String field, int limit) {
        var tooLong = call("unifiedOrder", order(Shop.number()).add(field, "x".repeat(limit + 1)));

        assertThat(tooLong.getString("resultCode")).isEqualTo("FAIL");
        assertThat(tooLong.getString("err_code")).isEqualTo("INVALID_REQUEST");
        assertThat(tooLong.getString("errCode")).isEqualTo("INVALID_REQUEST");
        assertThat(tooLong.getString("errCodeDes")).contains(field);
    }

    @ParameterizedTest
    @CsvSource({"deviceInfo, 32", "nonceStr, 32", "body, 127", "attach, 127", "goodsTag, 32"})
    void a_text_at_its_limit_is_taken(String field, int limit) {
        assertThat(call("unifiedOrder", order(Shop.number()).add(field, "x".repeat(limit)))
                        .getString("resultCode"))
                .isEqualTo("SUCCESS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"functionName", "envId", "subMchId", "body", "outTradeNo", "totalFee", "spbillCreateIp", "openid"
            })
    void a_missing_field_is_named(String field) {
        var without = Json.createObjectBuilder(order(Shop.number()).build()).remove(field);

        var answer = call("unifiedOrder", without);

        assertThat(answer.getString("err_code")).isEqualTo("LACK_PARAMS");
        assertThat(answer.getString("errCodeDes")).contains(field);
    }

    @ParameterizedTest
    @CsvSource({
        "outTradeNo, 12345",
        "outTradeNo, 'a@b12345'",
        "outTradeNo, 123456789012345678901234567890123",
        "feeType, USD",
        "limitPay, no_debit",
        "tradeType, FAX",
        "timeExpire, 2026",
        "timeExpire, 20200101000000",
        "sceneInfo, '{}'",
        "detail, '['",
        "spbillCreateIp, unknown",
        "spbillCreateIp, '203.0.113.7, 198.51.100.1'",
        "totalFee, '1'",
        "fee, 1",
    })
    void a_malformed_field_is_refused(String field, String value) {
        var answer = call("unifiedOrder", order(Shop.number()).add(field, value));

        assertThat(answer.getString("errCode")).as(answer.toString()).isEqualTo("INVALID_REQUEST");
        assertThat(answer.getString("errCodeDes")).contains(field.equals("timeExpire") ? "" : field);
    }

    @Test
    void both_spellings_are_taken_and_a_contradiction_is_refused() {
        var number = Shop.number();

        assertThat(call("unifiedOrder", order(number).add("sub_mch_id", subMchId))
                        .getString("resultCode"))
                .isEqualTo("SUCCESS");
        assertThat(call("unifiedOrder", order(Shop.number()).add("sub_mch_id", "1"))
                        .getString("err_code"))
                .isEqualTo("INVALID_REQUEST");
    }

    @Test
    void an_unknown_function_or_sub_merchant_is_refused() {
        assertThat(call("unifiedOrder", order(Shop.number()).add("functionName", "other"))
                        .getString("err_code"))
                .isEqualTo("INVALID_REQUEST");
        assertThat(call("unifiedOrder", order(Shop.number()).add("envId", "other"))
                        .getString("err_code"))
                .isEqualTo("INVALID_REQUEST");
        assertThat(call("unifiedOrder", order(Shop.number()).add("subMchId", "1900000000"))
                        .getString("err_code"))
                .isEqualTo("NOAUTH");
        assertThat(call("queryOrder", about(Shop.number())).getString("err_code"))
                .isEqualTo("ORDERNOTEXIST");
    }

    @Test
    void a_malformed_call_is_answered_in_the_format_of_cloudpay_with_http_200() {
        refused(call("unifiedOrder", ""), "POST_DATA_EMPTY");
        refused(call("unifiedOrder", "{"), "XML_FORMAT_ERROR");
        for (var method : new String[] {"GET", "PUT", "DELETE", "PATCH"}) {
            var answer = shop.node.call(method, "/api/cloudPay/refund", shop.key, method.equals("GET") ? null : "{}");
            assertThat(answer.status()).as(method).isEqualTo(200);
            refused(answer.json(), "REQUIRE_POST_METHOD");
        }
        var latin = HttpRequest.newBuilder(shop.node.base().resolve("/api/cloudPay/unifiedOrder"))
                .header("Authorization", "Bearer " + shop.key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {'{', '"', (byte) 0xe9, '"', '}'}))
                .build();
        refused(Node.send(latin).json(), "NOT_UTF8");
        var stranger = shop.node
                .call("POST", "/api/cloudPay/unifiedOrder", "sk_test_no", "{}")
                .json();
        assertThat(stranger.getString("returnCode")).isEqualTo("FAIL");
        assertThat(stranger.getString("errCode")).isEqualTo("NOAUTH");
    }

    private static void refused(JsonObject answer, String code) {
        assertThat(answer.getString("returnCode")).isEqualTo("FAIL");
        assertThat(answer.getString("returnMsg")).startsWith(code);
        assertThat(answer.getString("errCode")).isEqualTo(code);
        assertThat(answer.getString("err_code")).isEqualTo(code);
    }
}
