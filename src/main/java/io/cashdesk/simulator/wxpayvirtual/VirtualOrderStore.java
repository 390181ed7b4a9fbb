package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.SimulatorDatabase;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.wxpayvirtual.VirtualOrder.Detail;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The table {@code sim_virtual_trade}: orders, beside {@code sim_trade}. */
@ApplicationScoped
class VirtualOrderStore {
    @Inject
    SimulatorDatabase database;

    @Inject
    TradeStore trades;

    @Inject
    Clock clock;

    void add(Detail d) {
        database.update(
                """
                insert into sim_virtual_trade (trade_id, wx_order_id, channel_order_id, openid, env, product_id, quantity,
                    orig_price, attach, providing)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, '')""",
                d.tradeId(),
                d.wxOrderId(),
                d.channelOrderId(),
                d.openid(),
                d.env(),
                d.productId(),
                d.quantity(),
                d.origPrice(),
                d.attach());
    }

    VirtualOrder of(Trade trade) {
        return new VirtualOrder(trade, detail("trade_id = ?", trade.id()).orElseThrow());
    }

    /** By the merchant's number. */
    Optional<VirtualOrder> byNumber(UUID account, String number) {
        return trades.find(account, number).map(this::of);
    }

    /** By WeChat's number. */
    Optional<VirtualOrder> byWxOrderId(UUID account, String wxOrderId) {
        return detail("wx_order_id = ?", wxOrderId)
                .map(d -> new VirtualOrder(trades.get(d.tradeId()), d))
                .filter(order -> order.trade().accountId().equals(account));
    }

    /** Waits for other changes of the same order; within a transaction. */
    void lock(UUID trade) {
        database.query(
                "select trade_id from sim_virtual_trade where trade_id = ? for update", r -> r.getString(1), trade);
    }

    private Optional<Detail> detail(String where, Object parameter) {
        return database.first("select * from sim_virtual_trade where " + where, VirtualOrderStore::read, parameter);
    }

    private static Detail read(ResultSet r) throws SQLException {
        return new Detail(
                r.getObject("trade_id", UUID.class),
                r.getString("wx_order_id"),
                r.getString("channel_order_id"),
                r.getString("openid"),
                r.getInt("env"),
                r.getString("product_id"),
                r.getLong("quantity"),
                r.getLong("orig_price"),
                r.getString("attach"),
                r.getString("providing"),
                SimulatorDatabase.instant(r, "provided_at"));
    }

    /** The merchant was notified, and has not acknowledged yet. */
    void delivering(UUID trade) {
        database.update(
                "update sim_virtual_trade set providing = ? where trade_id = ? and providing = ''",
                Detail.DELIVERING,
                trade);
    }

    /** The merchant has delivered. */
    void delivered(UUID trade) {
        database.update(
                "update sim_virtual_trade set providing = ?, provided_at = ? where trade_id = ? and providing <> ?",
                Detail.DELIVERED,
                clock.instant(),
                trade,
                Detail.DELIVERED);
    }

    /** Moves back the order's own times. */
    void age(UUID trade, Duration by) {
        database.update(
                "update sim_virtual_trade set provided_at = provided_at - make_interval(secs => ?) where trade_id = ?",
                (double) by.toSeconds(),
                trade);
    }
}
