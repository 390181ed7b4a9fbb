package io.cashdesk.it.simulator.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import io.cashdesk.testing.WechatMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Payment codes at the point of sale, with the simulated WeChat Pay. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayPaymentCodeIT extends SimulatedWxpay {
    @Nested
    class A_payment_at_the_point_of_sale {
        String code(String tail) {
            return "13" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + tail;
        }

        JsonObjectBuilder body(JsonObjectBuilder ids, String number, String code) {
            return ids.add("description", "茶")
                    .add("out_trade_no", number)
                    .add("payer", payer("auth_code", code))
                    .add("amount", Json.createObjectBuilder().add("total", 990))
                    .add(
                            "scene_info",
                            Json.createObjectBuilder()
                                    .add("device_id", "register1")
                                    .add(
                                            "store_info",
                                            Json.createObjectBuilder().add("out_id", "S1")));
        }

        WechatMerchant.Answer scan(String number, String code) {
            return merchant.post("/v3/pay/transactions/codepay", body(ids(), number, code));
        }

        WechatMerchant.Answer reverse(String number) {
            return merchant.post("/v3/pay/transactions/out-trade-no/" + number + "/reverse", ids());
        }

        @Test
        void is_paid_at_once_without_a_notification() {
            var number = Shop.number();

            var paid = scan(number, code("0001")).json();

            assertThat(paid.getString("trade_state")).isEqualTo("SUCCESS");
            assertThat(paid.getString("trade_type")).isEqualTo("MICROPAY");
            assertThat(paid.getJsonObject("scene_info").getString("device_id")).isEqualTo("register1");
            assertThat(query(number)).isEqualTo(paid);
            assertThat(records(number).getJsonArray("notifications")).isEmpty();
            assertThat(refund(number, number + "-1", 90).status()).isEqualTo(200);
        }

        @Test
        void waits_for_the_password_and_is_paid() {
            var number = Shop.number();

            assertThat(scan(number, code("0002")).json().getString("trade_state"))
                    .isEqualTo("USERPAYING");
            assertThat(query(number).getString("trade_state")).isEqualTo("USERPAYING");

            Eventually.within(
                    Duration.ofSeconds(8),
                    "paid",
                    () -> query(number).getString("trade_state").equals("SUCCESS"));
        }

        @Test
        void waits_for_the_password_and_fails() {
            var number = Shop.number();

            scan(number, code("0003"));

            Eventually.within(
                    Duration.ofSeconds(8),
                    "failed",
                    () -> query(number).getString("trade_state").equals("PAYERROR"));
        }

        @Test
        void that_is_undecided_is_reversed_but_not_too_soon_and_never_closed() {
            var number = Shop.number();
            assertThat(scan(number, code("0007")).json().getString("trade_state"))
                    .isEqualTo("USERPAYING");
            var close = "/v3/pay/transactions/out-trade-no/" + number + "/close";
            assertThat(merchant.post(close, Json.createObjectBuilder().add("mchid", merchant.mchId))
                            .number())
                    .isEqualTo("268449641");
            TestDatabase.execute(
                    node.dbUrl(),
                    "update sim_trade set created_at = created_at + interval '10 s' where number = '" + number + "'");

            assertThat(reverse(number).code()).isEqualTo("INVALID_REQUEST");
            age(number, Duration.ofSeconds(20));
            setFault(number, "REVERSE_ONCE_MORE");
            assertThat(reverse(number).code()).isEqualTo("USERPAYING");
            var reversed = reverse(number);

            assertThat(reversed.json().getString("out_trade_no")).isEqualTo(number);
            assertThat(query(number).getString("trade_state")).isEqualTo("REVOKED");
            assertThat(reverse(number).status()).isEqualTo(200);
        }

        @Test
        void that_was_paid_is_refunded_by_its_reversal_and_not_again() {
            var number = Shop.number();
            scan(number, code("0001"));
            age(number, Duration.ofSeconds(20));

            assertThat(reverse(number).status()).isEqualTo(200);

            assertThat(query(number).getString("trade_state")).isEqualTo("REVOKED");
            assertThat(refund(number, number + "-1", 90).code()).isEqualTo("RESOURCE_NOT_EXISTS");
        }

        @ParameterizedTest
        @CsvSource({"0004, 500, SYSTEM_ERROR, SUCCESS", "0006, 403, NOT_ENOUGH, PAYERROR"})
        void is_answered_with_an_error_and_queried_with_its_true_state(
                String tail, int status, String code, String state) {
            var number = Shop.number();

            var answer = scan(number, code(tail));

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.code()).isEqualTo(code);
            assertThat(query(number).getString("trade_state")).isEqualTo(state);
        }

        @Test
        void accepts_each_code_once_and_for_one_number() {
            var used = code("0001");
            var number = Shop.number();
            scan(number, used);
            var expired = Shop.number();

            assertThat(scan(Shop.number(), used).code()).isEqualTo("AUTH_CODE_INVALID");
            assertThat(scan(number, used).code()).isEqualTo("ORDERPAID");
            assertThat(scan(expired, code("0005")).code()).isEqualTo("AUTHCODEEXPIRE");
            assertThat(query(expired).getString("code")).isEqualTo("ORDER_NOT_EXIST");
            assertThat(scan(expired, code("0001")).code()).isEqualTo("OUT_TRADE_NO_USED");
        }

        @Test
        void is_made_and_reversed_by_a_service_provider() {
            var number = Shop.number();
            var path = "/v3/pay/partner/transactions/";
            var withoutApp = body(partnersIds(), number, code("0001")).build();

            assertThat(merchant.post(
                                    path + "codepay",
                                    Json.createObjectBuilder(withoutApp).remove("sp_appid"))
                            .code())
                    .isEqualTo("SYSTEM_ERROR");
            var paid = merchant.post(path + "codepay", body(partnersIds(), number, code("0001")))
                    .json();
            assertThat(paid.getString("sub_mchid")).isEqualTo(merchant.subMchId);
            age(number, Duration.ofSeconds(20));
            assertThat(merchant.post(path + "out-trade-no/" + number + "/reverse", partnersIds())
                            .json()
                            .getString("sub_mchid"))
                    .isEqualTo(merchant.subMchId);
        }
    }
}
