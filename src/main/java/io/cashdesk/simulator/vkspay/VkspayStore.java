package io.cashdesk.simulator.vkspay;

import io.cashdesk.simulator.SimulatorDatabase;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The tables {@code sim_vkspay_trade} and {@code sim_vkspay_refund}. */
@ApplicationScoped
class VkspayStore {
    @Inject
    SimulatorDatabase database;

    // trades

    void add(VkspayTradeDetail detail) {
        database.update(
                """
                insert into sim_vkspay_trade (trade_id, dialect, wallet, param, return_url, client_ip)
                values (?, ?, ?, ?, ?, ?)""",
                detail.tradeId(),
                detail.dialect().word,
                detail.wallet(),
                detail.param(),
                detail.returnUrl(),
                detail.clientIp());
    }

    /** The detail of this trade, which must have one. */
    VkspayTradeDetail detail(UUID trade) {
        return database.first(
                        "select * from sim_vkspay_trade where trade_id = ?",
                        r -> new VkspayTradeDetail(
                                r.getObject("trade_id", UUID.class),
                                VkspayDialect.of(r.getString("dialect")).orElseThrow(),
                                r.getString("wallet"),
                                r.getString("param"),
                                r.getString("return_url"),
                                r.getString("client_ip")),
                        trade)
                .orElseThrow();
    }

    void setWallet(UUID trade, String wallet) {
        database.update("update sim_vkspay_trade set wallet = ? where trade_id = ?", wallet, trade);
    }

    /** By the gateway's number. */
    Optional<Trade> byTradeNo(UUID account, String tradeNo) {
        return database.first(
                "select * from sim_trade where account_id = ? and transaction_id = ?",
                TradeStore::read,
                account,
                tradeNo);
    }

    /** The merchant's orders, newest first. */
    List<Trade> latest(UUID account, int offset, int limit) {
        return database.query(
                "select * from sim_trade where account_id = ? order by id desc offset ? limit ?",
                TradeStore::read,
                account,
                offset,
                limit);
    }

    /** How many orders were made from {@code from} until before {@code to}. */
    long count(UUID account, Instant from, Instant to) {
        return database.first(
                        "select count(*) from sim_trade where account_id = ? and created_at >= ? and created_at < ?",
                        r -> r.getLong(1),
                        account,
                        from,
                        to)
                .orElse(0L);
    }

    /** Fen that were paid and not refunded. */
    long balance(UUID account) {
        return database.first("""
                        select coalesce(sum(t.amount), 0) - coalesce(sum((
                            select sum(r.amount) from sim_vkspay_refund r
                            where r.trade_id = t.id and r.state = 'SUCCESS')), 0)
                        from sim_trade t where t.account_id = ? and t.paid_at is not null""", r -> r.getLong(1), account).orElse(0L);
    }

    /** Locks a trade until the caller's transaction ends, so that two refunds cannot use the same amount. */
    Trade lock(UUID trade) {
        return database.query("select * from sim_trade where id = ? for update", TradeStore::read, trade)
                .get(0);
    }

    // refunds

    void add(VkspayRefund refund) {
        database.update(
                """
                insert into sim_vkspay_refund (id, trade_id, refund_no, out_refund_no, amount, state, at)
                values (?, ?, ?, ?, ?, ?, ?)""",
                refund.id(),
                refund.tradeId(),
                refund.refundNo(),
                refund.outRefundNo(),
                refund.amount(),
                refund.state(),
                refund.at());
    }

    /** Oldest first. */
    List<VkspayRefund> refunds(UUID trade) {
        return database.query(
                "select * from sim_vkspay_refund where trade_id = ? order by at, id", VkspayStore::refund, trade);
    }

    /** By the gateway's or the merchant's number. */
    Optional<VkspayRefund> refund(UUID account, String refundNo, String outRefundNo) {
        return database.first("""
                select r.* from sim_vkspay_refund r join sim_trade t on t.id = r.trade_id
                where t.account_id = ? and (r.refund_no = ? or (r.out_refund_no = ? and r.out_refund_no <> ''))""", VkspayStore::refund, account, refundNo, refundNo.isEmpty() ? outRefundNo : "");
    }

    private static VkspayRefund refund(ResultSet r) throws SQLException {
        return new VkspayRefund(
                r.getObject("id", UUID.class),
                r.getObject("trade_id", UUID.class),
                r.getString("refund_no"),
                r.getString("out_refund_no"),
                r.getLong("amount"),
                r.getString("state"),
                SimulatorDatabase.instant(r, "at"));
    }

    /** Moves back the times of a trade's refunds. */
    void age(UUID trade, Duration by) {
        database.update(
                "update sim_vkspay_refund set at = at - make_interval(secs => ?) where trade_id = ?",
                (double) by.toSeconds(),
                trade);
    }
}
