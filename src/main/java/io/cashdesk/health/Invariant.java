package io.cashdesk.health;

import static java.util.stream.Collectors.joining;

import io.cashdesk.retention.PartitionedTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A condition that must always hold in the database, and a query that finds the rows which violate it.
 *
 * @param name short name for metric labels; must not change after a release
 * @param promise the condition, as a sentence
 * @param sql a query that selects {@code what} (a noun and an id) and {@code at} (time of the violation) of each
 *     violating row. It may use the parameters {@code :since} (the smallest id in the window, because ids are UUIDs of
 *     version 7), {@code :overdue}, {@code :late} and {@code :behind} (times in the past; work that was due earlier
 *     must be done), {@code :recurring} (the names of all recurring jobs, separated by spaces), {@code :now}
 */
record Invariant(String name, String promise, String sql) {
    /** Work is overdue after this time: many times the delay of a node's restart or of a provider's short outage. */
    static final Duration OVERDUE = Duration.ofMinutes(10);

    /**
     * An order is late if it is still open this long after its deadline; until then it may be in the process of being
     * closed.
     */
    static final Duration LATE = Duration.ofMinutes(30);

    /**
     * Deliveries to a failing endpoint are overdue only after this time: it gets one call at a time, on threads shared
     * with all such.
     */
    static final Duration BEHIND = Duration.ofHours(6);

    /**
     * Orders of any age of which an event, a receipt or a refund was stored in the window; each once. An order's own
     * creation is an event too.
     */
    private static final String TOUCHED = """
            with touched as materialized (
                select merchant_id, order_id from order_event where id >= :since
                union select merchant_id, order_id from receipt where id >= :since
                union select merchant_id, order_id from refund where id >= :since)
            """;

    /**
     * The first id of the oldest partition of order_event: evidence of what is older has been dropped. With only the
     * default partition, all of it is there.
     */
    private static final String FIRST_EVIDENCE = """
            (select coalesce(
                    min(substring(pg_get_expr(c.relpartbound, c.oid) from 'FROM \\(''([-0-9a-f]{36})''\\)')),
                    '00000000-0000-0000-0000-000000000000')
                from pg_inherits i join pg_class c on c.oid = i.inhrelid
                where i.inhparent = cast('order_event' as regclass))
            """;

    /**
     * The first id of the moment a day before this id was made, so that older partitions are not read. No evidence is
     * older than what it is of, and clocks differ by less than a day.
     */
    private static String aDayBefore(String id) {
        return """
                cast(lpad(to_hex(
                    cast(cast('x' || left(replace(cast(%s as text), '-', ''), 12) as bit(48)) as bigint) - 86400000),
                    12, '0') || repeat('0', 20) as uuid)
                """.formatted(id);
    }

    /**
     * Of each partitioned table: rows of the default partition, and partitions of this and the next month that are
     * missing.
     */
    private static String rowsAreInPartitions() {
        var rows = PartitionedTable.ALL.stream()
                .map(t -> "(select '%1$s ' || id as what, %2$s as at from %3$s limit 10000)"
                        .formatted(t.name(), t.time(), t.defaultPartition()))
                .collect(joining(" union all "));
        var tables =
                PartitionedTable.ALL.stream().map(t -> "'" + t.name() + "'").collect(joining(", "));
        return rows + """
                 union all
                select 'partition ' || p.name, cast(null as timestamptz)
                from unnest(array[%s]) as t (name)
                cross join generate_series(0, 1) as ahead
                cross join lateral (
                    select t.name || to_char(
                        date_trunc('month', cast(:now as timestamptz) at time zone 'UTC') + make_interval(months => ahead),
                        '_YYYY_MM') as name) p
                where not exists (
                    select 1 from pg_inherits i
                    where i.inhparent = cast(t.name as regclass)
                        and i.inhrelid = cast(to_regclass(p.name) as oid))
                """.formatted(tables);
    }

    /** The result of one check: number of violations (at most 10,000), time of the oldest, and some examples. */
    record Result(long violations, Instant oldest, List<String> samples) {}

