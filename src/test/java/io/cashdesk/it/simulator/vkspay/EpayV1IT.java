package io.cashdesk.it.simulator.vkspay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.VkspayMerchant;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Epay V1 of the simulator. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EpayV1IT extends SimulatedVkspay {
    private static String made(Map<String, String> order) {
        var answer = merchant.mapi(order).json();
        assertThat(answer.getInt("code")).as(answer.toString()).isEqualTo(1);
        return answer.getString("trade_no");
    }

    private static String paid(String... more) {
        var number = Shop.number();
        made(order(number, more));
        simulator.pay(number);
        return number;
    }

    @Test
    void an_order_is_paid_notified_with_a_php_float_and_found_by_both_numbers() {
        var number = Shop.number();
        var tradeNo = made(order(number));
        assertThat(merchant.act("order", "out_trade_no", number).json().getInt("status"))
                .isZero();

        simulator.pay(number);

        var notification = notifications(number, 1).get(0);
        assertThat(notification)
                .containsEntry("pid", merchant.mchId)
                .containsEntry("trade_no", tradeNo)
                .containsEntry("type", "alipay")
                .containsEntry("name", "西湖龙井 & 杯")
                .containsEntry("money", "1")
                .containsEntry("param", "table 5")
                .containsEntry("trade_status", "TRADE_SUCCESS")
                .containsEntry("sign_type", "MD5")
                .containsEntry("sign", merchant.v1Sign(notification));
        for (var by : new String[] {"out_trade_no", "trade_no"}) {
            var order = merchant.act("order", by, by.equals("trade_no") ? tradeNo : number)
                    .json();
            assertThat(order.getInt("code")).isEqualTo(1);
            assertThat(order.getInt("status")).isEqualTo(1);
            assertThat(order.getString("money")).isEqualTo("1.00");
            assertThat(order.getString("out_trade_no")).isEqualTo(number);
            assertThat(order.getString("endtime")).matches("[-\\d]{10} [:\\d]{8}");
        }
        assertThat(received(number)).hasSize(1);
    }

    @Test
    void parameters_are_appended_to_the_query_of_the_notify_url() {
        var number = paid("notify_url", receiver.url() + "?no=7");

        assertThat(notifications(number, 1).get(0)).containsEntry("no", "7").containsKey("sign");
    }

    @ParameterizedTest
    @CsvSource({
        "pid, '', 商户ID不能为空",
        "pid, 42, 商户ID不存在",
        "sign, 0, 签名",
        "type, '', 支付方式",
        "type, qqpay, 支付方式",
        "out_trade_no, T 1, 订单号",
        "notify_url, ftp://x, notify_url",
        "name, '', 商品名称",
        "money, 0, 金额",
        "money, 1e2, 金额",
        "money, -1, 金额",
        "money, '', 金额",
        "clientip, '', 用户IP"
    })
    void a_wrong_order_is_refused_with_a_text(String name, String value, String text) {
        var fields = order(Shop.number());
        fields.put(name, value);

        var answer = merchant.mapi(fields).json();

        assertThat(answer.getInt("code")).isEqualTo(-1);
        assertThat(answer.getString("msg")).contains(text);
    }

    @Test
    void the_merchant_is_checked_first_and_the_signature_before_the_fields() {
        var wrong = order("T 1", "money", "x", "sign", "0");

        assertThat(merchant.mapi(wrong).json().getString("msg")).contains("签名");
        wrong.put("pid", "42");
        assertThat(merchant.mapi(wrong).json().getString("msg")).contains("商户ID不存在");
        assertThat(merchant.post("/mapi.php", "").json().getInt("code")).isEqualTo(-4);
    }

    @Test
    void the_same_number_is_the_same_order_until_a_value_differs_or_it_is_paid() {
        var number = Shop.number();
        var first = made(order(number));

        assertThat(made(order(number))).isEqualTo(first);
        assertThat(made(order(number, "money", "1.0", "clientip", "203.0.113.8")))
                .isEqualTo(first);
        for (var other : new String[][] {
            {"money", "1.01"},
            {"name", "other"},
            {"param", ""},
            {"notify_url", receiver.url() + "?x=1"},
            {"return_url", "https://merchant.example/other"}
        }) {
            assertThat(merchant.mapi(order(number, other)).json().getInt("code"))
                    .as(other[0])
                    .isEqualTo(-1);
        }
        simulator.pay(number);
        assertThat(merchant.mapi(order(number)).json().getString("msg")).contains("已完成支付");
    }

    @Test
    void a_long_name_is_cut_at_127_bytes() {
        var number = paid("name", "茶".repeat(50));

        assertThat(notifications(number, 1).get(0)).containsEntry("name", "茶".repeat(42));
    }

    @ParameterizedTest
    @CsvSource({"pc, qrcode", "'', qrcode", "mobile, payurl", "wechat, payurl", "alipay, payurl", "jump, payurl"})
    void a_computer_gets_a_code_and_every_other_device_an_address(String device, String member) {
        var answer = merchant.mapi(order(Shop.number(), "device", device)).json();

        assertThat(answer.getString(member)).startsWith("http").contains("/simulator/vkspay/q/");
        assertThat(answer.containsKey(member.equals("qrcode") ? "payurl" : "qrcode"))
                .isFalse();
    }

    @Test
    void any_refund_moves_an_order_to_state_2_and_a_second_one_is_refused() {
        var number = paid();

        assertThat(merchant.v1Refund(number, "1.01").json().getInt("code")).isNegative();
        assertThat(merchant.v1Refund(number, "0.40").json().getInt("code")).isZero();
        assertThat(merchant.v1Refund(number, "0.40").json().getInt("code")).isNegative();
        assertThat(merchant.act("order", "out_trade_no", number).json().getInt("status"))
                .isEqualTo(2);
        assertThat(simulator.records(number).getJsonArray("refunds")).hasSize(1);
    }

    @Test
    void a_refund_needs_the_key_a_post_a_payment_and_the_merchants_permission() {
        var unpaid = Shop.number();
        made(order(unpaid));
        var number = paid();
        simulator.setFault(number, "REFUND_NOT_ENABLED");

        assertThat(merchant.v1Refund(unpaid, "1").json().getString("msg")).contains("未支付");
        assertThat(merchant.v1Refund(number, "1").json().getInt("code")).isEqualTo(-2);
        assertThat(merchant.act("refund", "out_trade_no", number, "money", "1")
                        .json()
                        .getInt("code"))
                .isNegative();
        assertThat(merchant.get("/api.php?act=order&pid=" + merchant.mchId + "&key=wrong&out_trade_no=" + number)
                        .json()
                        .getInt("code"))
                .isEqualTo(-3);
        assertThat(merchant.act("nothing").json().getInt("code")).isEqualTo(-5);
        assertThat(merchant.act("order").json().getInt("code")).isEqualTo(-4);
    }

    @Test
    void a_merchants_data_and_orders_can_be_read() {
        var own = VkspayMerchant.open(node);
        var numbers = new String[] {Shop.number(), Shop.number(), Shop.number()};
        for (var number : numbers) own.mapi(order(number));
        simulator.pay(numbers[0]);

        var data = own.act("query").json();
        var orders = own.act("orders", "limit", "2").json().getJsonArray("data");
        var second = own.act("orders", "limit", "2", "page", "2").json().getJsonArray("data");

        assertThat(data.getInt("code")).isEqualTo(1);
        assertThat(data.getString("money")).isEqualTo("1.00");
        assertThat(data.getInt("orders")).isEqualTo(3);
        assertThat(data.containsKey("key")).isFalse();
        assertThat(orders).hasSize(2);
        assertThat(orders.getJsonObject(0).getString("out_trade_no")).isEqualTo(numbers[2]);
        assertThat(second).hasSize(1);
        assertThat(own.act("settle").json().getJsonArray("data")).isEmpty();
    }

    @Test
    void a_browser_is_led_to_a_cashier_without_a_type_and_back_with_the_signed_parameters() {
        var number = Shop.number();
        var order = order(number, "type", "", "money", "0.10");

        var opened = merchant.get("/submit.php?" + merchant.v1Form(order));
        var posted = merchant.post("/submit.php", merchant.v1Form(order));
        var code = simulator.records(number).getString("code");
        var cashier = page(code);
        simulator.call("pay", "{\"out_trade_no\":\"" + number + "\",\"wallet\":\"alipay\"}");
        var back = backOf(page(code));

        assertThat(opened.status()).isEqualTo(303);
        assertThat(posted.status()).isEqualTo(303);
        assertThat(cashier).contains("pay-wxpay", "pay-alipay");
        assertThat(back).startsWith("https://merchant.example/return?shop=1&");
        var returned = VkspayMerchant.decoded(URI.create(back).getRawQuery());
        returned.remove("shop");
        assertThat(returned)
                .containsEntry("money", "0.1")
                .containsEntry("type", "alipay")
                .containsEntry("sign", merchant.v1Sign(returned));
    }

    static String page(String code) {
        return node.call("GET", "/simulator/wallet?code=" + URLEncoder.encode(code, StandardCharsets.UTF_8), null, null)
                .body();
    }

    static String backOf(String html) {
        var mark = "id=\"back\" class=\"pay\" href=\"";
        assertThat(html).contains(mark);
        var from = html.indexOf(mark) + mark.length();
        return html.substring(from, html.indexOf('"', from)).replace("&amp;", "&");
    }

    @Test
    void a_refused_browser_sees_the_sites_text() {
        var page = merchant.get("/submit.php?" + merchant.v1Form(order(Shop.number(), "sign", "0")));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("签名校验失败", "data-state=\"refused\"");
    }

    @Test
    void an_unacknowledged_notification_is_repeated() {
        receiver.answers(200, "fail");
        var number = paid();
        notifications(number, 1);

        assertThat(simulator
                        .records(number)
                        .getJsonArray("notifications")
                        .getJsonObject(0)
                        .getString("answer", ""))
                .isEqualTo("fail");
        receiver.answers(200, "done: Success");
        assertThat(notifications(paid(), 1)).hasSize(1);
        receiver.answers(200, "success");
    }

    @ParameterizedTest
    @CsvSource({
        "NOTIFY_FORGED",
        "NOTIFY_UNSIGNED",
        "NOTIFY_WRONG_AMOUNT",
        "NOTIFY_TWICE_AT_ONCE",
        "NAME_HIDDEN",
        "MONEY_WITH_ZERO"
    })
    void a_fault_changes_the_notification(String fault) {
        var number = Shop.number();
        simulator.setFault(number, fault);
        made(order(number));
        simulator.pay(number);

        var all = notifications(number, fault.equals("NOTIFY_TWICE_AT_ONCE") ? 2 : 1);
        var notification = all.get(0);
        var right = merchant.v1Sign(notification).equals(notification.get("sign"));
        switch (fault) {
            case "NOTIFY_FORGED" -> assertThat(right).isFalse();
            case "NOTIFY_UNSIGNED" -> assertThat(notification).doesNotContainKeys("sign", "sign_type");
            case "NOTIFY_WRONG_AMOUNT" -> assertThat(notification).containsEntry("money", "1.01");
            case "NAME_HIDDEN" -> assertThat(notification).containsEntry("name", "product");
            case "MONEY_WITH_ZERO" -> assertThat(notification).containsEntry("money", "1.0");
            default -> assertThat(all.get(0)).isEqualTo(all.get(1));
        }
        if (!fault.equals("NOTIFY_FORGED") && !fault.equals("NOTIFY_UNSIGNED"))
            assertThat(right).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"REPLY_NESTED", "STATUS_AS_TEXT", "MONEY_AS_NUMBER", "ANSWER_SYSTEM_ERROR", "ANSWER_HTML"})
    void a_fault_changes_the_answer(String fault) {
        var number = paid();
        simulator.setFault(number, fault);

        var answer = merchant.act("order", "out_trade_no", number);

        switch (fault) {
            case "REPLY_NESTED" ->
                assertThat(answer.json().getJsonObject("data").getInt("status")).isEqualTo(1);
            case "STATUS_AS_TEXT" -> {
                assertThat(answer.json().getString("code")).isEqualTo("1");
                assertThat(answer.json().getString("status")).isEqualTo("1");
            }
            case "MONEY_AS_NUMBER" ->
                assertThat(answer.json().get("money").getValueType()).isEqualTo(JsonValue.ValueType.NUMBER);
            case "ANSWER_SYSTEM_ERROR" -> assertThat(answer.status()).isEqualTo(500);
            default -> assertThat(answer.status()).isEqualTo(502);
        }
    }

    @Test
    void addresses_without_a_host_begin_with_a_slash() {
        var number = Shop.number();
        simulator.setFault(number, "URLS_SITE_RELATIVE");

        assertThat(merchant.mapi(order(number, "device", "mobile")).json().getString("payurl"))
                .startsWith("/simulator/vkspay/q/");
    }

    @Test
    void the_log_has_a_verdict_and_never_the_key() {
        var number = paid();
        merchant.act("order", "out_trade_no", number);
        notifications(number, 1);

        var page = page(simulator.records(number).getString("code"));

        assertThat(page).contains("/simulator/vkspay/epay/mapi.php", "签名正确", "out_trade_no=" + number);
        assertThat(page).doesNotContain("key=");
    }

    @Test
    void a_number_stays_used_after_ten_days() {
        var number = Shop.number();
        made(order(number));
        simulator.age(number, Duration.ofDays(11));

        Node.Answer again = merchant.mapi(order(number));
        assertThat(again.json().getInt("code")).isEqualTo(-1);
    }
}
