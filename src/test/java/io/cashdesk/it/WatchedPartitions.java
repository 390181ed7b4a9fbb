package io.cashdesk.it;

import static io.cashdesk.it.WatchedNode.breaks;
import static io.cashdesk.it.WatchedNode.checkNow;
import static io.cashdesk.it.WatchedNode.execute;
import static io.cashdesk.it.WatchedNode.id;
import static io.cashdesk.it.WatchedNode.invariant;
import static io.cashdesk.it.WatchedNode.metric;
import static io.cashdesk.it.WatchedNode.node;
import static io.cashdesk.it.WatchedNode.paid;
import static io.cashdesk.it.WatchedNode.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What an operator sees of rows in the wrong partition, missing partitions, and dropped ones. */
@DisplayNameGeneration(ReplaceUnderscores.class)
abstract class WatchedPartitions {
    /** Runs the job that makes partitions, now instead of within six hours, and checks. */
    private static void maintainPartitions() {
        var before = text("select now()::text");
        execute("update recurring_tasks set execution_time = now() where task_name = 'maintain-partitions'");
        Eventually.within(
                Duration.ofSeconds(30),
                "the partitions are maintained",
                () -> TestDatabase.number(
                                node.dbUrl(),
                                "select count(*) from recurring_tasks where task_name = 'maintain-partitions' and last_success > ?::timestamptz",
                                before)
                        == 1);
        checkNow();
    }

    @Test
    void rows_of_a_wrong_clock_until_the_job_has_given_them_another_id() {
        var number = paid();
        execute("""
                insert into order_event (merchant_id, id, order_id, at, kind, detail)
                select merchant_id, cast(w.id as uuid), pay_order.id, now(), 'wrong', '{}'
                from pay_order, (values ('01c30000-0000-7000-8000-000000000001'), ('0094a000-0000-7000-8000-000000000001')) w (id)
                where out_trade_no = '%s'
                """.formatted(number));

        checkNow();

        assertThat(invariant("rows_are_in_partitions").getJsonArray("samples").toString())
                .contains("order_event 01c30000-0000-7000-8000-000000000001")
                .contains("order_event 0094a000-0000-7000-8000-000000000001");
        assertThat(metric("cashdesk_invariant_violations{invariant=\"rows_are_in_partitions\"}"))
                .isEqualTo(2);
        assertThat(metric("cashdesk_rows_in_default_partition{table=\"order_event\"}"))
                .isEqualTo(2);
        assertThat(metric("cashdesk_rows_in_default_partition{table=\"notification\"}"))
                .isZero();

        maintainPartitions();

        assertThat(invariant("rows_are_in_partitions").getString("state")).isEqualTo("holds");
        assertThat(metric("cashdesk_rows_in_default_partition{table=\"order_event\"}"))
                .isZero();
        assertThat(text("select count(*)::text from order_event where kind = 'wrong'"))
                .isEqualTo("2");
    }

    @Test
    void a_partition_that_is_missing_for_the_next_month() {
        var partition =
                text("select to_char((now() at time zone 'UTC') + interval '1 month', '\"webhook_try\"_YYYY_MM')");
        execute("drop table " + partition);

        checkNow();

        assertThat(invariant("rows_are_in_partitions").getJsonArray("samples").toString())
                .contains("partition " + partition);
        maintainPartitions();
        assertThat(invariant("rows_are_in_partitions").getString("state")).isEqualTo("holds");
    }

    @Test
    void evidence_that_was_dropped_after_its_retention_is_not_missed() {
        var number = paid();
        var order = id(number);

        breaks(
                "success_has_evidence",
                "delete from order_event where kind = 'money.order' and order_id = '" + order + "'",
                "receipt",
                """
                update receipt set id = '01800000-0000-7000-8000-000000000001' where order_id = '%1$s';
                update pay_order set paid_receipt = '01800000-0000-7000-8000-000000000001' where id = '%1$s'
                """.formatted(order));
    }
}
