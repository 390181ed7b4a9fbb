package io.cashdesk.demo;

import io.cashdesk.ground.database.CashdeskDataSource;
import io.cashdesk.ground.database.Ids;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** The demo shop's own orders and received webhooks, in tables {@code demo_…} that no other package reads. */
@ApplicationScoped
class ShopOrders {
    /** State of a refund whose outcome is not known: the same {@code out_refund_no} is sent again. */
    static final String REQUESTED = "requested";

    /** Limits what is stored, because anyone who knows an order number can send requests with wrong signatures. */
    private static final int MAX_FORGED_PER_ORDER = 5;

    /** Those with a right signature have a limit of their own, so that others cannot hide them. */
    private static final int MAX_GENUINE_PER_ORDER = 200;

    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    @Inject
    Clock clock;

    /** Limits what is stored and sent, because anyone who knows an order number can press the button. */
    private static final int MAX_REFUNDS_PER_ORDER = 10;

    record ShopOrder(String no, Item item, long price, Instant createdAt, Optional<Instant> paidAt) {}

    /**
     * @param no {@code out_refund_no}
     * @param fee fen
     * @param cause "merchant": of the payment of this order; others: of money that was no payment of it
     * @param state requested, processing, success or failed
     * @param answer what the API call answered, or an empty text
     */
    record Refund(
            String no,
            long fee,
            String cause,
            String state,
            String answer,
            Instant requestedAt,
            Optional<Instant> doneAt) {
        boolean ofThePayment() {
            return cause.equals("merchant");
        }
    }

    record ReceivedWebhook(
            String webhookId, boolean valid, String type, String headers, String body, Instant at, int times) {}

    private interface RowReader<T> {
        T from(ResultSet row) throws SQLException;
    }

    void open(String no, Item item) {
        update(
                "insert into demo_order (no, item, price, created_at) values (?, ?, ?, ?)",
                no,
                item.name(),
                item.fen(),
                clock.instant());
    }

    Optional<ShopOrder> byNumber(String no) {
        return query(
                        "select * from demo_order where no = ?",
                        row -> new ShopOrder(
                                row.getString("no"),
                                Item.valueOf(row.getString("item")),
                                row.getLong("price"),
                                row.getTimestamp("created_at").toInstant(),
                                Optional.ofNullable(row.getTimestamp("paid_at")).map(Timestamp::toInstant)),
                        no)
                .stream()
                .findFirst();
    }

    /** Marks an order as paid. Idempotent: keeps the time of the first call. */
    void paid(String no) {
        update("update demo_order set paid_at = ? where no = ? and paid_at is null", clock.instant(), no);
    }

    void store(String no, String webhookId, boolean valid, String type, String headers, String body) {
        update(
                """
                insert into demo_webhook (id, order_no, webhook_id, valid, type, headers, body, received_at, times)
                select ?, ?, ?, ?, ?, ?, ?, ?, 1
                where (select count(*) from demo_webhook where order_no = ? and valid = ?) < ?
                on conflict (order_no, webhook_id, valid)
                do update set times = demo_webhook.times + 1
                """,
                Ids.next(),
                no,
                webhookId,
                valid,
                type,
                headers,
                body,
                clock.instant(),
                no,
                valid,
                valid ? MAX_GENUINE_PER_ORDER : MAX_FORGED_PER_ORDER);
    }

    List<ReceivedWebhook> webhooksOf(String no) {
        return query(
                "select * from demo_webhook where order_no = ? order by received_at",
                row -> new ReceivedWebhook(
                        row.getString("webhook_id"),
                        row.getBoolean("valid"),
                        row.getString("type"),
                        row.getString("headers"),
                        row.getString("body"),
                        row.getTimestamp("received_at").toInstant(),
                        row.getInt("times")),
                no);
    }

    /**
     * The number of the refund to send: that of an earlier one of the same amount whose outcome is not known, because a
     * new number could refund twice; otherwise of a new one. Empty if more would be refunded than was paid, if there
     * are {@value #MAX_REFUNDS_PER_ORDER}, or if another one is written at this moment.
     *
     * @param fee fen
     */
    Optional<String> openRefund(ShopOrder order, long fee) {
        var before = refundsOf(order.no());
        var repeated = toRepeat(before, fee);
        if (repeated.isPresent()) return repeated;
        var no = order.no() + "-R" + (before.size() + 1);
        var left = order.price()
                - before.stream()
                        .filter(r -> r.ofThePayment() && !r.state().equals("failed"))
                        .mapToLong(Refund::fee)
                        .sum();
        if (fee > left || before.size() >= MAX_REFUNDS_PER_ORDER) return Optional.empty();
        var added = update("""
                insert into demo_refund (no, order_no, fee, cause, state, answer, requested_at)
                values (?, ?, ?, 'merchant', 'requested', '', ?) on conflict (no) do nothing""", no, order.no(), fee, clock.instant());
        return added == 1 ? Optional.of(no) : Optional.empty();
    }

    /** The number of the first refund of this amount whose outcome is not known. */
    static Optional<String> toRepeat(List<Refund> before, long fee) {
        return before.stream()
                .filter(r -> r.ofThePayment() && r.state().equals(REQUESTED) && r.fee() == fee)
                .map(Refund::no)
                .findFirst();
    }

    /** Stores what the API call answered; a webhook that came before decides about the state. */
    void answered(String refundNo, String state, String answer) {
        update("""
                update demo_refund set answer = ?, state = case when state = 'requested' then ? else state end where no = ?""", answer, state, refundNo);
    }

    /** Stores what a webhook says about a refund of this order, which may be one that the shop did not request. */
    void refundReported(String orderNo, String refundNo, long fee, String cause, String state) {
        update("""
                insert into demo_refund (no, order_no, fee, cause, state, answer, requested_at, done_at)
                values (?, ?, ?, ?, ?, '', ?, ?)
                on conflict (no) do update set state = excluded.state, done_at = excluded.done_at
                where demo_refund.order_no = excluded.order_no and demo_refund.state <> 'success'""", refundNo, orderNo, fee, cause, state, clock.instant(), clock.instant());
    }

    /** Oldest first. */
    List<Refund> refundsOf(String no) {
        return query(
                "select * from demo_refund where order_no = ? order by requested_at, no",
                row -> new Refund(
                        row.getString("no"),
                        row.getLong("fee"),
                        row.getString("cause"),
                        row.getString("state"),
                        row.getString("answer"),
                        row.getTimestamp("requested_at").toInstant(),
                        Optional.ofNullable(row.getTimestamp("done_at")).map(Timestamp::toInstant)),
                no);
    }

    /** Deletes the oldest orders that were made before; returns how many. Their webhooks go with them. */
    int deleteBefore(Instant before, int atMost) {
        return update("""
                delete from demo_order
                where no in (
                    select no from demo_order
                    where created_at < ?
                    order by created_at
                    limit %d
                    for update skip locked)
                """.formatted(atMost), before);
    }

    private <T> List<T> query(String sql, RowReader<T> reader, Object... parameters) {
        try (var connection = pool.getConnection();
                var statement = prepare(connection, sql, parameters);
                var rows = statement.executeQuery()) {
            var found = new ArrayList<T>();
            while (rows.next()) found.add(reader.from(rows));
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("the demo shop's tables cannot be read", e);
        }
    }

    private int update(String sql, Object... parameters) {
        try (var connection = pool.getConnection();
                var statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("the demo shop's tables cannot be written", e);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            var p = parameters[i];
            statement.setObject(i + 1, p instanceof Instant t ? Timestamp.from(t) : p);
        }
        return statement;
    }
}
