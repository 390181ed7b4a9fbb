package io.cashdesk.it.simulator.vkspay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Shop;
import io.cashdesk.testing.VkspayMerchant;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Epay V2 of the simulator. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EpayV2IT extends SimulatedVkspay {
    private static JsonObject call(String call, String... more) {
        return merchant.v2(call, more).json();
    }

    private static JsonObject create(String number, String... more) {
        var order = order(number, "method", "web");
        order.putAll(VkspayMerchant.fields(more));
        return call("pay/create", pairs(order));
    }

    private static String[] pairs(Map<String, String> fields) {
        var pairs = new ArrayList<String>();
        fields.forEach((name, value) -> pairs.addAll(List.of(name, value)));
        return pairs.toArray(String[]::new);
    }

    private static String paid() {
        var number = Shop.number();
        assertThat(create(number).getInt("code")).isZero();
        simulator.pay(number);
        return number;
    }

    @Test
    void an_order_is_signed_both_ways_paid_and_notified() {
        var number = Shop.number();
        var made = create(number);
        simulator.pay(number);

        var notification = notifications(number, 1).get(0);
        var query = call("pay/query", "out_trade_no", number);

        assertThat(made.getInt("code")).isZero();
        assertThat(made.getString("pay_type")).isEqualTo("qrcode");
        assertThat(made.getString("pay_info")).contains("/simulator/vkspay/q/");
        for (var answer : List.of(made, query)) {
            assertThat(merchant.verifiesV2(VkspayMerchant.texts(answer))).isTrue();
            assertThat(answer.getString("timestamp")).matches("\\d{10}");
        }
        assertThat(merchant.verifiesV2(notification)).isTrue();
        assertThat(notification)
                .containsEntry("sign_type", "RSA")
                .containsEntry("money", "1")
                .containsEntry("trade_no", made.getString("trade_no"))
                .containsKeys("api_trade_no", "buyer", "addtime", "endtime", "timestamp");
        assertThat(query.getInt("status")).isEqualTo(1);
        assertThat(query.getString("money")).isEqualTo("1.00");
        assertThat(query.getString("refundmoney")).isEqualTo("0.00");
        assertThat(query.getString("clientip")).isEqualTo("203.0.113.7");
    }

    @ParameterizedTest
    @CsvSource({
        "web, pc, qrcode",
        "web, mobile, jump",
        "jump, pc, jump",
        "jsapi, '', jsapi",
        "app, '', app",
        "applet, '', wxapp"
    })
    void a_method_decides_what_the_payer_is_shown(String method, String device, String type) {
        var made = create(Shop.number(), "method", method, "device", device, "sub_openid", "o1", "sub_appid", "wx1");

        assertThat(made.getString("pay_type")).isEqualTo(type);
        assertThat(made.getString("pay_info")).isNotEmpty();
    }

    @Test
    void a_payment_code_is_paid_at_once() {
        var number = Shop.number();

        assertThat(create(number, "method", "scan", "auth_code", "2834567890123451000")
                        .getInt("code"))
                .isZero();
        assertThat(call("pay/query", "out_trade_no", number).getInt("status")).isEqualTo(1);
    }

    @Test
    void a_wrong_signature_type_or_time_is_refused_and_the_refusal_is_signed() {
        var now = Instant.now().getEpochSecond();
        var refused = List.of(
                create(Shop.number(), "sign", "AAAA"),
                create(Shop.number(), "sign_type", "MD5"),
                create(Shop.number(), "timestamp", Long.toString(now - 330)),
                create(Shop.number(), "timestamp", Long.toString(now + 330)),
                create(Shop.number(), "method", "nothing"),
                call("pay/query", "out_trade_no", "unknown"));

        assertThat(refused)
                .allMatch(a -> a.getInt("code") == -1 && !a.getString("msg").isEmpty());
        assertThat(refused).allMatch(a -> merchant.verifiesV2(VkspayMerchant.texts(a)));
        assertThat(create(Shop.number(), "timestamp", Long.toString(now - 270)).getInt("code"))
                .isZero();
    }

    private static JsonObject refund(String number, String own, String money) {
        return call("pay/refund", "out_trade_no", number, "out_refund_no", own, "money", money);
    }

    @Test
    void refunds_are_idempotent_by_the_merchants_number() {
        var number = paid();
        var own = Shop.number();

        var first = refund(number, own, "0.40");
        var again = refund(number, own, "0.40");
        var other = refund(number, own, "0.41");
        var second = refund(number, own + "b", "0.60");
        var tooMuch = refund(number, own + "c", "0.01");

        assertThat(again.getString("refund_no")).isEqualTo(first.getString("refund_no"));
        assertThat(other.getInt("code")).isEqualTo(-1);
        assertThat(second.getInt("code")).isZero();
        assertThat(tooMuch.getInt("code")).isEqualTo(-1);
        assertThat(simulator.records(number).getJsonArray("refunds")).hasSize(2);
        var state = call("pay/refundquery", "out_refund_no", own);
        assertThat(state.getInt("status")).isEqualTo(1);
        assertThat(state.getString("money")).isEqualTo("0.40");
        var query = call("pay/query", "out_trade_no", number);
        assertThat(query.getInt("status")).isEqualTo(2);
        assertThat(query.getString("refundmoney")).isEqualTo("1.00");
    }

    @Test
    void a_refund_can_fail_later_and_be_found_late() {
        var failed = paid();
        var late = paid();
        simulator.setFault(failed, "REFUND_CLOSED");
        simulator.setFault(late, "REFUND_FOUND_LATE");

        refund(failed, "F" + failed, "1");
        refund(late, "L" + late, "1");

        assertThat(call("pay/refundquery", "out_refund_no", "F" + failed).getInt("status"))
                .isZero();
        assertThat(call("pay/refundquery", "out_refund_no", "L" + late).getInt("code"))
                .isEqualTo(-1);
        assertThat(call("pay/refundquery", "out_refund_no", "L" + late).getInt("status"))
                .isEqualTo(1);
    }

    @Test
    void an_order_is_closed_unless_it_is_paid_or_the_channel_closes_none() {
        var open = Shop.number();
        var kept = Shop.number();
        create(open);
        create(kept);
        simulator.setFault(kept, "CLOSE_NOT_POSSIBLE");

        assertThat(call("pay/close", "out_trade_no", open).getInt("code")).isZero();
        assertThat(call("pay/close", "out_trade_no", kept).getInt("code")).isEqualTo(-1);
        assertThat(call("pay/close", "out_trade_no", paid()).getInt("code")).isEqualTo(-1);
        assertThat(simulator.records(open).getString("state")).isEqualTo("CLOSED");
        assertThat(create(open).getString("msg")).contains("已关闭");
    }

    @Test
    void an_answer_can_be_badly_signed() {
        var number = paid();
        simulator.setFault(number, "ANSWER_BADLY_SIGNED");

        assertThat(merchant.verifiesV2(VkspayMerchant.texts(call("pay/query", "out_trade_no", number))))
                .isFalse();
        assertThat(merchant.verifiesV2(VkspayMerchant.texts(call("pay/query", "out_trade_no", number))))
                .isTrue();
    }

    @Test
    void a_browser_is_led_to_the_cashier_and_back() {
        var number = Shop.number();

        var opened = merchant.get("/api/pay/submit?" + merchant.v2Form(order(number, "type", "")));
        simulator.pay(number);
        var back = EpayV1IT.backOf(EpayV1IT.page(simulator.records(number).getString("code")));

        assertThat(opened.status()).isEqualTo(303);
        var returned = VkspayMerchant.decoded(URI.create(back).getRawQuery());
        returned.remove("shop");
        assertThat(merchant.verifiesV2(returned)).isTrue();
        assertThat(returned).containsEntry("type", "wxpay");
    }

    @Test
    void a_merchants_data_and_orders_are_signed_without_their_lists() {
        paid();
        var info = call("merchant/info");
        var orders = call("merchant/orders", "limit", "1");

        assertThat(info.getString("money")).matches("\\d+\\.\\d\\d");
        assertThat(orders.getJsonArray("data")).hasSize(1);
        assertThat(merchant.verifiesV2(VkspayMerchant.texts(info))).isTrue();
        assertThat(merchant.verifiesV2(VkspayMerchant.texts(orders))).isTrue();
    }
}
