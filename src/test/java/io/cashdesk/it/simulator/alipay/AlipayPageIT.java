package io.cashdesk.it.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.AlipayMerchant;
import io.cashdesk.testing.Shop;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payment pages of the simulated Alipay (page.pay, wap.pay), and how trades end. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayPageIT extends SimulatedAlipay {
    @Nested
    class A_page_in_a_browser {
        static final String BACK = "https://shop.example.com/back?from=alipay";

        @ParameterizedTest
        @ValueSource(strings = {PAGE, WAP})
        void makes_the_trade_when_the_payer_opens_it_and_returns_the_payer_after_paying(String method) {
            var number = Shop.number();
            var content = method.equals(PAGE) ? page(number) : wap(number);
            assertThat(merchant.call(QUERY, number(number)).subCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");

            var wallet = walletCode(openPage(method, content, BACK));
            var waiting = status(number);
            var shown = open("/simulator/wallet?" + wallet);
            var after = open(URI.create(location(submit("/simulator/wallet/pay", wallet)))
                            .getPath() + "?" + wallet);

            assertThat(waiting).isEqualTo("WAIT_BUYER_PAY");
            assertThat(shown.body()).contains("id=\"pay\"").doesNotContain("1;url=");
            var back = redirectOf(after);
            assertThat(back).startsWith(BACK + "&app_id=");
            var fields = merchant.read(back.substring((BACK + "&").length()));
            assertThat(fields)
                    .containsEntry("method", method + ".return")
                    .containsEntry("out_trade_no", number)
                    .containsEntry("total_amount", "9.90")
                    .containsEntry("seller_id", merchant.sellerId)
                    .containsEntry("auth_app_id", merchant.appId)
                    .containsKeys("trade_no", "timestamp", "version", "charset")
                    .doesNotContainKey("trade_status");
            assertThat(notifications(number, 1).get(0)).containsEntry("trade_status", "TRADE_SUCCESS");
        }

        @Test
        void accepts_the_form_that_the_sdk_renders_too() {
            var number = Shop.number();
            var fields =
                    merchant.signed(merchant.fields(PAGE, page(number).build().toString(), notifyUrl()));
            var content = fields.remove("biz_content");

            var answer = submit(
                    "/simulator/alipay/gateway.do?" + AlipayMerchant.encoded(fields),
                    AlipayMerchant.encoded(Map.of("biz_content", content)));

            assertThat(walletCode(answer)).startsWith("code=alipay");
        }

        @Test
        void on_a_phone_opens_the_quit_url_when_the_payer_cancels() {
            var number = Shop.number();
            var wallet = walletCode(openPage(WAP, wap(number), BACK));

            var after = URI.create(location(submit("/simulator/wallet/decline", wallet)));

            assertThat(redirectOf(open(after.getRawPath() + "?" + after.getRawQuery())))
                    .isEqualTo("https://shop.example.com/quit?order=" + number);
            assertThat(status(number)).isEqualTo("WAIT_BUYER_PAY");
        }

        @Test
        void opens_the_same_trade_when_it_is_opened_again() {
            var number = Shop.number();

            var first = walletCode(openPage(PAGE, page(number), BACK));
            var second = walletCode(openPage(PAGE, page(number), BACK));
            var withOtherAmount = openPage(PAGE, page(number).add("total_amount", "99.00"), BACK);

            assertThat(second).isEqualTo(first);
            assertThat(withOtherAmount.statusCode()).isEqualTo(400);
            assertThat(withOtherAmount.body()).contains("ACQ.CONTEXT_INCONSISTENT");
        }

        @Test
        void that_was_changed_after_signing_is_refused() {
            var signed = merchant.orderText(PAGE, page(Shop.number()), Map.of());

            var answer = open("/simulator/alipay/gateway.do?" + signed.replace("9.90", "0.01"));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("isv.invalid-signature");
        }

        @Test
        void without_its_product_code_or_quit_url_is_refused() {
            assertThat(openPage(PAGE, order(Shop.number()), BACK).body()).contains("product_code");
            assertThat(openPage(WAP, order(Shop.number()).add("product_code", "QUICK_WAP_WAY"), BACK)
                            .body())
                    .contains("quit_url");
        }
    }

    @Nested
    class The_end_of_a_trade {
        @Test
        void is_notified_for_wap_and_app_when_the_time_to_pay_is_over() {
            var wap = Shop.number();
            openPage(WAP, wap(wap), "https://shop.example.com/");
            var app = Shop.number();
            node.call("POST", "/simulator/alipay/app?decline", null, merchant.orderText(APP, order(app), notifyUrl()));

            for (var number : List.of(wap, app)) age(number, Duration.ofDays(15).plusSeconds(1));

            for (var number : List.of(wap, app)) {
                var closed = notifications(number, 1).get(0);
                assertThat(closed)
                        .containsEntry("trade_status", "TRADE_CLOSED")
                        .containsKey("gmt_close")
                        .doesNotContainKeys("gmt_payment", "gmt_refund", "receipt_amount", "out_biz_no");
                assertThat(closed.getOrDefault("refund_fee", "0.00")).isEqualTo("0.00");
                assertThat(status(number)).isEqualTo("TRADE_CLOSED");
                assertThat(query(number)).doesNotContainKey("send_pay_date");
            }
        }

        @Test
        void is_notified_for_wap_when_the_merchant_closes_it_and_never_for_a_page() {
            var wap = Shop.number();
            openPage(WAP, wap(wap), "https://shop.example.com/");
            var page = Shop.number();
            openPage(PAGE, page(page), "https://shop.example.com/");

            var closed = merchant.call(CLOSE, number(page)).json();
            assertThat(merchant.call(CLOSE, number(wap)).code()).isEqualTo("10000");

            assertThat(notifications(wap, 1).get(0)).containsEntry("trade_status", "TRADE_CLOSED");
            assertThat(closed.getString("out_trade_no")).isEqualTo(page);
            assertThat(received(page)).as("it would have arrived by now").isEmpty();
            assertThat(merchant.call(CLOSE, number(page)).subCode()).isEqualTo("ACQ.TRADE_STATUS_ERROR");
            assertThat(openPage(PAGE, page(page), "https://shop.example.com/").body())
                    .contains("ACQ.TRADE_HAS_CLOSE");
        }

        @Test
        void is_finished_a_year_after_its_payment_and_refuses_refunds_from_then_on() {
            var number = Shop.number();
            var wallet = walletCode(openPage(WAP, wap(number), "https://shop.example.com/"));
            submit("/simulator/wallet/pay", wallet);
            notifications(number, 1);

            age(number, Duration.ofDays(366));

            assertThat(notifications(number, 2).get(1))
                    .containsEntry("trade_status", "TRADE_FINISHED")
                    .containsKey("gmt_payment");
            assertThat(status(number)).isEqualTo("TRADE_FINISHED");
            assertThat(merchant.call(REFUND, refund(number, "1.00", "R1")).subCode())
                    .isEqualTo("ACQ.TRADE_HAS_FINISHED");
        }
    }
}
