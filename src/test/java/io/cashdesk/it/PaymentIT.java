package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Payments and checkouts through the merchant API in test mode: the real WAR, the real database, the simulator on the
 * other side.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PaymentIT {
    static Shop shop;
    static Node node;
    static String key;

    @BeforeAll
    static void open() {
        shop = new Shop("payment-it");
        node = shop.node;
        key = shop.key;
    }

    static long count(String sql, String number) {
        return TestDatabase.number(node.dbUrl(), sql, number);
    }

    @Nested
    class A_payment {
        @ParameterizedTest
        @CsvSource({"wxpay, wxpay_h5", "alipay, alipay_h5"})
        void is_created_shown_paid_and_queried_as_paid(String provider, String payType) {
            var number = Shop.number();

            var created = node.createPayment(key, provider, number, 990).json();
            assertThat(created.getInt("code")).isZero();
            assertThat(created.getString("pay_type")).isEqualTo(payType);
            assertThat(created.getInt("total_fee")).isEqualTo(990);
            assertThat(created.getJsonObject("orderInfo").getString("codeUrl"))
                    .matches("weixin://wxpay/bizpayurl\\?pr=.+|https://qr\\.alipay\\.com/bax.+");
            var unpaid = node.queryPayment(key, number, "");
            assertThat(unpaid.getInt("code")).isEqualTo(-1);
            assertThat(unpaid.getBoolean("orderPaid")).isFalse();

            shop.pay(number);

            Eventually.within(
                    Duration.ofSeconds(5),
                    "paid",
                    () -> node.queryPayment(key, number, "").getBoolean("orderPaid"));
            var paid = node.queryPayment(key, number, ",\"pay_order_info\":true");
            assertThat(paid.getInt("code")).isZero();
            assertThat(paid.getInt("status")).isEqualTo(1);
            var record = paid.getJsonObject("payOrder");
            assertThat(record.getInt("notify_mode")).isEqualTo(1);
            assertThat(record.getJsonObject("original_data").keySet())
                    .contains(provider.equals("wxpay") ? "resource" : "notify_id");
            assertThat(record.getString("notify_url")).isEqualTo(node.base().toString());
            assertThat(record.getString("notify_path")).startsWith("/notify/" + provider + "/");
            assertThat(paid.getJsonObject("pay_order")).isEqualTo(paid.getJsonObject("payOrder"));
            assertThat(node.createPayment(key, provider, number, 990).json().getInt("code"))
                    .isEqualTo(2005);
        }

        @Test
        void repeated_answers_the_same_code_without_calling_the_provider() {
            var number = Shop.number();

            var first = node.createPayment(key, "wxpay", number, 990).json();
            var second = node.createPayment(key, "wxpay", number, 990).json();

            assertThat(second.getJsonObject("orderInfo")).isEqualTo(first.getJsonObject("orderInfo"));
        }

        @Test
        void requested_ten_times_at_once_makes_one_attempt() {
            var number = Shop.number();
            var calls = new ArrayList<CompletableFuture<String>>();

            for (int i = 0; i < 10; i++) {
                calls.add(CompletableFuture.supplyAsync(
                        () -> node.createPayment(key, "wxpay", number, 990).body()));
            }

            assertThat(calls.stream().map(CompletableFuture::join).distinct())
                    .hasSize(1)
                    .allMatch(b -> b.contains("codeUrl"));
            assertThat(count(
                            "select count(*) from attempt a join pay_order o on o.id = a.order_id where o.out_trade_no = ?",
                            number))
                    .isEqualTo(1);
        }

        @Test
        void can_be_switched_to_another_provider_and_back() {
            var number = Shop.number();

            node.createPayment(key, "wxpay", number, 990);
            var alipay = node.createPayment(key, "alipay", number, 990).json();
            var wechat = node.createPayment(key, "wxpay", number, 990).json();

            assertThat(alipay.getString("pay_type")).isEqualTo("alipay_h5");
            assertThat(wechat.getInt("code")).isZero();
            assertThat(count("""
                    select count(*)
                    from attempt a
                    join pay_order o on o.id = a.order_id
                    where o.out_trade_no = ? and a.state in ('CALLING','SHOWN','UNKNOWN','CLOSING')
                    """, number)).isEqualTo(1);
        }
    }

    @Nested
    class A_checkout {
        @Test
        void is_made_once_and_answers_the_same_address_again() {
            var number = Shop.number();
            var body = "{\"data\":{\"out_trade_no\":\"" + number
                    + "\",\"total_fee\":1,\"subject\":\"茶\",\"type\":\"goods\"}}";

            var first = node.pay("createCheckout", key, body).json();
            var second = node.pay("createCheckout", key, body).json();

            assertThat(first.getString("checkout_url")).startsWith(node.base() + "/checkout/");
            assertThat(second).isEqualTo(first);
        }

        @Test
        void refuses_a_return_url_that_the_merchant_has_not_listed() {
            var body = "{\"data\":{\"out_trade_no\":\"" + Shop.number()
                    + "\",\"total_fee\":1,\"subject\":\"茶\",\"type\":\"goods\","
                    + "\"return_url\":\"https://evil.example/\"}}";

            assertThat(node.pay("createCheckout", key, body).json().getInt("code"))
                    .isEqualTo(1111);
        }

        @Test
        void past_its_deadline_is_closed_after_a_query_to_the_provider() {
            var number = Shop.number();
            var soon = Instant.now().plusSeconds(2).toEpochMilli();
            var body = "{\"data\":{\"out_trade_no\":\"" + number
                    + "\",\"total_fee\":1,\"subject\":\"茶\",\"type\":\"goods\"," + "\"time_expire\":" + soon + "}}";

            node.pay("createCheckout", key, body);

            Eventually.within(
                    Duration.ofSeconds(15),
                    "closed",
                    () -> node.queryPayment(key, number, "").getInt("status") == -1);
            assertThat(node.createPayment(key, "wxpay", number, 1).json().getInt("code"))
                    .isEqualTo(2006);
        }
    }
}
