package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code sim_alipay_refund}. */
@ApplicationScoped
class AlipayRefundStore {
    @Inject
    SimulatorDatabase database;

    void add(AlipayRefund refund) {
        database.update(
                """
                insert into sim_alipay_refund (id, trade_id, request_no, amount, reason, shown, at, total)
                values (?, ?, ?, ?, ?, ?, ?, ?)""",
                refund.id(),
                refund.tradeId(),
                refund.requestNo(),
                refund.amount(),
                refund.reason(),
                refund.shown(),
                refund.at(),
                refund.total());
    }

    /** Oldest first. */
    List<AlipayRefund> ofTrade(UUID trade) {
        return database.query(
                "select * from sim_alipay_refund where trade_id = ? order by at, id", AlipayRefundStore::read, trade);
    }

    /** By the merchant's number. */
    Optional<AlipayRefund> find(UUID trade, String requestNo) {
        return ofTrade(trade).stream()
                .filter(r -> r.requestNo().equals(requestNo))
                .findFirst();
    }

    Optional<AlipayRefund> get(UUID id) {
        return database.first("select * from sim_alipay_refund where id = ?", AlipayRefundStore::read, id);
    }

    /** The refunds of this seller's trades in a span of time, oldest first; without those that failed. */
    List<AlipayRefund> between(UUID account, Instant from, Instant to) {
        return database.query("""
                select r.* from sim_alipay_refund r join sim_trade t on t.id = r.trade_id
                where t.account_id = ? and r.shown and r.at >= ? and r.at < ? order by r.at, r.id""", AlipayRefundStore::read, account, from, to);
    }

    /** The sum of a trade's refunds in fen, without those that failed. */
    long refunded(UUID trade) {
        return ofTrade(trade).stream()
                .filter(AlipayRefund::shown)
                .mapToLong(AlipayRefund::amount)
                .sum();
    }

    private static AlipayRefund read(ResultSet r) throws SQLException {
        return new AlipayRefund(
                r.getObject("id", UUID.class),
                r.getObject("trade_id", UUID.class),
                r.getString("request_no"),
                r.getLong("amount"),
                r.getString("reason"),
                r.getBoolean("shown"),
                SimulatorDatabase.instant(r, "at"),
                r.getLong("total"));
    }

    /** Moves back the times of a trade's refunds. */
    void age(UUID trade, Duration by) {
        database.update(
                "update sim_alipay_refund set at = at - make_interval(secs => ?) where trade_id = ?",
                (double) by.toSeconds(),
                trade);
    }
}
