package io.cashdesk.it.wxpayv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import io.cashdesk.testing.WechatV2Merchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payment codes, orders and notifications through WeChat Pay API v2. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WechatV2OrderIT extends WechatV2 {
    @Nested
    class A_payment_code {
        @ParameterizedTest
        @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
        void is_paid_at_once_and_needs_no_store_id(String signType) {
            var seller = SELLERS.get(signType);
            var number = Shop.number();

            var answer = seller.charge(number, "1000");

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.json().getString("pay_type")).isEqualTo("wxpay_codepay");
            assertThat(answer.json().getJsonObject("orderInfo")).isEmpty();
            assertThat(seller.shop().query(number).getBoolean("orderPaid")).isTrue();
            assertThat(records(number).getJsonArray("notifications")).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"0002", "0004"})
        void is_awaited_while_its_result_is_unknown(String tail) {
            var seller = SELLERS.get(WechatV2Merchant.MD5);
            var number = Shop.number();

            assertThat(seller.charge(number, tail).status()).isEqualTo(200);

            seller.shop().untilPaid(number);
        }

        @ParameterizedTest
        @CsvSource({"MD5, ''", "HMAC-SHA256, REVERSE_ONCE_MORE"})
        void whose_payer_never_confirms_is_reversed_in_time(String signType, String fault) {
            var seller = SELLERS.get(signType);
            var number = Shop.number();
            if (!fault.isEmpty()) seller.shop().setFault(number, fault);
            var code = "13" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + "0007";
            var data = Shop.order(number)
                    .add("auth_code", code)
                    .add("store_id", "S1")
                    .add("time_expire", System.currentTimeMillis() + 5_000);

            assertThat(seller.shop().create(null, JsonValue.NULL, data).status())
                    .isEqualTo(200);

            seller.untilStatus(number, -1);
            Eventually.within(
                    Duration.ofSeconds(30),
                    "reversed",
                    () -> records(number).getString("state").equals("REVOKED"));
        }

        @ParameterizedTest
        @CsvSource({"0005, AUTHCODEEXPIRE", "0006, NOTENOUGH"})
        void that_is_refused_is_refused_at_once(String tail, String code) {
            var answer = SELLERS.get(WechatV2Merchant.HMAC).charge(Shop.number(), tail);

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.json().getInt("code")).isEqualTo(3002);
            assertThat(answer.json().getString("detail")).contains(code);
        }
    }

    @Nested
    class An_order {
        @ParameterizedTest
        @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
        void whose_notification_was_lost_is_found_by_a_query(String signType) {
            var seller = SELLERS.get(signType);
            var number = Shop.number();
            seller.shop().setFault(number, "NOTIFY_LOST");
            seller.create(Shop.on("h5", ""), number);
            assertThat(seller.shop().query(number).getBoolean("orderPaid")).isFalse();

            seller.shop().pay(number);

            seller.shop().untilPaid(number);
            assertThat(authentic(number)).isZero();
        }

        @Test
        void after_five_minutes_is_closed_at_the_provider_and_here() {
            var seller = SELLERS.get(WechatV2Merchant.MD5);
            var number = Shop.number();
            seller.create(Shop.on("h5", ""), number);
            age(number, Duration.ofMinutes(5));

            var closed = seller.shop().call("closePayment", "{\"out_trade_no\":\"" + number + "\"}");

            assertThat(closed.json().getInt("status")).isEqualTo(-1);
            assertThat(records(number).getString("state")).isEqualTo("CLOSED");
        }

        @Test
        void before_five_minutes_can_be_closed_neither_at_the_provider_nor_here() {
            var seller = SELLERS.get(WechatV2Merchant.HMAC);
            var number = Shop.number();
            seller.create(Shop.on("h5", ""), number);

            var refused = seller.shop().call("closePayment", "{\"out_trade_no\":\"" + number + "\"}");

            assertThat(refused.status()).as(refused.body()).isEqualTo(409);
            assertThat(refused.json().getInt("code")).isEqualTo(2010);
            assertThat(records(number).getString("state")).isEqualTo("NOTPAY");
            assertThat(seller.shop().query(number).getInt("status")).isZero();
            seller.shop().pay(number);
            seller.shop().untilPaid(number);
        }

        @Test
        void before_five_minutes_lets_its_payer_choose_another_way_anyway() {
            var seller = SELLERS.get(WechatV2Merchant.HMAC);
            var number = Shop.number();
            seller.create(Shop.on("h5", ""), number);

            var other = seller.create(Shop.on("app-plus", ""), number);

            assertThat(other.getString("pay_type")).isEqualTo("wxpay_app-plus");
            assertThat(TestDatabase.number(seller.shop().node.dbUrl(), """
                    select count(*)
                    from attempt a
                    join pay_order o on o.id = a.order_id
                    where o.out_trade_no = ? and a.state = 'PAYABLE'
                    """, number))
                    .as("the earlier code is still queried")
                    .isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"ANSWER_SYSTEM_ERROR", "ANSWER_HTML", "ANSWER_BADLY_SIGNED"})
        void whose_answer_cannot_be_verified_is_queried_and_sent_again(String fault) {
            var seller = SELLERS.get(WechatV2Merchant.MD5);
            var number = Shop.number();
            seller.shop().setFault(number, fault);

            var first = seller.shop().create("wxpay", Shop.on("h5", ""), Shop.order(number));
            var second = seller.create(Shop.on("h5", ""), number);

            assertThat(first.status()).isNotEqualTo(200);
            assertThat(second.getJsonObject("orderInfo").getString("codeUrl")).startsWith("weixin://");
            seller.shop().pay(number);
            seller.shop().untilPaid(number);
        }
    }

    @Nested
    class A_notification {
        @ParameterizedTest
        @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
        void is_verified_acknowledged_and_stored(String signType) {
            var seller = SELLERS.get(signType);
            var number = seller.paid();

            Eventually.within(Duration.ofSeconds(10), "stored", () -> authentic(number) == 1);
            Eventually.within(
                    Duration.ofSeconds(10),
                    "acknowledged",
                    () -> records(number)
                            .getJsonArray("notifications")
                            .getJsonObject(0)
                            .containsKey("status"));
            var notice = records(number).getJsonArray("notifications").getJsonObject(0);
            assertThat(notice.getInt("status")).isEqualTo(200);
            assertThat(notice.getInt("tries")).isEqualTo(1);
            assertThat(notice.getString("answer"))
                    .isEqualTo(
                            "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>");
        }

        @Test
        void with_a_wrong_signature_is_refused_and_changes_nothing() {
            var seller = SELLERS.get(WechatV2Merchant.MD5);
            var number = Shop.number();
            seller.shop().setFault(number, "NOTIFY_FORGED");
            seller.create(Shop.on("h5", ""), number);

            seller.shop().pay(number);

            Eventually.within(
                    Duration.ofSeconds(10),
                    "refused",
                    () -> records(number).getJsonArray("notifications").getValuesAs(JsonObject.class).stream()
                            .anyMatch(n -> n.getInt("status", 0) == 401
                                    && n.getString("answer").contains("[FAIL]")));
            assertThat(authentic(number)).isZero();
        }

        @Test
        void of_another_amount_pays_nothing() {
            var seller = SELLERS.get(WechatV2Merchant.HMAC);
            var number = Shop.number();
            seller.shop().setFault(number, "NOTIFY_WRONG_AMOUNT");
            seller.create(Shop.on("h5", ""), number);

            seller.shop().pay(number);

            Eventually.within(Duration.ofSeconds(10), "stored", () -> authentic(number) == 1);
            assertThat(seller.shop().query(number).getInt("status")).isZero();
        }

        @Test
        void under_the_stored_v2_key_is_accepted_after_the_move_to_v3() {
            var seller = seller("v2-moves", WechatV2Merchant.MD5);
            var number = Shop.number();
            seller.create(Shop.on("h5", ""), number);
            var v3 = Json.createObjectBuilder(seller.node())
                    .remove("pfx")
                    .remove("version")
                    .add("v3Key", "k".repeat(32));
            var sql = "select a.node from sim_account a where a.mch_no = ?";
            var own = TestDatabase.text(seller.shop().node.dbUrl(), sql, seller.merchant().mchId);
            try (var reader = Json.createReader(new StringReader(own))) {
                reader.readObject().forEach(v3::add);
            }

            put("v2-moves", v3.build());
            seller.shop().pay(number);

            seller.shop().untilPaid(number);
            assertThat(authentic(number)).isEqualTo(1);
        }
    }
}
