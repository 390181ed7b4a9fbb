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
    /** Limits what is stored, because anyone who knows an order number can send requests with wrong signatures. */
    private static final int MAX_WEBHOOKS_PER_ORDER = 50;

    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    @Inject
    Clock clock;

    record ShopOrder(String no, Item item, long price, Optional<Instant> paidAt) {}

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
                where (select count(*) from demo_webhook where order_no = ?) < %s
                on conflict (order_no, webhook_id, valid)
                do update set times = demo_webhook.times + 1
                """.formatted(MAX_WEBHOOKS_PER_ORDER),
                Ids.next(),
                no,
                webhookId,
                valid,
                type,
                headers,
                body,
                clock.instant(),
                no);
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
