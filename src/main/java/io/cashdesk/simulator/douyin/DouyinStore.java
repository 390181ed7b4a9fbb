package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.SimulatorDatabase;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.douyin.DouyinOrder.Detail;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The tables {@code sim_douyin}, what accounts enter in the console, and {@code sim_douyin_trade}, orders. */
@ApplicationScoped
class DouyinStore {
    private static final int AT_ONCE = 50;

    @Inject
    SimulatorDatabase database;

    @Inject
    TradeStore trades;

    @Inject
    Clock clock;

    // the console

    void storeNotifyUrl(UUID account, String url) {
        database.update("""
                insert into sim_douyin (account_id, notify_url) values (?, ?)
                on conflict (account_id) do update set notify_url = excluded.notify_url""", account, url);
    }

    /** Where callbacks go that have no address of their own; empty: nowhere. */
    String notifyUrl(UUID account) {
        return database.first("select notify_url from sim_douyin where account_id = ?", r -> r.getString(1), account)
                .orElse("");
    }

    // orders

    /**
     * @param orderId Douyin's number
     * @param watchAt when its end must be reported if it is unpaid; null: never
     */
    void add(String orderId, Detail d, Instant watchAt) {
        database.update(
                """
                insert into sim_douyin_trade (trade_id, dialect, order_id, order_token, item_id, sku_id, way, hidden_ways,
                    cp_extra, ended, watch_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                d.tradeId(),
                d.dialect().word,
                orderId,
                d.orderToken(),
                d.itemId(),
                d.skuId(),
                d.way(),
                d.hiddenWays().stream().map(String::valueOf).collect(Collectors.joining(",")),
                d.cpExtra(),
                d.ended(),
                watchAt);
    }

    DouyinOrder of(Trade trade) {
        return new DouyinOrder(trade, detail(trade.id()));
    }

    /** The detail of this trade, which must have one. */
    Detail detail(UUID trade) {
        return database.first("select * from sim_douyin_trade where trade_id = ?", DouyinStore::read, trade)
                .orElseThrow();
    }

    /** By Douyin's number, of any account. */
    Optional<DouyinOrder> byOrderId(String orderId) {
        return database.first("select * from sim_douyin_trade where order_id = ?", DouyinStore::read, orderId)
                .map(d -> new DouyinOrder(trades.get(d.tradeId()), d));
    }

    /** By the merchant's number, or by Douyin's if that is empty. */
    Optional<DouyinOrder> find(UUID account, String number, String orderId) {
        return number.isEmpty()
                ? byOrderId(orderId).filter(o -> o.trade().accountId().equals(account))
                : trades.find(account, number).map(this::of);
    }

    private static Detail read(ResultSet r) throws SQLException {
        return new Detail(
                r.getObject("trade_id", UUID.class),
                DouyinDialect.of(r.getString("dialect")).orElseThrow(),
                r.getString("order_token"),
                r.getString("item_id"),
                r.getString("sku_id"),
                r.getInt("way"),
                DouyinOrder.numbers(r.getString("hidden_ways")).toList(),
                r.getString("cp_extra"),
                r.getString("ended"),
                SimulatorDatabase.instant(r, "ended_at"));
    }

    void choose(UUID trade, int way) {
        database.update("update sim_douyin_trade set way = ? where trade_id = ?", way, trade);
    }

    /** Notes why an order ended unpaid; returns false if that is known already. */
    boolean end(UUID trade, String why) {
        return database.update("""
                        update sim_douyin_trade set ended = ?, ended_at = ?, watch_at = null
                        where trade_id = ? and ended = '' and dialect = 'trade'""", why, clock.instant(), trade) == 1;
    }

    void unwatch(UUID trade) {
        database.update("update sim_douyin_trade set watch_at = null where trade_id = ?", trade);
    }

    /** The orders whose end may have to be reported now. */
    List<Trade> watched() {
        return database.query("""
                select t.* from sim_trade t join sim_douyin_trade d on d.trade_id = t.id
                where d.watch_at < ? order by d.watch_at limit %d""".formatted(AT_ONCE), TradeStore::read, clock.instant());
    }

    /** Locks an order until the caller's transaction ends, so that two refunds cannot use the same amount. */
    DouyinOrder lock(UUID trade) {
        return of(database.query("select * from sim_trade where id = ? for update", TradeStore::read, trade)
                .get(0));
    }

    /** Moves back the order's own times. */
    void age(UUID trade, Duration by) {
        var seconds = (double) by.toSeconds();
        database.update("""
                update sim_douyin_trade set watch_at = watch_at - make_interval(secs => ?),
                    ended_at = ended_at - make_interval(secs => ?)
                where trade_id = ?""", seconds, seconds, trade);
    }
}
