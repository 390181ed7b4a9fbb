package io.cashdesk.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.OrderState;
import io.cashdesk.order.OrderStatus;
import io.cashdesk.provider.PayType;
import io.cashdesk.refund.RefundCause;
import io.cashdesk.refund.RefundState;
import io.cashdesk.refund.RefundView;
import io.cashdesk.view.OrderView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OrderPayloadTest {
    private static final UUID ID = new UUID(1, 2);

    @Test
    void a_refunded_order_uses_every_field_that_we_know() {
        assertThat(OrderPayload.of(refunded())).hasToString("""
                {"_id":"00000000-0000-0001-0000-000000000002","pid":"m1","out_trade_no":"T1","status":2,"type":"goods",\
                "description":"Tea","total_fee":990,"refund_fee":90,"refund_num":1,"refund_list":[{"refund_date":4000,\
                "refund_fee":90,"out_refund_no":"T1-1","refund_desc":"broken"}],"platform":"app-plus","uni_platform":"app",\
                "custom":{"table":7},"pay_type":"wxpay_h5","provider":"wxpay","transaction_id":"42","user_id":"u1",\
                "nickname":"Li","client_ip":"1.2.3.4","openid":"o1","appid":"wx1",\
                "provider_pay_method":"auto","expand_data":{"buy_quantity":3},"mch_id":"1600","provider_appid":"wx2",\
                "user_order_success":true,"notify_mode":1,"create_date":1000,"pay_date":2000,"notify_date":3000,\
                "notify_info":{"said":"paid"},"original_data":{"form":"field"},"notify_url":"https://pay.example:8443",\
                "notify_path":"/notify/wxpay/7","store_price":99,"store_currency":"USD","store_environment":"Sandbox",\
                "original_transaction_id":"41","original_out_trade_no":"T0","app_auth_token":"2021****9c0d","auth_appid":"2021000000000077",\
                "seller_id":"2088000000000077"}""");
    }

    @Test
    void what_is_not_known_of_an_unpaid_order_is_absent() {
        assertThat(OrderPayload.of(unpaid())).hasToString("""
                {"_id":"00000000-0000-0001-0000-000000000002","pid":"m1","out_trade_no":"T1","status":0,"type":"goods",\
                "description":"Tea","total_fee":990,"refund_fee":0,"refund_num":0,"refund_list":[],"platform":"h5",\
                "uni_platform":"web","custom":{"table":7},"create_date":1000}""");
    }

    @Test
    void a_publishable_key_reads_number_status_amount_and_times() {
        assertThat(OrderPayload.forClient(refunded())).hasToString("""
                {"out_trade_no":"T1","status":2,"total_fee":990,"user_order_success":true,"create_date":1000,\
                "pay_date":2000,"notify_date":3000}""");
        assertThat(OrderPayload.forClient(unpaid())).hasToString("""
                {"out_trade_no":"T1","status":0,"total_fee":990,"create_date":1000}""");
    }

    @Test
    void webhooks_and_handlers_find_the_keys_of_custom_beside_the_others() {
        var beside = OrderPayload.withCustomBeside(unpaid());

        assertThat(beside.getInt("table")).isEqualTo(7);
        assertThat(beside.getJsonObject("custom").getInt("table")).isEqualTo(7);
    }

    @Test
    void custom_may_have_no_key_that_an_order_uses() {
        assertThat(OrderPayload.FIELDS)
                .containsAll(OrderPayload.of(refunded()).keySet())
                .contains("cancel_date");
    }

    @Nested
    class The_table_in_docs_api {
        @Test
        void has_every_field_and_no_other() throws IOException {
            assertThat(table().keySet()).isEqualTo(OrderPayload.FIELDS);
        }

        @Test
        void says_which_are_always_there() throws IOException {
            assertThat(present("always")).isEqualTo(OrderPayload.of(unpaid()).keySet());
        }

        @Test
        void says_which_are_never_there() throws IOException {
            var written = new TreeSet<>(OrderPayload.of(refunded()).keySet());
            written.add("cancel_date");
            var never = new TreeSet<>(OrderPayload.FIELDS);
            never.removeAll(written);

            assertThat(present("never")).isEqualTo(never);
        }

        @Test
        void says_their_types() throws IOException {
            var table = table();

            OrderPayload.of(refunded())
                    .forEach((name, value) -> assertThat(table.get(name).get(0))
                            .as(name)
                            .contains(
                                    switch (value.getValueType()) {
                                        case STRING -> "text";
                                        case NUMBER -> "number";
                                        case OBJECT -> "object";
                                        case ARRAY -> "list";
                                        case TRUE, FALSE -> "true, false";
                                        case NULL -> "null";
                                    }));
        }

        private Set<String> present(String when) throws IOException {
            var names = new TreeSet<String>();
            table().forEach((name, columns) -> {
                if (columns.get(1).equals(when)) names.add(name);
            });
            return names;
        }

        /** Each field's type, and when it is present. */
        private Map<String, List<String>> table() throws IOException {
            var page = Files.readString(Path.of("docs/api.md"));
            var begin = page.indexOf("| field | type | present | |", page.indexOf("### The order record"));
            var rows = new TreeMap<String, List<String>>();
            Pattern.compile("(?m)^\\| `(\\w+)` \\| ([^|]+) \\| ([^|]+) \\|")
                    .matcher(page.substring(begin, page.indexOf("\n\n", begin)))
                    .results()
                    .forEach(row -> rows.put(row.group(1), List.of(row.group(2), row.group(3))));
            return rows;
        }
    }

    private static OrderView refunded() {
        var refund = new RefundView(
                UUID.randomUUID(),
                "T1-1",
                "R1",
                Money.fen(90),
                "broken",
                RefundCause.MERCHANT,
                RefundState.SUCCEEDED,
                Optional.of("50"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Instant.ofEpochMilli(3500),
                at(4000));
        return order(
                OrderStatus.PARTLY_REFUNDED,
                new OrderView.Payer(
                        Optional.of("u1"),
                        Optional.of("Li"),
                        "app-plus",
                        Optional.of("wx1"),
                        Optional.of("1.2.3.4"),
                        Optional.of("o1"),
                        Optional.of("auto")),
                new OrderView.Payment(
                        Optional.of(PayType.of("wxpay_h5")),
                        Optional.of("1600"),
                        Optional.of("wx2"),
                        Optional.of("42"),
                        at(2000),
                        at(3000),
                        Optional.of(OrderView.LearntBy.NOTIFICATION),
                        Optional.of("{\"said\":\"paid\"}"),
                        Optional.of("https://pay.example:8443/notify/wxpay/7"),
                        Optional.of("{\"form\":\"field\"}"),
                        new OrderView.Partner(
                                Optional.of("2021****9c0d"),
                                Optional.of("2021000000000077"),
                                Optional.of("2088000000000077")),
                        Optional.of(new OrderView.Store(
                                Optional.of(new Money(99, "USD")), "Sandbox", Optional.of("41"), Optional.of("T0")))),
                new OrderView.Refunded(Money.fen(90), 1, List.of(refund)),
                Optional.of(true));
    }

    private static OrderView unpaid() {
        return order(
                OrderStatus.UNPAID,
                new OrderView.Payer(
                        Optional.empty(),
                        Optional.empty(),
                        "h5",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                new OrderView.Payment(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        new OrderView.Partner(Optional.empty(), Optional.empty(), Optional.empty()),
                        Optional.empty()),
                new OrderView.Refunded(Money.fen(0), 0, List.of()),
                Optional.empty());
    }

    private static OrderView order(
            OrderStatus status,
            OrderView.Payer payer,
            OrderView.Payment payment,
            OrderView.Refunded refunded,
            Optional<Boolean> handled) {
        return new OrderView(
                ID,
                "m1",
                Mode.TEST,
                "T1",
                status == OrderStatus.UNPAID ? OrderState.UNPAID : OrderState.PAID,
                status,
                new OrderView.Content(
                        "goods",
                        "Tea",
                        Money.fen(990),
                        "{\"table\":7}",
                        status == OrderStatus.UNPAID ? Optional.empty() : Optional.of("{\"buy_quantity\":3}")),
                payer,
                payment,
                refunded,
                Instant.ofEpochMilli(1000),
                Instant.ofEpochMilli(9000),
                Optional.empty(),
                handled,
                Optional.empty());
    }

    private static Optional<Instant> at(long millis) {
        return Optional.of(Instant.ofEpochMilli(millis));
    }
}
