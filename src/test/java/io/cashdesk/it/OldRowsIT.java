package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What the job {@code delete-old-rows} deletes and what it leaves, on a node with the default settings. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OldRowsIT {
    /** Tables of a merchant whose rows belong to no order. */
    private static final Set<String> KEPT = Set.of(
            "api_key_merchant",
            "provider_account",
            "account_rest",
            "webhook_endpoint",
            "sim_account",
            "sim_wechat_app",
            "access_token",
            "wallet_session",
            "epay_access");

    private static String url() {
        return Nodes.shared().dbUrl();
    }

    private static void execute(String sql) {
        TestDatabase.execute(url(), sql);
    }

    private static long number(String sql, Object... parameters) {
        return TestDatabase.number(url(), sql, parameters);
    }

    private static String text(String sql, Object... parameters) {
        return TestDatabase.text(url(), sql, parameters);
    }

    /** Runs the job once more. */
    private static void deleteOldRows() {
        var before = text("select now()::text");
        Eventually.within(Duration.ofSeconds(30), "the job has run", () -> {
            execute("""
                    update recurring_tasks set execution_time = now()
                    where task_name = 'delete-old-rows' and not picked and execution_time > now()
                        and coalesce(last_success, '-infinity') < '%s'
                    """.formatted(before));
            return number(
                            "select count(*) from recurring_tasks where task_name = 'delete-old-rows' and last_success > ?::timestamptz",
                            before)
                    == 1;
        });
    }

    private static void age(String pid, int days) {
        for (var table : Set.of("pay_order", "webhook_event", "coin_operation", "store_return")) {
            execute("""
                    update %s set created_at = created_at - interval '%d days'
                    where merchant_id = (select id from merchant where pid = '%s')
                    """.formatted(table, days, pid));
        }
    }

    /** A merchant with one order that has rows in every table: paid, refunded, delivered, handled. */
    private static Shop full(String pid, MerchantServer server) {
        var shop = new Shop(pid);
        shop.node.manage(
                "PUT",
                "merchants/" + pid + "/webhooks/shop",
                Json.createObjectBuilder().add("url", server.url()).add("mode", "test"));
        var order = shop.paid("wxpay");
        assertThat(shop.call("refund", "{\"out_trade_no\":\"" + order + "\"}").status())
                .isEqualTo(200);
        Eventually.within(
                Duration.ofSeconds(20), "all is delivered", () -> number("""
                        select count(*) from webhook_delivery d join merchant m on m.id = d.merchant_id
                        where m.pid = ? and d.state = 'ACKNOWLEDGED'
                        """, pid) == 2 && number("""
                        select count(*) from notification_applied n join merchant m on m.id = n.merchant_id
                        where m.pid = ?
                        """, pid) == 2);
        execute("""
                insert into handler_run (merchant_id, id, version, order_id, state, tries, round, round_tries, round_at,
                    created_at, succeeded_at)
                select merchant_id, gen_random_uuid(), 0, id, 'SUCCEEDED', 1, 1, 1, now(), now(), now()
                from pay_order where out_trade_no = '%1$s';
                insert into webhook_event (merchant_id, id, mode, type, subject, payload, created_at)
                select merchant_id, gen_random_uuid(), 'TEST', 'webhook.test', id, '{}', now()
                from pay_order where out_trade_no = '%1$s';
                insert into account_rest (merchant_id, id, version, failures, since, failed_at, rests, until, resting, reason)
                select merchant_id, account_id, 0, 1, now(), now(), 0, now() + interval '1 hour', false, 'no answer'
                from attempt where attempt_no = '%1$s';
                insert into access_token (merchant_id, id, version)
                select merchant_id, account_id, 0 from attempt where attempt_no = '%1$s';
                insert into wallet_session (merchant_id, id, mode, app_id, openid, sealed, logged_in_at)
                select merchant_id, id, 'TEST', '', '%1$s', '', now() from pay_order where out_trade_no = '%1$s';
                insert into epay_access (merchant_id, id, version, pid, mode, enabled, type, sealed_key,
                    sealed_platform_key, platform_key, created_at)
                select merchant_id, id, 0, -abs(hashtext('%1$s')), 'TEST', true, 'goods', '', '', '', now()
                from pay_order where out_trade_no = '%1$s';
                insert into coin_operation (merchant_id, id, account_id, mode, kind, number, of_number, number_made,
                    maybe_done, openid, amount, details, state, created_at, changed_at)
                select merchant_id, id, id, 'TEST', 'PRESENT', '%1$s', '%1$s', false, false, 'o', 1, '', 'DONE', created_at, now()
                from pay_order where out_trade_no = '%1$s';
                insert into store_return (merchant_id, id, mode, provider, merchant_no, transaction_id, refund_no, thousandths,
                    happened_at, evidence, created_at)
                select merchant_id, id, 'TEST', 'appleiap', 'b', '%1$s', '%1$s', 100000, now(), '{}', created_at
                from pay_order where out_trade_no = '%1$s';
                insert into settlement (merchant_id, id, version, order_id, receipt_id, attempt_id, account_id, mode, provider,
                    merchant_no, settlement_no, amount, currency, paid_at, created_at, state, tries, person_required,
                    parts)
                select r.merchant_id, r.id, 0, r.order_id, r.id, r.attempt_id, r.account_id, 'TEST', r.provider,
                    r.merchant_no, '%1$s', r.amount, r.currency, r.paid_at, now(), 'WAITING', 0, false, ''
                from receipt r join pay_order o on o.merchant_id = r.merchant_id and o.id = r.order_id
                where o.out_trade_no = '%1$s';
                insert into payer_refund_request (merchant_id, id, version, order_id, attempt_id, account_id, mode, provider,
                    refund_id, amount, currency, reason, deadline, evidence, created_at, state, tries, refund)
                select f.merchant_id, f.id, 0, f.order_id, r.attempt_id, f.account_id, 'TEST', f.provider,
                    '%1$s', f.amount, f.currency, '', now(), '{}', now(), 'ACCEPTED', 0, f.id
                from refund f
                join receipt r on r.merchant_id = f.merchant_id and r.id = f.receipt_id
                join pay_order o on o.merchant_id = f.merchant_id and o.id = f.order_id
                where o.out_trade_no = '%1$s'
                """.formatted(order));
        return shop;
    }

    /** How many rows a merchant has in every table that has merchant_id. */
    private static Map<String, Long> rows(String pid) {
        var tables = text("""
                select string_agg(c.relname, ' ' order by c.relname)
                from pg_class c join pg_attribute a on a.attrelid = c.oid
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                    and a.attname = 'merchant_id'
                """).split(" ");
        var rows = new TreeMap<String, Long>();
        for (var table : tables) {
            rows.put(
                    table,
                    number(
                            "select count(*) from " + table
                                    + " where merchant_id = (select id from merchant where pid = ?)",
                            pid));
        }
        return rows;
    }

    @Test
    void test_orders_of_91_days_go_with_all_their_rows_and_younger_and_live_ones_stay() {
        try (var server = new MerchantServer()) {
            full("old-tests", server);
            full("young-tests", server);
            full("old-live", server);
            age("young-tests", 89);
            var live =
                    "update %s set mode = 'LIVE' where merchant_id = (select id from merchant where pid = 'old-live')";
            execute(live.formatted("pay_order"));
            execute(live.formatted("webhook_event"));
            execute(live.formatted("coin_operation"));
            execute(live.formatted("store_return"));
            age("old-live", 4_000);
            var young = rows("young-tests");
            var old = rows("old-live");
            assertThat(old)
                    .allSatisfy((table, count) -> assertThat(count).as(table).isPositive());

            age("old-tests", 91);
            deleteOldRows();

            assertThat(rows("old-tests")).allSatisfy((table, count) -> {
                if (KEPT.contains(table)) assertThat(count).as(table).isPositive();
                else assertThat(count).as(table).isZero();
            });
            assertThat(rows("young-tests")).isEqualTo(young);
            assertThat(rows("old-live")).isEqualTo(old);
        }
    }

    @Test
    void an_order_that_is_locked_is_left_until_the_next_run() throws SQLException {
        var shop = new Shop("locked-tests");
        var locked = shop.paid("wxpay");
        var free = shop.paid("alipay");
        var left = "select count(*) from pay_order where out_trade_no = ?";
        try (var connection = DriverManager.getConnection(url());
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select 1 from pay_order where out_trade_no = '" + locked + "' for update");
            execute("update pay_order set created_at = now() - interval '91 days' where out_trade_no = '" + free + "'");
            statement.execute("update pay_order set created_at = now() - interval '91 days' where out_trade_no = '"
                    + locked + "'");
            connection.commit();
            statement.execute("select 1 from pay_order where out_trade_no = '" + locked + "' for no key update");

            deleteOldRows();

            assertThat(number(left, free)).isZero();
            assertThat(number(left, locked)).isEqualTo(1);
            connection.commit();
        }
        deleteOldRows();
        assertThat(number(left, locked)).isZero();
    }

    @Test
    void a_late_notification_about_a_deleted_order_is_answered_like_one_about_an_unknown_attempt() {
        var shop = new Shop("late-tests");
        var order = shop.paid("wxpay");
        age("late-tests", 91);
        deleteOldRows();
        assertThat(rows("late-tests").get("pay_order")).isZero();

        execute("""
                update sim_notice set next_at = now(), tries = 0, status = null
                where trade_id = (select id from sim_trade where number = '%s')
                """.formatted(order));

        Eventually.within(
                Duration.ofSeconds(15),
                "it is stored as not applied",
                () -> number("""
                        select count(*) from notification n join merchant m on m.id = n.merchant_id
                        where m.pid = 'late-tests' and n.verdict = 'NOT_APPLIED' and n.reason like ?
                        """, "%this merchant has no attempt with the number " + order + "%") > 0);
        assertThat(shop.call("queryPayment", "{\"out_trade_no\":\"" + order + "\"}")
                        .status())
                .isEqualTo(404);
        execute("update sim_notice set next_at = null where trade_id = (select id from sim_trade where number = '%s')"
                .formatted(order));
        assertThat(shop.paid("wxpay")).isNotEqualTo(order);
    }

    @Test
    void old_rows_of_the_simulator_and_the_demo_shop_go_and_young_ones_stay() {
        var shop = new Shop("old-trades");
        var old = shop.paid("wxpay");
        var alipay = shop.paid("alipay");
        var young = shop.paid("wxpay");
        for (var number : Set.of(old, alipay, young)) shop.setFault(number, "REFUND_SLOW");
        shop.call("refund", "{\"out_trade_no\":\"" + old + "\"}");
        addOldRows(old, alipay);

        deleteOldRows();

        noOldRowIsLeft();
        assertThat(number("select count(*) from sim_trade where number in (?, ?)", old, alipay))
                .as("younger than their own times say, if a tester moves these back")
                .isEqualTo(2);
        assertThat(number("select count(*) from demo_webhook where order_no = 'old'"))
                .isZero();
        assertThat(number("select count(*) from demo_order where no = 'young'")).isEqualTo(1);
        for (var table : Set.of("sim_trade", "sim_log", "sim_dial")) {
            assertThat(number("select count(*) from " + table + " where number = ?", young))
                    .as(table)
                    .isPositive();
        }
        execute("delete from demo_order where no = 'young'");
    }

    /** In every table of the simulator and the demo shop; copies of these two trades are old by their ids. */
    private static void addOldRows(String old, String alipay) {
        execute("""
                insert into sim_wechat_code select 'old', id, 'old', now() - interval '91 days' from sim_account limit 1;
                insert into sim_wechat_login values ('old', '', '', 'PAGE', '', false, 0, now() - interval '91 days', null);
                insert into sim_wechat_token values ('old', '', now() - interval '91 days', now(), false, false);
                insert into sim_wechat_bill select 'old', id, now() - interval '91 days', false, '' from sim_account limit 1;
                insert into sim_wechat_v2_asked values ('01800000-0000-7000-8000-000000000000', 'MD5');
                insert into sim_douyin_token select 'old', id, now() - interval '91 days', now(), false from sim_account limit 1;
                insert into sim_alipay_code select 'old', id, 'old', now() - interval '91 days' from sim_account limit 1;
                insert into sim_alipay_login values ('old', '', false, now() - interval '91 days', false);
                insert into sim_alipay_bill values ('old', now() - interval '91 days', '', '');
                insert into sim_virtual_coin_entry
                    select cast('01800000-0000-7000-8000-000000000000' as uuid), id, 'old', '', 0, 'GIVEN', 1, 1, '', now()
                    from sim_account limit 1;
                insert into sim_virtual_bill select 'old', id, '', now() - interval '91 days', '' from sim_account limit 1;
                insert into demo_order values ('old', 'TEA', 1, now() - interval '91 days', null);
                insert into demo_order values ('young', 'TEA', 1, now() - interval '89 days', null);
                insert into demo_refund values ('old-R1', 'old', 1, 'merchant', 'success', '', now() - interval '91 days', null);
                insert into demo_webhook values (gen_random_uuid(), 'old', '', true, '', '', '', now(), 1);
                insert into sim_trade
                select cast('01800000-0000-7000-8000-' || right(cast(id as text), 12) as uuid), account_id, provider,
                    'old ' || number, 'old ' || code, amount, subject, notify_url, request, state, reported,
                    transaction_id, faults, expires_at, created_at, paid_at
                from sim_trade where number in ('%1$s', '%2$s');
                update sim_notice n set trade_id = o.id
                from sim_trade t join sim_trade o on o.number = 'old ' || t.number
                where t.id = n.trade_id and t.number in ('%1$s', '%2$s');
                insert into sim_log
                select cast('01800000-0000-7000-8000-' || right(cast(id as text), 12) as uuid), account_id, number, at,
                    way, what, verdict, why, status, headers, body, plain
                from sim_log where number in ('%1$s', '%2$s');
                update sim_trade set created_at = now() - interval '366 days' where number in ('%1$s', '%2$s');
                update sim_dial set made_at = now() - interval '91 days' where number in ('%1$s', '%2$s')
                """.formatted(old, alipay));
    }

    private static void noOldRowIsLeft() {
        for (var column : text("""
                select string_agg(table_name || ' ' || column_name, ',')
                from information_schema.columns
                where table_name ~ '^(sim|demo)_' and column_name in ('created_at', 'made_at')
                    and table_name <> 'sim_trade'
                """).split(",")) {
            var table = column.split(" ")[0];
            assertThat(number("select count(*) from " + table + " where " + column.split(" ")[1]
                            + " < now() - interval '90 days'"))
                    .as(column)
                    .isZero();
        }
        for (var column : Set.of(
                "sim_trade id",
                "sim_notice trade_id",
                "sim_log id",
                "sim_wechat_v2_asked id",
                "sim_virtual_coin_entry id")) {
            var part = column.split(" ");
            assertThat(number("select count(*) from " + part[0] + " where " + part[1]
                            + " < '01900000-0000-7000-8000-000000000000'"))
                    .as(column)
                    .isZero();
        }
    }

    @Test
    void many_old_keys_of_repetitions_are_deleted_and_young_ones_stay() {
        var shop = new Shop("old-repeat-keys");
        shop.paid("wxpay");
        execute("""
                insert into notification_applied (merchant_id, account_id, repeat_key, notification_id, applied_at)
                select merchant_id, account_id, 'repeat ' || days, gen_random_uuid(), now() - make_interval(days => days)
                from attempt, generate_series(1, 1500) days
                where merchant_id = (select id from merchant where pid = 'old-repeat-keys')
                """);

        deleteOldRows();

        assertThat(number("select count(*) from notification_applied where repeat_key like 'repeat %'"))
                .isEqualTo(399);
    }
}
