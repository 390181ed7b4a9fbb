package io.cashdesk.simulator;

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
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/** The simulated providers' own books, in tables that nothing else reads. */
@ApplicationScoped
class Books {
    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    @Inject
    Clock clock;

    /** A provider's own keys: Base64, the certificate in PEM, its serial in hex. */
    record Platform(String provider, String privateKey, String publicKey, String certificate, String serial) {
        String publicKeyId() {
            return "PUB_KEY_ID_0" + serial.replaceAll("\\D", "1").substring(0, 24);
        }
    }

    /** A merchant's account there. */
    record Account(
            UUID id,
            UUID merchantId,
            String provider,
            String kind,
            String mchNo,
            String appId,
            String publicKey,
            String serial,
            String v3Key,
            String node) {
        boolean certificates() {
            return kind.equals("CERTIFICATE");
        }
    }

    /** One order there. {@code reported} is the amount that the provider tells, which a fault may change. */
    record Trade(
            UUID id,
            UUID accountId,
            String provider,
            String number,
            String code,
            long amount,
            String subject,
            String notifyUrl,
            String request,
            String state,
            long reported,
            String transactionId,
            Set<Fault> faults,
            Instant expiresAt,
            Instant createdAt,
            Instant paidAt) {
        boolean expired(Instant now) {
            return now.isAfter(expiresAt);
        }
    }

    /** A notification on its way; {@code refundId} and {@code refundState} are null if it is about the payment. */
    record Notice(
            UUID id,
            UUID tradeId,
            String noticeNo,
            boolean forged,
            int tries,
            Integer status,
            String answer,
            UUID refundId,
            String refundState) {}

    /** One line of the log beside the wallet. */
    record Line(Instant at, String way, String what, String verdict, String content) {}

    interface Reading<T> {
        T from(ResultSet row) throws SQLException;
    }

    <T> List<T> query(String sql, Reading<T> reading, Object... parameters) {
        try (var connection = pool.getConnection();
                var statement = prepare(connection, sql, parameters);
                var rows = statement.executeQuery()) {
            var found = new ArrayList<T>();
            while (rows.next()) found.add(reading.from(rows));
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("the simulator's books cannot be read", e);
        }
    }

