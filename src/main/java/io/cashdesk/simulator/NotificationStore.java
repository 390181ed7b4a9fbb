package io.cashdesk.simulator;

import io.cashdesk.ground.database.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The table {@code sim_notice}: notifications and when each is delivered next. */
@ApplicationScoped
class NotificationStore {
    /** How long a claimed notification is left to the node that claimed it. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    /**
     * The last four parameters but {@code at} are those of {@link Notification}; {@code at} is the time of the first
     * delivery.
     */
    void add(UUID trade, UUID refundId, String refundState, String number, boolean forged, Instant at) {
        database.update("""
                insert into sim_notice (id, trade_id, refund_id, refund_state, notice_no, forged, tries, next_at)
                values (?, ?, ?, ?, ?, ?, 0, ?)""", Ids.next(), trade, refundId, refundState, number, forged, at);
    }

    /** Claims due notifications for this node. If it does not record a result, they are due again after the lease. */
    List<Notification> claimDue(int atMost) {
        return database.query("""
                update sim_notice set next_at = ?, tries = tries + 1
                where id in (select id from sim_notice where next_at <= ? order by next_at limit ?
                    for update skip locked)
                returning *""", NotificationStore::read, clock.instant().plus(LEASE), clock.instant(), atMost);
    }

    List<Notification> ofTrade(UUID trade) {
        return database.query(
                "select * from sim_notice where trade_id = ? order by id", NotificationStore::read, trade);
    }

    private static Notification read(ResultSet r) throws SQLException {
        return new Notification(
                r.getObject("id", UUID.class),
                r.getObject("trade_id", UUID.class),
                r.getString("notice_no"),
                r.getBoolean("forged"),
                r.getInt("tries"),
                r.getObject("status", Integer.class),
                r.getString("answer"),
                r.getObject("refund_id", UUID.class),
                r.getString("refund_state"));
    }

    /**
     * Records what came of a delivery.
     *
     * @param status HTTP status, or null without an answer
     * @param next time of the next delivery, or null if it is acknowledged or the schedule has ended
     */
    void recordResult(UUID id, Integer status, String answer, Instant next) {
        database.update(
                "update sim_notice set status = ?, answer = ?, next_at = ? where id = ?", status, answer, next, id);
    }
}
