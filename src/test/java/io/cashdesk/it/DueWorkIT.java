package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.JsonValue;
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
        assertThat(secondsToFirstQuery(shop, "wxpay")).isEqualTo(5);
        for (int i = 0; i < 20; i++) paidByNotification(shop);

        Eventually.within(Duration.ofSeconds(20), "proved", () -> secondsToFirstQuery(shop, "wxpay") == 60);
        assertThat(secondsToFirstQuery(shop, "alipay")).as("another account").isEqualTo(5);

        var receipts = "update receipt set notified = false where id in (select r.id from receipt r join merchant m on"
                + " m.id = r.merchant_id where m.pid = 'due-proof' order by r.id desc limit %d)";
        TestDatabase.execute(node.dbUrl(), receipts.formatted(2));
        Eventually.within(Duration.ofSeconds(20), "not relied on", () -> secondsToFirstQuery(shop, "wxpay") == 5);

        paidByNotification(shop); // 19 of the last 20 again, once one of the two is the 21st
        TestDatabase.execute(node.dbUrl(), receipts.formatted(2).replace("false", "true"));
        Eventually.within(Duration.ofSeconds(20), "proved again", () -> secondsToFirstQuery(shop, "wxpay") == 60);
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

        for (var look : new String[] {
            "select id from attempt where next_step = 'QUERY' and next_query_at <= now() - interval '1 day' order by next_query_at limit 200",
            "select id from refund where next_query_at <= now() - interval '1 day' order by next_query_at limit 200",
            "select id from pay_order where state = 'UNPAID' and needs_person is null and next_close_at <= now() - interval '1 day' order by next_close_at limit 200"
        }) {
            var plan = TestDatabase.text(node.dbUrl(), "explain (analyze, buffers, costs off, format json) " + look);
            var buffers = plan.replaceAll("(?s).*?\"Shared Hit Blocks\": (\\d+).*", "$1");
            assertThat(Integer.parseInt(buffers)).as(plan).isLessThan(30);
        }
        TestDatabase.execute(
                node.dbUrl(),
                "update attempt set state = 'CLOSED', next_query_at = null, next_step = null, claim = null, lease_until = null"
                        + " where attempt_no like '" + no + "x%'");
    }
}
