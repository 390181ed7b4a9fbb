package io.cashdesk.it.simulator.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.WechatMerchant;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of the simulated WeChat Pay's answers and notifications, and the change of its signing key. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayFaultIT extends SimulatedWxpay {
    @Nested
    class A_fault {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ANSWER_SYSTEM_ERROR",
                    "ANSWER_HTML",
                    "ANSWER_BADLY_SIGNED",
                    "ANSWER_STALE",
                    "ANSWER_OF_UNKNOWN_SERIAL"
                })
        void changes_one_answer_and_not_the_order(String fault) {
            var number = Shop.number();
            setFault(number, fault);
            var body = order(ids(), number).build().toString();

            var faulty = merchant.unverified("POST", "/v3/pay/transactions/native", body);

            assertThat(merchant.accepts(faulty)).isFalse();
            assertThat(query(number).getString("trade_state")).isEqualTo("NOTPAY");
            assertThat(merchant.call("POST", "/v3/pay/transactions/native", body)
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void probes_the_merchant_before_the_real_notification() {
            try (var shop = new MerchantServer()) {
                var number = Shop.number();
                setFault(number, "NOTIFY_PROBED_FIRST");
                merchant.post(
                        "/v3/pay/transactions/native", order(ids(), number).add("notify_url", shop.url()));

                pay(number);

                Eventually.within(
                        Duration.ofSeconds(5), "both", () -> shop.received().size() == 2);
                assertThat(shop.received()
                                .get(0)
                                .headers()
                                .firstValue("Wechatpay-Signature")
                                .orElse(""))
                        .startsWith("WECHATPAY/SIGNTEST/");
                assertThat(merchant.read(shop.received().get(1)).resource().getString("out_trade_no"))
                        .isEqualTo(number);
            }
        }

        @Test
        void of_the_merchants_server_does_not_change_the_content_of_a_notification() {
            try (var shop = new MerchantServer()) {
                var number = paid();
                setFault(number, "REFUND_ABNORMAL");
                shop.answers(500, "");
                merchant.post(REFUNDS, refundBody(number, number + "-1", 90).add("notify_url", shop.url()));
                Eventually.within(
                        Duration.ofSeconds(8), "first", () -> !shop.received().isEmpty());

                control("refund", "{\"out_refund_no\":\"" + number + "-1\",\"status\":\"SUCCESS\"}");
                var before = shop.received().size();
                shop.answers(200, "");

                Eventually.within(
                        Duration.ofSeconds(8),
                        "both",
                        () -> shop.received().stream()
                                        .skip(before)
                                        .map(h -> merchant.read(h).event())
                                        .distinct()
                                        .count()
                                == 2);
                assertThat(shop.received())
                        .extracting(h -> merchant.read(h).event())
                        .containsOnly("REFUND.ABNORMAL", "REFUND.SUCCESS");
                assertThat(shop.received())
                        .filteredOn(h -> merchant.read(h).event().equals("REFUND.ABNORMAL"))
                        .allMatch(h -> !merchant.read(h).resource().containsKey("success_time"));
            }
        }

        @Test
        void of_the_merchants_server_is_followed_by_the_same_notification_again() {
            try (var shop = new MerchantServer()) {
                var number = paid();
                shop.answers(500, "{\"code\":\"FAIL\",\"message\":\"busy\"}");
                merchant.post(REFUNDS, refundBody(number, number + "-1", 90).add("notify_url", shop.url()));
                Eventually.within(
                        Duration.ofSeconds(8), "first", () -> !shop.received().isEmpty());

                shop.answers(200, "");

                Eventually.within(
                        Duration.ofSeconds(8), "again", () -> shop.received().size() > 1);
                var first = shop.received().get(0);
                var last = shop.received().get(shop.received().size() - 1);
                assertThat(merchant.read(last).resource())
                        .isEqualTo(merchant.read(first).resource());
                assertThat(merchant.eventOf(last)).isEqualTo(merchant.eventOf(first));
                assertThat(last.headers().firstValue("Wechatpay-Nonce"))
                        .isNotEqualTo(first.headers().firstValue("Wechatpay-Nonce"));
            }
        }
    }

    @Nested
    class The_platforms_key {
        @Test
        void can_be_changed_to_the_certificates_and_back() {
            var own = WechatMerchant.of(node, "sim-wechat-keys", node.merchant("sim-wechat-keys", "test"));
            var target = "/v3/pay/transactions/out-trade-no/unknown1?mchid=" + own.mchId;
            var number = Shop.number();
            var body = ids().add("appid", own.appId).add("mchid", own.mchId);
            var order = order(body, number).build().toString();
            assertThat(own.get("/v3/certificates").status()).isEqualTo(404);

            control("signing", "{\"mch_id\":\"" + own.mchId + "\",\"with\":\"CERTIFICATE\"}");
            var under = own.callUnderCertificate("POST", "/v3/pay/transactions/native", order);
            control("signing", "{\"mch_id\":\"" + own.mchId + "\",\"with\":\"PUBLIC_KEY\"}");

            assertThat(under.json().getString("code_url")).startsWith("weixin://");
            assertThat(own.get(target).code()).isEqualTo("ORDER_NOT_EXIST");
            assertThat(own.call("POST", "/v3/pay/transactions/native", order).status())
                    .isEqualTo(200);
        }
    }
}
