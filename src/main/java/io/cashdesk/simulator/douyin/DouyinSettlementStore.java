package io.cashdesk.simulator.douyin;

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

/** The table {@code sim_douyin_settlement}. */
@ApplicationScoped
class DouyinSettlementStore {
    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    void add(DouyinSettlement s) {
        database.update(
                """
                insert into sim_douyin_settlement (id, account_id, trade_id, settle_no, out_settle_no, amount, detail, cp_extra,
                    notify_url, request, state, outcome, settles_at, created_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                s.id(),
                s.accountId(),
                s.tradeId(),
                s.settleNo(),
                s.outSettleNo(),
                s.amount(),
                s.detail(),
                s.cpExtra(),
                s.notifyUrl(),
                s.request(),
                s.state(),
                s.outcome(),
                s.settlesAt(),
                s.createdAt());
    }

    /** By the merchant's number. */
    Optional<DouyinSettlement> byOutSettleNo(UUID account, String number) {
        return first("account_id = ? and out_settle_no = ?", account, number);
    }

    /** By Douyin's number. */
    Optional<DouyinSettlement> bySettleNo(UUID account, String number) {
        return first("account_id = ? and settle_no = ?", account, number);
    }

    /** The settlement of this id, which must exist. */
    DouyinSettlement get(UUID id) {
        return first("id = ?", id).orElseThrow();
    }

    /** Newest first. */
    List<DouyinSettlement> ofTrade(UUID trade) {
        return select("trade_id = ?", trade);
    }

    /** Those that are to end now. */
    List<DouyinSettlement> due() {
        return select("state = 'PROCESSING' and settles_at <= ?", clock.instant());
    }

    private Optional<DouyinSettlement> first(String where, Object... parameters) {
        return select(where, parameters).stream().findFirst();
    }

    private List<DouyinSettlement> select(String where, Object... parameters) {
        return database.query(
                "select * from sim_douyin_settlement where " + where + " order by created_at desc, id desc limit 50",
                DouyinSettlementStore::read,
                parameters);
    }

    private static DouyinSettlement read(ResultSet r) throws SQLException {
        return new DouyinSettlement(
                r.getObject("id", UUID.class),
                r.getObject("account_id", UUID.class),
                r.getObject("trade_id", UUID.class),
                r.getString("settle_no"),
                r.getString("out_settle_no"),
                r.getLong("amount"),
                r.getString("detail"),
                r.getString("cp_extra"),
                r.getString("notify_url"),
                r.getString("request"),
                r.getString("state"),
                r.getString("outcome"),
                SimulatorDatabase.instant(r, "settles_at"),
                SimulatorDatabase.instant(r, "created_at"),
                SimulatorDatabase.instant(r, "ended_at"));
    }

    /** Returns false if it is not PROCESSING (any more). */
    boolean end(UUID settlement, String state) {
        return database.update("""
                        update sim_douyin_settlement set state = ?, ended_at = ?, settles_at = null
                        where id = ? and state = 'PROCESSING'""", state, clock.instant(), settlement) == 1;
    }

    /** Moves back the times of a trade's settlements. */
    void age(UUID trade, Duration by) {
        var seconds = (double) by.toSeconds();
        database.update("""
                update sim_douyin_settlement set created_at = created_at - make_interval(secs => ?),
                    settles_at = settles_at - make_interval(secs => ?),
                    ended_at = ended_at - make_interval(secs => ?)
                where trade_id = ?""", seconds, seconds, seconds, trade);
    }
}
