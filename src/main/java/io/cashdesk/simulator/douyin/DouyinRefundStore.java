package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.SimulatorDatabase;
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

/** The table {@code sim_douyin_refund}. */
@ApplicationScoped
class DouyinRefundStore {
    private static final int AT_ONCE = 50;

    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    void add(DouyinRefund r) {
        database.update(
                """
                insert into sim_douyin_refund (id, account_id, trade_id, refund_no, out_refund_no, amount, reason, cp_extra,
                    notify_url, request, settled, audit, audit_until, deny_message, state, outcome, settles_at, created_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                r.id(),
                r.accountId(),
                r.tradeId(),
                r.refundNo(),
                r.outRefundNo(),
                r.amount(),
                r.reason(),
                r.cpExtra(),
                r.notifyUrl(),
                r.request(),
                r.settled(),
                r.audit(),
                r.auditUntil(),
                r.denyMessage(),
                r.state(),
                r.outcome(),
                r.settlesAt(),
                r.createdAt());
    }

    /** By the merchant's number. */
    Optional<DouyinRefund> byOutRefundNo(UUID account, String number) {
        return number.isEmpty() ? Optional.empty() : first("account_id = ? and out_refund_no = ?", account, number);
    }

    /** By Douyin's number. */
    Optional<DouyinRefund> byRefundNo(UUID account, String number) {
        return first("account_id = ? and refund_no = ?", account, number);
    }

    /** The newest of any account with this number, the merchant's or Douyin's. */
    Optional<DouyinRefund> byAnyNumber(String number) {
        return first("refund_no = ? or (out_refund_no = ? and out_refund_no <> '')", number, number);
    }

    Optional<DouyinRefund> find(UUID id) {
        return first("id = ?", id);
    }

    /** Newest first. */
    List<DouyinRefund> ofTrade(UUID trade) {
        return select("trade_id = ?", "", trade);
    }

    /** Those that are to be settled now. */
    List<DouyinRefund> due() {
        return select("state = 'PROCESSING' and settles_at <= ?", " limit " + AT_ONCE, clock.instant());
    }

    /** The payers' requests whose deadline has passed without a decision. */
    List<DouyinRefund> undecided() {
        return select("audit = 'TOAUDIT' and audit_until <= ?", " limit " + AT_ONCE, clock.instant());
    }

    private Optional<DouyinRefund> first(String where, Object... parameters) {
        return select(where, " limit 1", parameters).stream().findFirst();
    }

    private List<DouyinRefund> select(String where, String limit, Object... parameters) {
        return database.query(
                "select * from sim_douyin_refund where " + where + " order by created_at desc, id desc" + limit,
                DouyinRefundStore::read,
                parameters);
    }

    private static DouyinRefund read(ResultSet r) throws SQLException {
        return new DouyinRefund(
                r.getObject("id", UUID.class),
                r.getObject("account_id", UUID.class),
                r.getObject("trade_id", UUID.class),
                r.getString("refund_no"),
                r.getString("out_refund_no"),
                r.getLong("amount"),
                r.getString("reason"),
                r.getString("cp_extra"),
                r.getString("notify_url"),
                r.getString("request"),
                r.getBoolean("settled"),
                r.getString("audit"),
                SimulatorDatabase.instant(r, "audit_until"),
                r.getString("deny_message"),
                r.getString("state"),
                r.getString("outcome"),
                SimulatorDatabase.instant(r, "settles_at"),
                SimulatorDatabase.instant(r, "created_at"),
                SimulatorDatabase.instant(r, "ended_at"));
    }

    /** Returns false if it is not PROCESSING (any more). */
    boolean settle(UUID refund, String to) {
        return database.update("""
                        update sim_douyin_refund set state = ?, ended_at = ?, settles_at = null
                        where id = ? and state = 'PROCESSING'""", to, clock.instant(), refund) == 1;
    }

    /** The decision about a payer's request, by the merchant or by the platform; returns false if there is one. */
    boolean decide(UUID refund, String audit, String denyMessage, Instant settlesAt) {
        return database.update("""
                        update sim_douyin_refund set audit = ?, deny_message = ?, settles_at = ?
                        where id = ? and audit = 'TOAUDIT'""", audit, denyMessage, settlesAt, refund) == 1;
    }

    /** Moves back the times of a trade's refunds. */
    void age(UUID trade, Duration by) {
        var seconds = (double) by.toSeconds();
        database.update("""
                update sim_douyin_refund set created_at = created_at - make_interval(secs => ?),
                    audit_until = audit_until - make_interval(secs => ?),
                    settles_at = settles_at - make_interval(secs => ?),
                    ended_at = ended_at - make_interval(secs => ?)
                where trade_id = ?""", seconds, seconds, seconds, seconds, trade);
    }
}
