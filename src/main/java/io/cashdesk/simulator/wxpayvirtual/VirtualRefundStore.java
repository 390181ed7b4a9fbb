package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code sim_virtual_refund}. */
@ApplicationScoped
class VirtualRefundStore {
    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    void add(VirtualRefund r) {
        database.update(
                """
                insert into sim_virtual_refund (id, account_id, trade_id, number, wx_refund_id, amount, meta, state, outcome,
                    settles_at, acknowledged, created_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, false, ?)""",
                r.id(),
                r.accountId(),
                r.tradeId(),
                r.number(),
                r.wxRefundId(),
                r.amount(),
                r.meta(),
                r.state(),
                r.outcome(),
                r.settlesAt(),
                r.createdAt());
    }

    /** By the merchant's number. */
    Optional<VirtualRefund> find(UUID account, String number) {
        return first("account_id = ? and number = ?", account, number);
    }

    /** By WeChat's number. */
    Optional<VirtualRefund> byWxRefundId(UUID account, String wxRefundId) {
        return first("account_id = ? and wx_refund_id = ?", account, wxRefundId);
    }

    /** The newest refund of any account with this merchant's number. */
    Optional<VirtualRefund> byNumber(String number) {
        return first("number = ?", number);
    }

    /** The refund of this id, which must exist. */
    VirtualRefund get(UUID id) {
        return first("id = ?", id).orElseThrow();
    }

    /** Newest first. */
    List<VirtualRefund> ofTrade(UUID trade) {
        return select("trade_id = ?", trade);
    }

    /** Those that are to be settled now. */
    List<VirtualRefund> due() {
        return select("state = 'PROCESSING' and settles_at <= ?", clock.instant());
    }

    private Optional<VirtualRefund> first(String where, Object... parameters) {
        return select(where, parameters).stream().findFirst();
    }

    private List<VirtualRefund> select(String where, Object... parameters) {
        return database.query(
                "select * from sim_virtual_refund where " + where + " order by created_at desc, id desc",
                VirtualRefundStore::read,
                parameters);
    }

    private static VirtualRefund read(ResultSet r) throws SQLException {
        return new VirtualRefund(
                r.getObject("id", UUID.class),
                r.getObject("account_id", UUID.class),
                r.getObject("trade_id", UUID.class),
                r.getString("number"),
                r.getString("wx_refund_id"),
                r.getLong("amount"),
                r.getString("meta"),
                r.getString("state"),
                r.getString("outcome"),
                SimulatorDatabase.instant(r, "settles_at"),
                r.getBoolean("acknowledged"),
                SimulatorDatabase.instant(r, "created_at"),
                SimulatorDatabase.instant(r, "ended_at"));
    }

    /** Returns false if it is not PROCESSING (any more). */
    boolean settle(UUID refund, String to) {
        return database.update("""
                        update sim_virtual_refund set state = ?, ended_at = ?, settles_at = null
                        where id = ? and state = 'PROCESSING'""", to, clock.instant(), refund) == 1;
    }

    void acknowledged(UUID refund) {
        database.update("update sim_virtual_refund set acknowledged = true where id = ?", refund);
    }

    /** Moves back the times of a trade's refunds. */
    void age(UUID trade, Duration by) {
        var seconds = (double) by.toSeconds();
        database.update("""
                update sim_virtual_refund set created_at = created_at - make_interval(secs => ?),
                    settles_at = settles_at - make_interval(secs => ?),
                    ended_at = ended_at - make_interval(secs => ?)
                where trade_id = ?""", seconds, seconds, seconds, trade);
    }
}
