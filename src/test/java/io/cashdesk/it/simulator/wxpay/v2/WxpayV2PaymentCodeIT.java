package io.cashdesk.it.simulator.wxpay.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Shop;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Payment codes at the point of sale, with the simulated WeChat Pay API v2. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayV2PaymentCodeIT extends SimulatedWxpayV2 {
    @Nested
    class A_payment_at_the_point_of_sale {
        String code(String tail) {
            return "13" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + tail;
        }

        SortedMap<String, String> scan(String number, String code) {
            return md5.call(
                    "/pay/micropay",
                    "body",
                    "茶",
                    "out_trade_no",
                    number,
                    "total_fee",
                    "990",
                    "spbill_create_ip",
                    "203.0.113.7",
                    "auth_code",
                    code);
        }

        SortedMap<String, String> reverse(String number) {
            return md5.call("/secapi/pay/reverse", "out_trade_no", number);
        }

        @Test
        void is_paid_at_once() {
            var number = Shop.number();

            assertThat(scan(number, code("1000")))
                    .containsEntry("result_code", "SUCCESS")
                    .containsEntry("trade_type", "MICROPAY")
                    .containsEntry("total_fee", "990")
                    .containsKeys("transaction_id", "openid", "time_end");
            assertThat(query(number)).containsEntry("trade_state", "SUCCESS");
            assertThat(md5.call("/pay/closeorder", "out_trade_no", number)).containsEntry("result_code", "FAIL");
        }

        @Test
        void waits_for_the_password() {
            var number = Shop.number();

            assertThat(scan(number, code("0002"))).containsEntry("err_code", "USERPAYING");

            assertThat(query(number)).containsEntry("trade_state", "USERPAYING");
            Eventually.within(
                    Duration.ofSeconds(8),
                    "paid",
                    () -> "SUCCESS".equals(query(number).get("trade_state")));
        }

        @ParameterizedTest
        @CsvSource({
            "0004, SYSTEMERROR, SUCCESS",
            "0005, AUTHCODEEXPIRE,",
            "0006, NOTENOUGH, PAYERROR",
        })
        void fails_with_the_codes_of_v2(String tail, String code, String state) {
            var number = Shop.number();

            assertThat(scan(number, code(tail))).containsEntry("err_code", code);

            assertThat(query(number).get("trade_state")).isEqualTo(state);
        }

        @Test
        void accepts_no_code_twice_and_no_malformed_one() {
            var used = code("1000");
            scan(Shop.number(), used);

            assertThat(scan(Shop.number(), used)).containsEntry("err_code", "AUTH_CODE_INVALID");
            assertThat(scan(Shop.number(), "99" + used.substring(2))).containsEntry("err_code", "AUTH_CODE_ERROR");
        }

        @Test
        void is_reversed_not_too_soon_and_when_repeated() {
            var number = Shop.number();
            setFault(number, "REVERSE_ONCE_MORE");
            scan(number, code("0007"));

            var recall = reverse(number);
            age(number, Duration.ofSeconds(20));
            var done = reverse(number);

            assertThat(recall).containsEntry("recall", "Y");
            assertThat(done).containsEntry("recall", "N");
            assertThat(query(number)).containsEntry("trade_state", "REVOKED");
            assertThat(reverse(Shop.number())).containsEntry("result_code", "FAIL");
            assertThat(scan(number, code("1000"))).containsEntry("err_code", "ORDERREVERSED");
        }

        @Test
        void is_the_only_kind_that_can_be_reversed() {
            var number = paid(md5);
            age(number, Duration.ofSeconds(20));

            assertThat(reverse(number)).containsEntry("err_code", "TRADE_STATE_ERROR");
        }
    }
}
