package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code sim_trade}: orders at the simulated providers, with their faults. */
@ApplicationScoped
public class TradeStore {
    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    /** By the merchant's number. */
    public Optional<Trade> find(UUID account, String number) {
        return database.first(
                "select * from sim_trade where account_id = ? and number = ?", TradeStore::read, account, number);
    }

    /** The trade of this id, which must exist. */
    public Trade get(UUID id) {
        return database.query("select * from sim_trade where id = ?", TradeStore::read, id)
                .get(0);
    }

    public Optional<Trade> byCode(String code) {
        return database.first("select * from sim_trade where code = ?", TradeStore::read, code);
    }

    /** A paid trade, by the provider's number. */
    public Optional<Trade> paidByTransactionId(UUID account, String transactionId) {
        return database.first(
                "select * from sim_trade where account_id = ? and transaction_id = ? and paid_at is not null",
                TradeStore::read,
                account,
                transactionId);
    }

    /** A trade of any account of this provider, by the provider's number. */
    public Optional<Trade> byTransactionId(String provider, String transactionId) {
        return database.first(
                "select * from sim_trade where provider = ? and transaction_id = ?",
                TradeStore::read,
                provider,
                transactionId);
    }

    /** The trades of all accounts with this number, newest first. */
    public List<Trade> byNumber(String number) {
        return database.query(
                "select * from sim_trade where number = ? order by created_at desc, id desc", TradeStore::read, number);
    }

    /**
     * Newest first.
     *
     * @param provider an empty text: of all
     * @param states the stored ones; empty: in any
     * @param before the trades whose id is smaller, which are older
     */
    List<Trade> latest(String provider, Collection<String> states, UUID before, int atMost) {
        var stored = String.join(",", states);
        return database.query("""
                select * from sim_trade where id < ? and ? in ('', provider) and (? = '' or state = any (string_to_array(?, ',')))
                order by id desc limit ?""", TradeStore::read, before, provider, stored, stored, atMost);
    }

    /** Makes a trade of a row of {@code sim_trade}. */
    public static Trade read(ResultSet r) throws SQLException {
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
                FaultSettings.parse(r.getString("faults")),
                SimulatorDatabase.instant(r, "expires_at"),
                SimulatorDatabase.instant(r, "created_at"),
                SimulatorDatabase.instant(r, "paid_at"));
    }

    /** Returns false if the account has a trade with this number. */
    boolean add(Trade t) {
        return database.update(
                        """
                        insert into sim_trade values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null)
                        on conflict (account_id, number) do nothing""",
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
                        FaultSettings.text(t.faults()),
                        t.expiresAt(),
                        t.createdAt())
                == 1;
    }

    /** Gives a trade another code; the earlier one stops working. */
    public void replaceCode(UUID id, String code) {
        database.update("update sim_trade set code = ? where id = ?", code, id);
    }

    /**
     * Removes a fault from a trade. Of several callers at the same moment one gets true: a fault that happens once does
     * so once.
     */
    public boolean takeFault(Trade trade, Fault fault) {
        if (!trade.has(fault)) return false;
        var left = new LinkedHashSet<>(trade.faults());
        left.remove(fault.name());
        return database.update(
                        "update sim_trade set faults = ? where id = ? and faults = ?",
                        FaultSettings.text(left),
                        trade.id(),
                        FaultSettings.text(trade.faults()))
                == 1;
    }

    /** Takes the first of these faults that the trade has. */
    public Optional<Fault> takeFirst(Trade trade, List<? extends Fault> faults) {
        for (var fault : faults) if (takeFault(trade, fault)) return Optional.of(fault);
        return Optional.empty();
    }

    /** Returns false if the trade is not in the state {@code from} (any more). */
    public boolean changeState(UUID id, String from, String to) {
        return database.update("update sim_trade set state = ? where id = ? and state = ?", to, id, from) == 1;
    }

    /**
     * Returns false if the trade cannot be paid (any more).
     *
     * @param reported fen
     */
    public boolean markPaid(UUID id, long reported) {
        return database.update("""
                        update sim_trade set state = 'SUCCESS', paid_at = ?, reported = ?
                        where id = ? and state in ('NOTPAY', 'USERPAYING')""", clock.instant(), reported, id) == 1;
    }

    void expireNow(UUID id) {
        database.update(
                "update sim_trade set expires_at = ? where id = ?",
                clock.instant().minusSeconds(1),
                id);
    }

    /** The trades that were paid to this account from {@code from} until before {@code to}, oldest payment first. */
    public List<Trade> paidBetween(UUID account, Instant from, Instant to) {
        return database.query("""
                select * from sim_trade where account_id = ? and paid_at >= ? and paid_at < ?
                order by paid_at, id""", TradeStore::read, account, from, to);
    }

    /** Moves back the trade's times. */
    void age(UUID id, Duration by) {
        var seconds = (double) by.toSeconds();
        database.update("""
                update sim_trade set created_at = created_at - make_interval(secs => ?),
                    paid_at = paid_at - make_interval(secs => ?),
                    expires_at = expires_at - make_interval(secs => ?)
                where id = ?""", seconds, seconds, seconds, id);
    }
}
