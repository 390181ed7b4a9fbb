package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of a provider during a payment, and the order's state afterwards. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PaymentFaultIT {
    static Shop shop;
    static Node node;
    static String key;

    @BeforeAll
    static void open() {
        shop = new Shop("payment-fault-it");
        node = shop.node;
        key = shop.key;
    }

    static long count(String sql, String number) {
        return TestDatabase.number(node.dbUrl(), sql, number);
    }

    @Nested
    class A_fault {
        @ParameterizedTest
        @ValueSource(strings = {"wxpay", "alipay"})
        void lost_notification_is_replaced_by_a_query(String provider) {
            var number = Shop.number();
            shop.setFault(number, "NOTIFY_LOST");
            node.createPayment(key, provider, number, 990);

            shop.pay(number);

            var found = node.queryPayment(key, number, ",\"await_notify\":true,\"pay_order_info\":true");
            assertThat(found.getBoolean("orderPaid")).isTrue();
            assertThat(found.getJsonObject("payOrder").getInt("notify_mode")).isZero();
        }

        @ParameterizedTest
        @ValueSource(strings = {"wxpay", "alipay"})
        void forged_notification_changes_nothing_and_gets_a_4xx(String provider) {
            var number = Shop.number();
            shop.setFault(number, "NOTIFY_FORGED");
            node.createPayment(key, provider, number, 990);

            shop.pay(number);

            Eventually.within(
                    Duration.ofSeconds(5),
                    "refused",
                    () -> node.simulator("books?out_trade_no=" + number, null)
                            .json()
                            .getJsonArray("notifications")
                            .toString()
                            .contains("\"status\":401"));
            assertThat(count("select count(*) from pay_order where out_trade_no = ? and state = 'UNPAID'", number))
                    .isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"wxpay", "alipay"})
        void wrong_amount_never_pays_and_waits_for_a_person(String provider) {
            var number = Shop.number();
            shop.setFault(number, "NOTIFY_WRONG_AMOUNT");
            node.createPayment(key, provider, number, 990);

            shop.pay(number);

            Eventually.within(
                    Duration.ofSeconds(5),
                    "flagged",
                    () -> count(
                                    "select count(*) from pay_order where out_trade_no = ? and state = 'UNPAID' and needs_person is not null",
                                    number)
                            == 1);
            assertThat(node.queryPayment(key, number, "").getBoolean("orderPaid"))
                    .isFalse();
            assertThat(count("""
                    select count(*)
                    from receipt r
                    join pay_order o on o.id = r.order_id
                    where o.out_trade_no = ? and r.kind = 'AMOUNT_DIFFERS' and r.disposition = 'HELD'
                    """, number)).isEqualTo(1);
            assertThat(node.createPayment(key, provider, number, 990).json().getInt("code"))
                    .isEqualTo(2009);
        }

        @ParameterizedTest
        @ValueSource(strings = {"wxpay", "alipay"})
        void time_out_after_accepting_leaves_the_outcome_unknown_and_the_payment_is_found(String provider) {
            var number = Shop.number();
            shop.setFault(number, "ANSWER_TIMES_OUT_AFTER_ACCEPTING");

            var created = node.createPayment(key, provider, number, 990);
            assertThat(created.status()).isEqualTo(504);
            assertThat(created.json().getInt("code")).isEqualTo(3004);
            shop.setFault(number, "NOTIFY_LOST");
            shop.pay(number);

            assertThat(node.queryPayment(key, number, ",\"await_notify\":true").getBoolean("orderPaid"))
                    .isTrue();
        }

        @Test
        void notification_twice_at_once_is_one_payment_and_one_webhook() {
            try (var server = new MerchantServer()) {
                var secret = node.manage(
                                "PUT",
                                "merchants/payment-fault-it/webhooks/twice",
                                Json.createObjectBuilder()
                                        .add("url", server.url())
                                        .add("mode", "test")
                                        .add("types", Json.createArrayBuilder().add("goods")))
                        .json()
                        .getString("secret");
                var number = Shop.number();
                shop.setFault(number, "NOTIFY_TWICE_AT_ONCE");
                node.createPayment(key, "wxpay", number, 990);

                shop.pay(number);

                Eventually.within(
                        Duration.ofSeconds(10),
                        "received",
                        () -> !server.about(number).isEmpty());
                assertThat(node.queryPayment(key, number, ",\"await_notify\":true")
                                .getBoolean("user_order_success"))
                        .isTrue();
                assertThat(server.about(number)).hasSize(1).allMatch(h -> h.verifies(secret));
                assertThat(count("""
                        select count(*)
                        from webhook_event e
                        join pay_order o on o.id = e.order_id
                        where o.out_trade_no = ?
                        """, number)).isEqualTo(1);
            }
        }
    }
}