    /*
     * "offset 0" prevents the planner from starting with an index on a rare state instead of the window.
     *
     * Cost: every query reads either a partial index of open rows (its size depends on the open work, not on the history), or the
     * window by indexes on the id (order_event_by_id, receipt_by_id, refund_by_id) and then the rows of those orders by their keys;
     * none reads a whole table.
     */
    static final List<Invariant> ALL = List.of(
            new Invariant(
                    "books_balance",
                    "The amounts of every order, its receipts and its refunds agree: paid = refunded + kept",
                    TOUCHED + """
                            , gone as (
                                select f.merchant_id, f.receipt_id,
                                    sum(f.amount) filter (where f.state = 'SUCCEEDED') as refunded,
                                    sum(f.amount) filter (where f.state not in ('CLOSED', 'FAILED')) as reserved,
                                    count(*) filter (where f.state = 'SUCCEEDED') as times
                                from touched t
                                cross join lateral (
                                    select * from refund x
                                    where x.merchant_id = t.merchant_id and x.order_id = t.order_id offset 0) f
                                group by f.merchant_id, f.receipt_id)
                            select 'receipt ' || r.id as what, r.reported_at as at
                            from touched t
                            cross join lateral (
                                    select * from receipt x
                                    where x.merchant_id = t.merchant_id and x.order_id = t.order_id offset 0) r
                            join pay_order o on o.merchant_id = r.merchant_id and o.id = r.order_id
                            left join gone g on g.merchant_id = r.merchant_id and g.receipt_id = r.id
                            where r.refunded <> case when r.went_back then r.amount else coalesce(g.refunded, 0) end
                                or r.reserved <> case when r.went_back then r.amount else coalesce(g.reserved, 0) end
                                or (r.went_back and coalesce(g.reserved, 0) <> 0)
                                or (r.disposition = 'RETURNED' and r.refunded <> r.amount)
                                or (r.disposition = 'COUNTED'
                                    and (o.paid_receipt is distinct from r.id
                                        or o.total_fee <> r.amount
                                        or o.currency <> r.currency
                                        or o.refund_fee <> r.refunded
                                        or o.refund_num <> coalesce(g.times, 0)
                                        or (o.total_fee > 0 and not o.wholly_refunded and o.refund_fee = o.total_fee)))
                            """),
            new Invariant(
                    "held_money_is_shown",
                    "Every order with held money needs a person, so that the money is on the list of what needs a decision",
                    TOUCHED + """
                            select 'receipt ' || r.id as what, r.reported_at as at
                            from touched t
                            cross join lateral (
                                    select * from receipt x
                                    where x.merchant_id = t.merchant_id and x.order_id = t.order_id offset 0) r
                            join pay_order o on o.merchant_id = r.merchant_id and o.id = r.order_id
                            where r.disposition = 'HELD' and o.needs_person is null
                            """),
            new Invariant(
                    "closed_or_paid",
                    "No order is both closed and paid, except with a payment that is recorded as late",
                    TOUCHED + """
                            select 'order ' || o.id as what, coalesce(o.closed_at, o.created_at) as at
                            from touched t
                            cross join lateral (
                                    select * from pay_order x
                                    where x.merchant_id = t.merchant_id and x.id = t.order_id offset 0) o
                            where (o.state = 'PAID' and o.closed_at is not null)
                                or (o.state <> 'PAID'
                                    and exists (
                                        select 1 from receipt r
                                        where r.merchant_id = o.merchant_id and r.order_id = o.id
                                            and r.disposition = 'COUNTED'))
                                or (o.state = 'CLOSED'
                                    and exists (
                                        select 1 from attempt a
                                        where a.merchant_id = o.merchant_id and a.order_id = o.id and a.state = 'PAID')
                                    and not exists (
                                        select 1 from receipt r
                                        where r.merchant_id = o.merchant_id and r.order_id = o.id))
                            """),
            new Invariant(
                    "success_has_evidence",
                    "Every successful payment and refund has the provider's report stored as evidence",
                    TOUCHED + """
                            select 'order ' || o.id as what, o.paid_at as at
                            from touched t
                            cross join lateral (
                                    select * from pay_order x
                                    where x.merchant_id = t.merchant_id and x.id = t.order_id offset 0) o
                            left join receipt r
                                on r.merchant_id = o.merchant_id and r.id = o.paid_receipt and r.order_id = o.id
                            where o.state = 'PAID' and (r.id is null or r.disposition <> 'COUNTED')
                            union all
                            select 'attempt ' || a.id, a.created_at
                            from touched t
                            cross join lateral (
                                    select * from attempt x
                                    where x.merchant_id = t.merchant_id and x.order_id = t.order_id offset 0) a
                            where a.state = 'PAID'
                                and not exists (
                                    select 1 from receipt r
                                    where r.merchant_id = a.merchant_id and r.order_id = a.order_id and r.attempt_id = a.id)
                            union all
                            select 'receipt ' || r.id, r.reported_at
                            from touched t
                            cross join lateral (
                                    select * from receipt x
                                    where x.merchant_id = t.merchant_id and x.order_id = t.order_id offset 0) r
                            where r.evidence = ''
                                or (r.id >= cast(%1$s as uuid)
                                    and not exists (
                                        select 1 from order_event e
                                        where e.merchant_id = r.merchant_id and e.order_id = r.order_id
                                            and e.id >= %2$s and e.kind = 'money.' || lower(r.kind)))
                            union all
                            select 'refund ' || f.id, f.created_at
                            from touched t
                            cross join lateral (
                                    select * from refund x
                                    where x.merchant_id = t.merchant_id and x.order_id = t.order_id offset 0) f
                            where f.state = 'SUCCEEDED'
                                and (coalesce(f.evidence, '') = ''
                                    or (f.id >= cast(%1$s as uuid)
                                        and not exists (
                                            select 1 from order_event e
                                            where e.merchant_id = f.merchant_id and e.order_id = f.order_id
                                                and e.id >= %3$s and e.kind = 'refund.succeeded')))
                            """.formatted(FIRST_EVIDENCE, aDayBefore("r.id"), aDayBefore("f.id"))),
            new Invariant(
                    "news_is_in_the_outbox",
                    "Every event that a merchant must receive is in the outbox",
                    TOUCHED + """
                            , expected as (
                                select o.merchant_id, o.id as order_id, 'payment.paid' as type, o.id as subject, o.paid_at as at
                                from touched t
                                cross join lateral (
                                    select * from pay_order x
                                    where x.merchant_id = t.merchant_id and x.id = t.order_id offset 0) o
                                where o.state = 'PAID'
                                union all
                                select o.merchant_id, o.id, 'payment.closed', o.id, o.closed_at
                                from touched t
                                cross join lateral (
                                    select * from pay_order x
                                    where x.merchant_id = t.merchant_id and x.id = t.order_id offset 0) o
                                where o.state = 'CLOSED'
                                union all
                                select r.merchant_id, r.order_id, 'payment.' || lower(r.kind), r.id, r.reported_at
                                from touched t
                                cross join lateral (
                                    select * from receipt x
                                    where x.merchant_id = t.merchant_id and x.order_id = t.order_id offset 0) r
                                where r.kind in ('LATE', 'DUPLICATE')
                                union all
                                select f.merchant_id, f.order_id, 'refund.succeeded', f.id, f.created_at
                                from touched t
                                cross join lateral (
                                    select * from refund x
                                    where x.merchant_id = t.merchant_id and x.order_id = t.order_id offset 0) f
                                where f.state = 'SUCCEEDED'
                                union all
                                select f.merchant_id, f.order_id, 'refund.failed', f.id, f.created_at
                                from touched t
                                cross join lateral (
                                    select * from refund x
                                    where x.merchant_id = t.merchant_id and x.order_id = t.order_id offset 0) f
                                where f.state in ('ABNORMAL', 'CLOSED'))
                            select n.type || ' of order ' || n.order_id as what, n.at
                            from expected n
                            where not exists (
                                select 1 from webhook_event e
                                where e.merchant_id = n.merchant_id and e.order_id = n.order_id and e.type = n.type
                                    and e.subject = n.subject)
                            """),
            new Invariant(
                    "payments_move_on", "No attempt is overdue for a query, and no order is overdue to be closed", """
                            select 'attempt ' || a.id as what, a.next_query_at as at
                            from attempt a
                            where a.next_query_at < :overdue and a.next_step <> 'RESTING'
                            union all
                            select 'attempt ' || a.id || ' that is to be closed', a.close_at
                            from attempt a
                            where a.next_step in ('CLOSE', 'URGENT') and a.close_at < :late and a.created_at < :late
                                and coalesce(a.queried_at, a.created_at) < :late
                            union all
                            select 'attempt ' || a.id || ' that nothing wakes', a.next_query_at
                            from attempt a
                            where a.next_step = 'RESTING'
                                and not exists (
                                    select 1 from account_rest r
                                    where r.merchant_id = a.merchant_id and r.id = a.account_id)
                            union all
                            select 'order ' || o.id, o.expires_at
                            from pay_order o
                            where o.state = 'UNPAID' and o.needs_person is null and o.expires_at < :late
                                and not exists (
                                    select 1 from attempt r
                                    where r.merchant_id = o.merchant_id and r.order_id = o.id and r.next_step = 'RESTING')
                            union all
                            select 'attempt ' || a.id, a.lease_until
                            from attempt a
                            where a.state in ('CALLING', 'SHOWN', 'UNKNOWN', 'CLOSING')
                                and a.state in ('CALLING', 'CLOSING')
                                and a.lease_until < :overdue
                            """),
            new Invariant("refunds_move_on", "No refund is overdue for a query", """
                    select 'refund ' || f.id as what, f.next_query_at as at
                    from refund f
                    where f.next_query_at < :overdue
                    union all
                    select 'refund ' || f.id, f.created_at
                    from refund f
                    where f.id >= :since
                        and f.next_query_at is null
                        and f.state in ('REQUESTING', 'UNKNOWN', 'WAITING', 'PROCESSING')
                    """),
            new Invariant(
                    "settlements_move_on",
                    "No settlement and no decision about a payer's refund request is overdue",
                    """
                    select 'settlement ' || s.id as what, s.next_at as at
                    from settlement s
                    where s.next_at < :overdue
                    union all
                    select 'refund request ' || r.id, r.next_at
                    from payer_refund_request r
                    where r.next_at < :overdue
                    union all
                    select 'settlement ' || s.id, s.created_at
                    from settlement s
                    where s.id >= :since and s.next_at is null and s.state in ('REQUESTING', 'UNKNOWN', 'PROCESSING')
                    """),
            new Invariant(
                    "deliveries_move_on",
                    "No webhook delivery is overdue for its next try",
                    // not while other deliveries to the same endpoint are claimed: it waits for them to end
                    """
                    select 'delivery ' || d.id as what, d.next_at as at
                    from webhook_delivery d
                    join webhook_endpoint e on e.merchant_id = d.merchant_id and e.id = d.endpoint_id
                    where d.state = 'WAITING'
                        and d.next_at < :overdue
                        and (e.failing_since is null or d.next_at < :behind)
                        and e.enabled
                        and coalesce(e.paused_until, :overdue) <= :overdue
                        and not exists (
                            select 1 from webhook_delivery c
                            where c.merchant_id = d.merchant_id and c.endpoint_id = d.endpoint_id
                                and c.claim is not null and c.next_at > :overdue)
                    """),
            new Invariant("handlers_move_on", "No paid order is overdue for its handler inside the WAR", """
                    select 'order ' || h.order_id as what, h.next_at as at
                    from handler_run h
                    where h.state = 'WAITING' and h.next_at < :overdue
                    """),
            new Invariant(
                    "rows_are_in_partitions",
                    "Every event, notification and try is in the partition of its month, and the next month has its partitions",
                    rowsAreInPartitions()),
            new Invariant("jobs_run", "Every job exists, runs when it is due, and does not fail each time", """
                    select 'job ' || s.task_name || ' ' || s.task_instance as what,
                        case when s.picked then s.last_heartbeat else s.execution_time end as at
                    from (select * from scheduled_tasks union all select * from recurring_tasks) s
                    where (not s.picked and s.execution_time < :overdue)
                        or (s.picked and s.last_heartbeat < :overdue)
                        or s.consecutive_failures >= 5
                    union all
                    select 'job ' || k.kind, cast(null as timestamptz)
                    from unnest(string_to_array(:recurring, ' ')) as k (kind)
                    where not exists (select 1 from recurring_tasks s where s.task_name = k.kind)
                    """));
}