    int update(String sql, Object... parameters) {
        try (var connection = pool.getConnection();
                var statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("the simulator's books cannot be written", e);
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

    static Instant instant(ResultSet row, String column) throws SQLException {
        var at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }

    // platforms and accounts

    Optional<Platform> platform(String provider) {
        return query(
                        "select * from sim_platform where provider = ?",
                        r -> new Platform(
                                r.getString("provider"),
                                r.getString("private_key"),
                                r.getString("public_key"),
                                r.getString("certificate"),
                                r.getString("serial")),
                        provider)
                .stream()
                .findFirst();
    }

    void addIfNew(Platform p) {
        update(
                "insert into sim_platform values (?, ?, ?, ?, ?) on conflict do nothing",
                p.provider(),
                p.privateKey(),
                p.publicKey(),
                p.certificate(),
                p.serial());
    }

    Optional<Account> account(UUID merchant, String provider, String kind) {
        return query(
                        "select * from sim_account where merchant_id = ? and provider = ? and kind = ?",
                        Books::account,
                        merchant,
                        provider,
                        kind)
                .stream()
                .findFirst();
    }

    Optional<Account> accountByMchNo(String provider, String mchNo) {
        return query("select * from sim_account where provider = ? and mch_no = ?", Books::account, provider, mchNo)
                .stream()
                .findFirst();
    }

    Optional<Account> accountByAppId(String provider, String appId) {
        return query("select * from sim_account where provider = ? and app_id = ?", Books::account, provider, appId)
                .stream()
                .findFirst();
    }

    Account account(UUID id) {
        return query("select * from sim_account where id = ?", Books::account, id)
                .get(0);
    }

    private static Account account(ResultSet r) throws SQLException {
        return new Account(
                r.getObject("id", UUID.class),
                r.getObject("merchant_id", UUID.class),
                r.getString("provider"),
                r.getString("kind"),
                r.getString("mch_no"),
                r.getString("app_id"),
                r.getString("public_key"),
                r.getString("serial"),
                r.getString("v3_key"),
                r.getString("node"));
    }

    void addIfNew(Account a) {
        update(
                "insert into sim_account values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                a.id(),
                a.merchantId(),
                a.provider(),
                a.kind(),
                a.mchNo(),
                a.appId(),
                a.publicKey(),
                a.serial(),
                a.v3Key(),
                a.node());
    }

    // trades

    Optional<Trade> trade(UUID account, String number) {
        return query("select * from sim_trade where account_id = ? and number = ?", Books::trade, account, number)
                .stream()
                .findFirst();
    }

    Optional<Trade> tradeByCode(String code) {
        return query("select * from sim_trade where code = ?", Books::trade, code).stream()
                .findFirst();
    }

    Optional<Trade> tradeByTransaction(UUID account, String transactionId) {
        return query(
                        "select * from sim_trade where account_id = ? and transaction_id = ? and paid_at is not null",
                        Books::trade,
                        account,
                        transactionId)
                .stream()
                .findFirst();
    }

    /** By the provider's own number. */
    Optional<Trade> tradeByNumberOfProvider(String provider, String transactionId) {
        return query(
                        "select * from sim_trade where provider = ? and transaction_id = ?",
                        Books::trade,
                        provider,
                        transactionId)
                .stream()
                .findFirst();
    }

    List<Trade> tradesByNumber(String number) {
        return query("select * from sim_trade where number = ? order by created_at desc", Books::trade, number);
    }

    List<Trade> latestTrades() {
        return query("select * from sim_trade order by created_at desc limit 50", Books::trade);
    }

    Trade trade(UUID id) {
        return query("select * from sim_trade where id = ?", Books::trade, id).get(0);
    }

    static Trade trade(ResultSet r) throws SQLException {
        return new Trade(
                r.getObject("id", UUID.class),
                r.getObject("account_id", UUID.class),
                r.getString("provider"),
                r.getString("number"),
                r.getString("code"),
                r.getLong("amount"),
                r.getString("subject"),
                r.getString("notify_url"),
                r.getString("request"),
                r.getString("state"),
                r.getLong("reported"),
                r.getString("transaction_id"),
                Fault.parse(r.getString("faults")),
                instant(r, "expires_at"),
                instant(r, "created_at"),
                instant(r, "paid_at"));
    }

    /** False if the number is taken. */
    boolean add(Trade t) {
        return update(
                        "insert into sim_trade values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null)"
                                + " on conflict (account_id, number) do nothing",
                        t.id(),
                        t.accountId(),
                        t.provider(),
                        t.number(),
                        t.code(),
                        t.amount(),
                        t.subject(),
                        t.notifyUrl(),
                        t.request(),
                        t.state(),
                        t.reported(),
                        t.transactionId(),
                        Fault.text(t.faults()),
                        t.expiresAt(),
                        t.createdAt())
                == 1;
    }

    /** A fresh code for the same order: the earlier one stops working. */
    void recode(UUID id, String code) {
        update("update sim_trade set code = ? where id = ?", code, id);
    }

    /** Takes one fault off an order's dial; false if it was not there (any more): what happens once happens to one caller. */
    boolean took(Trade trade, Fault fault) {
        if (!trade.faults().contains(fault)) return false;
        var left = EnumSet.copyOf(trade.faults());
        left.remove(fault);
        return update(
                        "update sim_trade set faults = ? where id = ? and faults = ?",
                        Fault.text(left),
                        trade.id(),
                        Fault.text(trade.faults()))
                == 1;
    }

    void dial(UUID id, Set<Fault> faults) {
        update("update sim_trade set faults = ? where id = ?", Fault.text(faults), id);
    }

    /** Moves from one state to another; false if it was not there any more. */
    boolean move(UUID id, String from, String to) {
        return update("update sim_trade set state = ? where id = ? and state = ?", to, id, from) == 1;
    }

    boolean pay(UUID id, long reported) {
        return update(
                        "update sim_trade set state = 'SUCCESS', paid_at = ?, reported = ? where id = ?"
                                + " and state in ('NOTPAY', 'USERPAYING')",
                        clock.instant(),
                        reported,
                        id)
                == 1;
    }

    void expireNow(UUID id) {
        update(
                "update sim_trade set expires_at = ? where id = ?",
                clock.instant().minusSeconds(1),
                id);
    }

    // the dial, before the order exists

    /** For orders of this number that are made later; those that are there already are turned too. */
    void dialAhead(String number, Set<Fault> faults) {
        update(
                "insert into sim_dial values (?, ?) on conflict (number) do update set faults = excluded.faults",
                number,
                Fault.text(faults));
        update("update sim_trade set faults = ? where number = ?", Fault.text(faults), number);
    }

    Set<Fault> dialledAhead(String number) {
        return query("select faults from sim_dial where number = ?", r -> Fault.parse(r.getString(1)), number).stream()
                .findFirst()
                .orElse(Set.of());
    }

    // notifications

    /**
     * @param refundId which refund it is about, or null for the payment
     * @param refundState what it says of that refund, or null for the payment
     */
    void addNotice(UUID trade, UUID refundId, String refundState, String noticeNo, boolean forged, Instant at) {
        update(
                "insert into sim_notice (id, trade_id, refund_id, refund_state, notice_no, forged, tries, next_at)"
                        + " values (?, ?, ?, ?, ?, ?, 0, ?)",
                Ids.next(),
                trade,
                refundId,
                refundState,
                noticeNo,
                forged,
                at);
    }

    /** Takes due notifications for this node: nobody else sends them in the next half minute. */
    List<Notice> takeDue(int atMost) {
        return query(
                "update sim_notice set next_at = ?, tries = tries + 1 where id in (select id from sim_notice"
                        + " where next_at <= ? order by next_at limit ? for update skip locked) returning *",
                Books::notice,
                clock.instant().plusSeconds(30),
                clock.instant(),
                atMost);
    }

    List<Notice> noticesOf(UUID trade) {
        return query("select * from sim_notice where trade_id = ? order by id", Books::notice, trade);
    }

    private static Notice notice(ResultSet r) throws SQLException {
        var status = r.getObject("status", Integer.class);
        return new Notice(
                r.getObject("id", UUID.class),
                r.getObject("trade_id", UUID.class),
                r.getString("notice_no"),
                r.getBoolean("forged"),
                r.getInt("tries"),
                status,
                r.getString("answer"),
                r.getObject("refund_id", UUID.class),
                r.getString("refund_state"));
    }

    /** @param next when to repeat it, or null if it was heard or given up */
    void told(UUID notice, Integer status, String answer, Instant next) {
        update("update sim_notice set status = ?, answer = ?, next_at = ? where id = ?", status, answer, next, notice);
    }

    // the log

    void log(String number, String way, String what, String verdict, String content) {
        update(
                "insert into sim_log values (?, ?, ?, ?, ?, ?, ?)",
                Ids.next(),
                number,
                clock.instant(),
                way,
                what,
                verdict,
                content.length() > 4_000 ? content.substring(0, 4_000) + "…" : content);
    }

    List<Line> log(String number) {
        return query(
                "select * from sim_log where number = ? order by at, id",
                r -> new Line(
                        instant(r, "at"),
                        r.getString("way"),
                        r.getString("what"),
                        r.getString("verdict"),
                        r.getString("content")),
                number);
    }
}
