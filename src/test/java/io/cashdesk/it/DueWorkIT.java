package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.JsonValue;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** How the sweeper finds what is due, and when it queries. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DueWorkIT {
    private final Node node = Nodes.shared();

    /** Rows like the order with this number, without attempts, each with a number and token of its own. */
    private static final String COPIES_OF_ORDER = """
            insert into pay_order
            select made.*
            from pay_order o
            cross join generate_series(1, %d) i
            cross join lateral jsonb_populate_record(o, jsonb_build_object(
                'id', gen_random_uuid(), 'out_trade_no', o.out_trade_no || 'x' || i,
                'checkout_token', o.checkout_token || i, 'expires_at', now() - interval '1 s',
                'next_close_at', now() - interval '1 s')) made
            where o.out_trade_no = '%s'
            """;

    /** For each copied order a copy of the attempt, due at this moment. */
    private static final String COPIES_OF_ATTEMPT = """
            insert into attempt
            select made.*
            from pay_order o
            join attempt a on a.order_id = o.id
            join pay_order c on c.out_trade_no like o.out_trade_no || 'x%%'
            cross join lateral jsonb_populate_record(a, jsonb_build_object(
                'id', gen_random_uuid(), 'order_id', c.id, 'attempt_no', c.out_trade_no,
                'next_query_at', %s)) made
            where o.out_trade_no = '%s'
            """;

    private long number(String sql, Object... parameters) {
        return TestDatabase.number(node.dbUrl(), sql, parameters);
    }

    /** Seconds from its creation until the first query about a new order. */
    private long secondsToFirstQuery(Shop shop, String provider) {
        var no = Shop.number();
        shop.create(provider, JsonValue.NULL, Shop.order(no));
        return number(
                "select round(extract(epoch from next_query_at - created_at)) from attempt where attempt_no = ?", no);
    }

    /** A payment about which nothing queries, so that the notification reports it first. */
    private void paidByNotification(Shop shop) {
        var no = Shop.number();
        shop.create("wxpay", JsonValue.NULL, Shop.order(no));
        shop.pay(no);
        Eventually.within(
                Duration.ofSeconds(20),
                no + " is paid",
                () -> number("select count(*) from pay_order where out_trade_no = ? and notify_mode = 1", no) == 1);
    }

    @Test
    void an_account_whose_notifications_arrive_is_queried_rarely_until_two_of_twenty_are_missed() {
        var shop = new Shop("due-proof");
        assertThat(secondsToFirstQuery(shop, "wxpay")).isBetween(5L, 12L); // after the answer of the provider
        for (int i = 0; i < 20; i++) paidByNotification(shop);

        Eventually.within(Duration.ofSeconds(20), "proved", () -> secondsToFirstQuery(shop, "wxpay") == 60);
        assertThat(secondsToFirstQuery(shop, "alipay")).as("another account").isBetween(5L, 12L);

        newestReceiptsWereNotified(2, false);
        Eventually.within(
                Duration.ofSeconds(30), "18 of 20 are not enough", () -> secondsToFirstQuery(shop, "wxpay") <= 12);

        newestReceiptsWereNotified(1, true);
        Eventually.within(
                Duration.ofSeconds(30), "19 of 20 are enough", () -> secondsToFirstQuery(shop, "wxpay") == 60);
    }

    private void newestReceiptsWereNotified(int many, boolean notified) {
        TestDatabase.execute(node.dbUrl(), """
                update receipt
                set notified = %s
                where id in (
                    select r.id from receipt r join merchant m on m.id = r.merchant_id
                    where m.pid = 'due-proof'
                    order by r.id desc
                    limit %d)
                """.formatted(notified, many));
    }

    @Test
    void orders_without_an_open_attempt_are_closed_by_the_thousand() {
        var shop = new Shop("due-close");
        var no = Shop.number();
        node.createCheckout(shop.key, no);
        TestDatabase.execute(node.dbUrl(), COPIES_OF_ORDER.formatted(3_000, no));
        var closed = "select count(*) from pay_order where out_trade_no like ? and state = 'CLOSED'";

        Eventually.within(Duration.ofSeconds(30), "all closed", () -> number(closed, no + "x%") == 3_000);

        assertThat(number(
                        "select count(*) from order_event e join pay_order o on o.id = e.order_id"
                                + " where o.out_trade_no like ? and e.kind = 'closed' and e.detail = 'deadline'",
                        no + "x%"))
                .isEqualTo(3_000);
        assertThat(number(
                        "select count(*) from webhook_event e join pay_order o on o.id = e.order_id"
                                + " where o.out_trade_no like ? and e.type = 'payment.closed'",
                        no + "x%"))
                .isEqualTo(3_000);
        assertThat(number("select count(*) from pay_order where out_trade_no = ? and state = 'UNPAID'", no))
                .isEqualTo(1);
    }

    @Test
    void the_backlog_of_a_slow_account_hides_nothing_of_another() {
        try (var provider = OtherProviderProcess.start()) {
            var slow = provider.liveMerchant(node, "due-slow", false);
            var no = Shop.number();
            node.createPayment(slow, "wxpay", no, 990);
            provider.get("delay?ms=2000");
            TestDatabase.execute(
                    node.dbUrl(),
                    COPIES_OF_ORDER.formatted(3_000, no).replace("now() - interval '1 s'", "o.expires_at"));
            TestDatabase.execute(node.dbUrl(), COPIES_OF_ATTEMPT.formatted("now() - interval '1 hour'", no));
            var shop = new Shop("due-other");
            var other = Shop.number();
            shop.create("wxpay", JsonValue.NULL, Shop.order(other));
            shop.setFault(other, "NOTIFY_LOST");
            shop.pay(other);

            Eventually.within(
                    Duration.ofSeconds(20),
                    "the other account's payment is found",
                    () -> number("select count(*) from pay_order where out_trade_no = ? and state = 'PAID'", other)
                            == 1);
            assertThat(number(
                            "select count(*) from attempt where attempt_no like ? and next_query_at < now() - interval '1 minute'",
                            no + "x%"))
                    .as("what was looked at has a later moment")
                    .isZero();
        } finally {
            TestDatabase.execute(
                    node.dbUrl(),
                    "update attempt a set state = 'CLOSED', next_query_at = null, next_step = null, claim = null,"
                            + " lease_until = null from merchant m where m.id = a.merchant_id and m.pid = 'due-slow'");
            TestDatabase.execute(
                    node.dbUrl(),
                    "delete from account_rest r using merchant m where m.id = r.merchant_id and m.pid = 'due-slow'");
        }
    }

    @Test
    void the_look_for_due_work_reads_what_is_due_and_nothing_else() {
        var shop = new Shop("due-cost");
        var no = Shop.number();
        shop.create("wxpay", JsonValue.NULL, Shop.order(no));
        TestDatabase.execute(
                node.dbUrl(), COPIES_OF_ORDER.formatted(5_000, no).replace("now() - interval '1 s'", "o.expires_at"));
        TestDatabase.execute(node.dbUrl(), COPIES_OF_ATTEMPT.formatted("now() + interval '1 hour'", no));
        TestDatabase.execute(node.dbUrl(), "analyze attempt");
        TestDatabase.execute(node.dbUrl(), "analyze pay_order");

        assertThat(buffersOf("""
                select merchant_id, id from attempt
                where next_step = $1 and next_query_at <= $2
                order by next_query_at
                limit $3
                for update skip locked""", "text, timestamptz, int", "'QUERY', now() - interval '1 day', 200"))
                .isLessThan(30);
        assertThat(buffersOf("""
                select merchant_id, id from refund
                where next_query_at <= $1
                order by next_query_at
                limit $2
                for update skip locked""", "timestamptz, int", "now() - interval '1 day', 200"))
                .isLessThan(30);
        assertThat(buffersOf("""
                select o.merchant_id, o.id
                from pay_order o
                where o.state = 'UNPAID' and o.needs_person is null and o.next_close_at <= $1
                order by o.next_close_at
                limit $2
                for update skip locked""", "timestamptz, int", "now() - interval '1 day', 200"))
                .isLessThan(30);
        TestDatabase.execute(
                node.dbUrl(),
                "update attempt set state = 'CLOSED', next_query_at = null, next_step = null, claim = null, lease_until = null"
                        + " where attempt_no like '" + no + "x%'");
    }

    /** Pages that a prepared statement reads under a plan that holds for all parameters, as the server uses in time. */
    private int buffersOf(String statement, String types, String parameters) {
        try (var connection = DriverManager.getConnection(node.dbUrl());
                var sql = connection.createStatement()) {
            sql.execute("set plan_cache_mode = force_generic_plan");
            sql.execute("prepare look(" + types + ") as " + statement);
            try (var plan = sql.executeQuery(
                    "explain (analyze, buffers, costs off, format json) execute look(" + parameters + ")")) {
                plan.next();
                return Integer.parseInt(plan.getString(1).replaceAll("(?s).*?\"Shared Hit Blocks\": (\\d+).*", "$1"));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
