package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The table {@code sim_wechat_refund}. */
@ApplicationScoped
public class WxpayRefundStore {
    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    /**
     * Stores a refund; returns false if more would be refunded than was paid, or if the order has 50 refunds. It is one
     * statement, so that two calls at the same moment cannot both reserve the same amount.
     *
     * @param total fen that were paid
     */
    boolean add(WxpayRefund r, long total) {
        return database.update(
                        """
                        with reserved as (
                            update sim_wechat_trade set refunded = refunded + ?, refunds = refunds + 1
                            where trade_id = ? and refunded + ? <= ? and refunds < 50
                            returning trade_id)
                        insert into sim_wechat_refund (id, account_id, trade_id, number, refund_id, amount, request,
                            notify_url, state, outcome, settles_at, created_at)
                        select ?, ?, trade_id, ?, ?, ?, ?, ?, ?, ?, ?, ? from reserved""",
                        r.amount(),
                        r.tradeId(),
                        r.amount(),
                        total,
                        r.id(),
                        r.accountId(),
                        r.number(),
                        r.refundId(),
                        r.amount(),
                        r.request(),
                        r.notifyUrl(),
                        r.state(),
                        r.outcome(),
                        r.settlesAt(),
                        r.createdAt())
                == 1;
    }

    /** By the merchant's number. */
    public Optional<WxpayRefund> find(UUID account, String number) {
        return first("account_id = ? and number = ?", account, number);
    }

    /** By WeChat Pay's number. */
    public Optional<WxpayRefund> byRefundId(UUID account, String refundId) {
        return first("account_id = ? and refund_id = ?", account, refundId);
    }

    /** The refund of this id, which must exist. */
    public WxpayRefund get(UUID id) {
        return first("id = ?", id).orElseThrow();
    }

    /** The newest refund of any account with this merchant's number. */
    Optional<WxpayRefund> byNumber(String number) {
        return first("number = ?", number);
    }

    /** Newest first. */
    public List<WxpayRefund> ofTrade(UUID trade) {
        return select("trade_id = ?", trade);
    }

    /** Those that are to be settled now. */
    List<WxpayRefund> due() {
        return select("state = 'PROCESSING' and settles_at <= ?", clock.instant());
    }

    /** The refunds that this account made in a span of time, oldest first. */
    List<WxpayRefund> between(UUID account, Instant from, Instant to) {
        return select("account_id = ? and created_at >= ? and created_at < ?", account, from, to).stream()
                .sorted(Comparator.comparing(WxpayRefund::createdAt))
                .toList();
    }

    private Optional<WxpayRefund> first(String where, Object... parameters) {
        return select(where, parameters).stream().findFirst();
    }

    private List<WxpayRefund> select(String where, Object... parameters) {
        return database.query(
                "select * from sim_wechat_refund where " + where + " order by created_at desc",
                WxpayRefundStore::read,
                parameters);
    }

    private static WxpayRefund read(ResultSet r) throws SQLException {
        return new WxpayRefund(
                r.getObject("id", UUID.class),
                r.getObject("account_id", UUID.class),
                r.getObject("trade_id", UUID.class),
                r.getString("number"),
                r.getString("refund_id"),
                r.getLong("amount"),
                r.getString("request"),
                r.getString("notify_url"),
                r.getString("state"),
                r.getString("outcome"),
                SimulatorDatabase.instant(r, "settles_at"),
                SimulatorDatabase.instant(r, "created_at"),
                SimulatorDatabase.instant(r, "succeeded_at"));
    }

    /**
     * Moves a refund to a state; returns false if it is in none of the states {@code from}. CLOSED frees the reserved
     * amount.
     */
    boolean settle(WxpayRefund r, Set<String> from, String to) {
        return database.update("""
                        with settled as (
                            update sim_wechat_refund set state = ?, settles_at = null,
                                succeeded_at = case when ? = 'SUCCESS' then ?::timestamptz end
                            where id = ? and state = any (string_to_array(?, ','))
                            returning trade_id, state, amount)
                        update sim_wechat_trade t
                        set refunded = refunded - case s.state when 'CLOSED' then s.amount else 0 end
                        from settled s where t.trade_id = s.trade_id""", to, to, clock.instant(), r.id(), String.join(",", from)) == 1;
    }

    /** Sets a refund to PROCESSING again; it gets the state {@code outcome} at this moment. */
    void settleLater(UUID refund, String outcome, Instant at) {
        database.update(
                "update sim_wechat_refund set state = 'PROCESSING', outcome = ?, settles_at = ? where id = ?",
                outcome,
                at,
                refund);
    }

    /** Moves back the times of a trade's refunds. */
    void age(UUID trade, Duration by) {
        var seconds = (double) by.toSeconds();
        database.update("""
                update sim_wechat_refund set created_at = created_at - make_interval(secs => ?),
                    settles_at = settles_at - make_interval(secs => ?),
                    succeeded_at = succeeded_at - make_interval(secs => ?)
                where trade_id = ?""", seconds, seconds, seconds, trade);
    }
}
