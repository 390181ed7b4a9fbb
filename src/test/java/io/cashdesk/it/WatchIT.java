package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.Simulator;
import io.cashdesk.testing.TestDatabase;
import io.cashdesk.testing.TestRun;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What an operator sees of broken stored data, and of everything else, in /metrics and /health. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WatchIT extends WatchedNode {
    /** Nested, so that they run on the same node. */
    @Nested
    class Of_partitions extends WatchedPartitions {}

    @Test
    void sums_that_differ_between_an_order_and_its_refunds() {
        var number = paid();

        breaks(
                "books_balance",
                "update pay_order set refund_fee = 1 where out_trade_no = '" + number + "'",
                text("select paid_receipt::text from pay_order where out_trade_no = ?", number),
                "update pay_order set refund_fee = 0 where out_trade_no = '" + number + "'");
    }

    @Test
    void money_set_aside_for_no_refund() {
        var number = paid();

        breaks(
                "books_balance",
                "update receipt set reserved = 5 where order_id = '" + id(number) + "'",
                text("select paid_receipt::text from pay_order where out_trade_no = ?", number),
                "update receipt set reserved = 0 where order_id = '" + id(number) + "'");
    }

    @Test
    void held_money_of_an_order_that_needs_no_person() {
        var number = paid();
        var receipt = text("select paid_receipt::text from pay_order where out_trade_no = ?", number);

        breaks(
                "held_money_is_shown",
                "update receipt set kind = 'DUPLICATE', disposition = 'HELD' where id = '" + receipt + "'",
                receipt,
                "update receipt set kind = 'ORDER', disposition = 'COUNTED' where id = '" + receipt + "'");
    }

    @Test
    void a_settlement_that_no_job_goes_on_with() {
        var number = paid();
        var receipt = text("select paid_receipt::text from pay_order where out_trade_no = ?", number);

        breaks(
                "settlements_move_on",
                """
                insert into settlement (merchant_id, id, version, order_id, receipt_id, attempt_id, account_id, mode,
                    provider, merchant_no, settlement_no, amount, currency, paid_at, created_at, state, tries,
                    person_required, parts)
                select merchant_id, id, 0, order_id, id, attempt_id, account_id, 'TEST', provider, merchant_no,
                    transaction_id, amount, currency, paid_at, now(), 'PROCESSING', 1, false, ''
                from receipt
                where id = '%s'
                """.formatted(receipt),
                receipt,
                "delete from settlement where id = '" + receipt + "'");
    }

    @Test
    void an_order_that_is_closed_and_paid() {
        var number = paid();

        breaks(
                "closed_or_paid",
                "update pay_order set closed_at = now() where out_trade_no = '" + number + "'",
                id(number),
                "update pay_order set closed_at = null where out_trade_no = '" + number + "'");
    }

    @Test
    void a_payment_without_its_evidence() {
        var number = paid();

        breaks(
                "success_has_evidence",
                "update order_event set kind = 'lost' where kind = 'money.order' and order_id = '" + id(number) + "'",
                "receipt",
                "update order_event set kind = 'money.order' where kind = 'lost'");
    }

    @Test
    void an_event_that_is_missing_from_the_outbox() {
        var number = paid();

        breaks(
                "news_is_in_the_outbox",
                """
                update webhook_event
                set type = 'lost'
                where order_id = '%s' and type = 'payment.paid'
                """.formatted(id(number)),
                "payment.paid of order " + id(number),
                "update webhook_event set type = 'payment.paid' where type = 'lost'");
    }

    @Test
    void an_order_that_is_still_open_long_after_its_deadline() {
        var number = Shop.number();
        node.createPayment(key, "wxpay", number, 990);

        breaks(
                "payments_move_on",
                "update pay_order set expires_at = now() - interval '1 hour' where out_trade_no = '" + number + "'",
                "order " + id(number),
                "update pay_order set expires_at = now() + interval '1 hour' where out_trade_no = '" + number + "'");
    }

    @Test
    void an_attempt_that_is_never_queried() {
        var number = Shop.number();
        node.createPayment(key, "wxpay", number, 990);

        whileTheSweeperPassesOver(
                "attempt where attempt_no = '" + number + "'",
                () -> breaks(
                        "payments_move_on",
                        "update attempt set next_query_at = now() - interval '1 hour' where attempt_no = '" + number
                                + "'",
                        "attempt",
                        "update attempt set next_query_at = now() + interval '1 hour' where attempt_no = '" + number
                                + "'"));
    }

    @Test
    void a_refund_that_is_never_queried() {
        var number = paid();
        new Simulator(node).setFault(number, "REFUND_SLOW");
        node.pay("refund", key, "{\"out_trade_no\":\"" + number + "\"}");

        whileTheSweeperPassesOver("refund where order_id = '" + id(number) + "'", () -> {
            breaks(
                    "refunds_move_on",
                    "update refund set next_query_at = now() - interval '1 hour' where order_id = '" + id(number) + "'",
                    "refund",
                    "update refund set next_query_at = now() + interval '1 hour' where order_id = '" + id(number)
                            + "'");
            assertThat(metric("cashdesk_refunds{state=\"PROCESSING\"}")).isPositive();
        });
    }

    /**
     * Locks these rows as a foreign key would, so that they can be changed, and the sweeper, which passes over locked
     * rows, does not claim them.
     */
    private static void whileTheSweeperPassesOver(String rows, Runnable work) {
        try (var connection = DriverManager.getConnection(node.dbUrl());
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select id from " + rows + " for key share");
            work.run();
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Locks the endpoints, so that no delivery to them is claimed. */
    private static void whileNoDeliveryIsClaimed(Runnable work) {
        try (var connection = DriverManager.getConnection(node.dbUrl());
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select id from webhook_endpoint for update");
            work.run();
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_delivery_that_is_never_claimed() {
        try (var shop = new MerchantServer()) {
            shop.answers(500, "not now");
            node.manage(
                    "PUT",
                    "merchants/watch-it/webhooks/shop",
                    Json.createObjectBuilder().add("url", shop.url()).add("mode", "test"));
            var number = paid();
            var delivery = text(
                    "select d.id::text from webhook_delivery d join webhook_event e on e.id = d.event_id where e.order_id = ?::uuid",
                    id(number));
            Eventually.within(
                    Duration.ofSeconds(10),
                    "tried",
                    () -> TestDatabase.number(
                                    node.dbUrl(), "select tries from webhook_delivery where id = ?::uuid", delivery)
                            > 0);

            var due = "update webhook_delivery set next_at = now() + interval '%d hours' where id = '" + delivery + "'";

            whileNoDeliveryIsClaimed(() -> {
                execute(due.formatted(-1));
                checkNow();
                assertThat(invariant("deliveries_move_on").getString("state"))
                        .as("its endpoint fails and is served last")
                        .isEqualTo("holds");
                breaks("deliveries_move_on", due.formatted(-7), "delivery " + delivery, due.formatted(1));
            });
            execute("update webhook_endpoint set failing_since = null, failures = 0");
            whileNoDeliveryIsClaimed(
                    () -> breaks("deliveries_move_on", due.formatted(-1), "delivery " + delivery, due.formatted(1)));
            assertThat(metric("cashdesk_webhook_deliveries{state=\"waiting\"}")).isEqualTo(1);
        }
    }

    @Test
    void a_paid_order_whose_handler_is_never_called() {
        var order = id(paid());

        breaks(
                "handlers_move_on",
                """
                insert into handler_run (merchant_id, id, version, order_id, state, tries, round, round_tries, round_at,
                    next_at, created_at)
                select merchant_id, gen_random_uuid(), 0, id, 'WAITING', 0, 1, 0, now(), now() - interval '1 hour', now()
                from pay_order
                where id = '%s'
                """.formatted(order),
                "order " + order,
                "delete from handler_run where order_id = '" + order + "'");
    }

    @Test
    void deliveries_that_wait_for_a_disabled_endpoint_break_no_invariant() {
        node.manage(
                "PUT",
                "merchants/watch-it/webhooks/idle",
                Json.createObjectBuilder()
                        .add("url", "https://idle.example/")
                        .add("mode", "test")
                        .add("events", Json.createArrayBuilder().add("payment.closed")));
        execute("""
                update webhook_endpoint
                set enabled = false, disabled_at = now(), disabled_because = 'BY_HAND'
                where name = 'idle'
                """);
        var number = paid();
        execute("""
                insert into webhook_delivery (merchant_id, id, version, event_id, endpoint_id, state, tries,
                    created_at, next_at, round_at, round_tries)
                select v.merchant_id, gen_random_uuid(), 0, v.id, e.id, 'WAITING', 0, now() - interval '9 days',
                    now() - interval '9 days', now() - interval '9 days', 0
                from webhook_event v, webhook_endpoint e
                where v.order_id = '%s' and v.type = 'payment.paid' and e.name = 'idle'
                """.formatted(id(number)));
        checkNow();

        assertThat(metric("cashdesk_webhook_deliveries{state=\"waiting\"}")).isPositive();
        assertThat(invariant("deliveries_move_on").getString("state")).isEqualTo("holds");
        assertThat(metric("cashdesk_webhook_oldest_waiting_seconds"))
                .isLessThan((double) Duration.ofDays(1).toSeconds());

        execute(
                "delete from webhook_delivery where endpoint_id = (select id from webhook_endpoint where name = 'idle')");
    }

    @Test
    void a_job_that_is_gone() {
        breaks("jobs_run", """
                update recurring_tasks
                set task_name = 'gone', execution_time = now() + interval '1 day'
                where task_name = 'delete-old-rows'
                """, "job delete-old-rows", """
                        update recurring_tasks
                        set task_name = 'delete-old-rows', execution_time = now()
                        where task_name = 'gone'
                        """);
    }

    @Test
    void a_broken_invariant_is_logged_once_for_each_change() throws IOException {
        var number = paid();
        var closed = "update pay_order set closed_at = %s where out_trade_no = '" + number + "'";
        var log = TestRun.directory().resolve("nodes/watch/server.log");

        execute(closed.formatted("now()"));
        checkNow();
        checkNow();
        execute(closed.formatted("null"));
        checkNow();

        var lines = Files.readAllLines(log);
        assertThat(lines.stream().filter(l -> l.contains("closed_or_paid is broken") && l.contains(id(number))))
                .hasSize(1);
        assertThat(lines.stream().filter(l -> l.contains("closed_or_paid holds again")))
                .isNotEmpty();
    }

    @Test
    void orders_that_need_a_person_are_counted_apart() {
        var number = Shop.number();
        node.createPayment(key, "wxpay", number, 990);
        var before = metric("cashdesk_orders{state=\"needs_person\"}");

        execute("""
                update pay_order
                set needs_person = 'look', needs_person_since = now(), expires_at = now() - interval '1 day',
                    open_reasons = '[{"id": "019abb12-0000-7000-8000-000000000000", "reason": "look"}]'
                where out_trade_no = '%s'
                """.formatted(number));
        checkNow();

        assertThat(metric("cashdesk_orders{state=\"needs_person\"}")).isEqualTo(before + 1);
        assertThat(health().getInt("needs_person")).isEqualTo((int) before + 1);
        assertThat(invariant("payments_move_on").getString("state")).isEqualTo("holds");
    }

    @Test
    void events_are_counted() {
        var opened = orZero(metric("cashdesk_order_news_total{mode=\"test\",news=\"order.opened\"}"));
        var paid = orZero(metric("cashdesk_order_news_total{mode=\"test\",news=\"payment.paid\"}"));
        var fen = orZero(metric("cashdesk_paid_fen_total{mode=\"test\"}"));

        paid();

        assertThat(metric("cashdesk_order_news_total{mode=\"test\",news=\"order.opened\"}"))
                .isEqualTo(opened + 1);
        assertThat(metric("cashdesk_order_news_total{mode=\"test\",news=\"payment.paid\"}"))
                .isEqualTo(paid + 1);
        assertThat(metric("cashdesk_paid_fen_total{mode=\"test\"}")).isEqualTo(fen + 990);
        assertThat(metric("cashdesk_notifications_total{provider=\"wxpay\",status=\"200\"}"))
                .isPositive();
        assertThat(metric("cashdesk_http_requests_total{route=\"/api/pay/createPayment\",status=\"200\"}"))
                .isPositive();
        assertThat(metrics())
                .containsPattern(
                        "cashdesk_provider_calls_total\\{account=\"[-0-9a-f]{36}\",outcome=\"answered\",provider=\"wxpay\"} ")
                .containsPattern("cashdesk_provider_call_seconds_bucket\\{provider=\"wxpay\",le=\"1.0\"} ")
                .contains(
                        "cashdesk_database_up 1.0", "jvm_memory_used_bytes", "process_open_fds", "jvm_threads_current")
                .contains(
                        "cashdesk_database_connections{state=",
                        "cashdesk_job_overdue_seconds{job=\"check-invariants\"}")
                .contains("cashdesk_node_job_idle_seconds{job=\"sweep-attempts\"}")
                .containsPattern("cashdesk_provider_circuit_open\\{account=\"[-0-9a-f]{36}\"} 0.0")
                .contains("cashdesk_waiting_requests", "cashdesk_listening 1.0", "cashdesk_development 1.0")
                .doesNotContain(key, "sk_test");
    }

    private static double orZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    @Test
    void metrics_need_the_token_and_are_absent_without_the_setting() {
        var elsewhere = Nodes.shared().call("GET", "/metrics", TOKEN, null);
        var none = node.call("GET", "/metrics", null, null);
        var wrong = node.call("GET", "/metrics", TOKEN + "x", null);
        var wrongHealth = node.call("GET", "/health", TOKEN + "x", null);
        var plain = node.call("GET", "/health", null, null);

        assertThat(elsewhere.status()).isEqualTo(404);
        assertThat(none.status()).isEqualTo(401);
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.json().getInt("code")).isEqualTo(4009);
        assertThat(wrongHealth.status()).isEqualTo(401);
        assertThat(plain.status()).isEqualTo(200);
        assertThat(plain.json().keySet())
                .containsExactlyInAnyOrder(
                        "status", "database", "clock", "clock_offset_ms", "listening", "waiting", "development");
    }

    @Test
    void health_with_the_token_describes_the_database_and_the_jobs() {
        var health = health();

        assertThat(health.getString("status")).isEqualTo("UP");
        assertThat(health.getJsonObject("postgresql").getBoolean("standby")).isFalse();
        assertThat(health.getJsonObject("postgresql").getString("synchronous_commit"))
                .isNotEmpty();
        assertThat(health.getJsonArray("jobs").getValuesAs(JsonObject.class))
                .extracting(j -> j.getString("job"))
                .contains("check-invariants", "delete-old-rows");
        assertThat(health.getJsonArray("invariants")).hasSize(CHECKS);
        assertThat(node.call("GET", "/metrics", TOKEN, null).contentType())
                .startsWith("text/plain;")
                .contains("version=0.0.4");
    }
}
