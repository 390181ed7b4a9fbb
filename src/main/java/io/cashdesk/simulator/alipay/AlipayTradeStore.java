package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.SimulatorDatabase;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The tables {@code sim_alipay_trade} and {@code sim_alipay_code}: what only Alipay stores of trades. */
@ApplicationScoped
class AlipayTradeStore {
    /** How long a trade whose end is checked is left to the node that claimed it. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    void add(AlipayTradeDetail detail) {
        database.update(
                """
                insert into sim_alipay_trade (trade_id, product, app_id, return_url, quit_url, decides_at, decision, watch_at)
                values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""",
                detail.tradeId(),
                detail.product().method,
                detail.appId(),
                detail.returnUrl(),
                detail.quitUrl(),
                detail.decidesAt(),
                detail.decision(),
                detail.watchAt());
    }

    Optional<AlipayTradeDetail> detail(UUID trade) {
        return database.first(
                "select * from sim_alipay_trade where trade_id = ?",
                r -> new AlipayTradeDetail(
                        r.getObject("trade_id", UUID.class),
                        AlipayProduct.named(r.getString("product")),
                        r.getString("app_id"),
                        r.getString("return_url"),
                        r.getString("quit_url"),
                        SimulatorDatabase.instant(r, "decides_at"),
                        r.getString("decision"),
                        SimulatorDatabase.instant(r, "watch_at"),
                        SimulatorDatabase.instant(r, "closed_at")),
                trade);
    }

    /** By Alipay's number. */
    Optional<Trade> byTradeNo(UUID account, String tradeNo) {
        return database.first(
                "select * from sim_trade where account_id = ? and transaction_id = ?",
                TradeStore::read,
                account,
                tradeNo);
    }

    /** Gives a trade whose code was never scanned another code and another expiry. */
    void renewCode(UUID trade, String code, Instant expiresAt) {
        database.update(
                "update sim_trade set code = ?, expires_at = ? where id = ? and state = 'UNSCANNED'",
                code,
                expiresAt,
                trade);
    }

    /** Binds a payment code to an order number; returns false if it is bound to another. */
    boolean takeCode(String code, UUID account, String number) {
        database.update("""
                insert into sim_alipay_code (auth_code, account_id, number, made_at) values (?, ?, ?, ?)
                on conflict do nothing""", code, account, number, clock.instant());
        return database.first(
                        "select 1 from sim_alipay_code where auth_code = ? and account_id = ? and number = ?",
                        r -> true,
                        code,
                        account,
                        number)
                .isPresent();
    }

    /** The payer's decision if its moment has come: PAY or CLOSE. Of several callers one gets it. */
    Optional<String> takeDecision(UUID trade) {
        return database.first("""
                update sim_alipay_trade set decides_at = null where trade_id = ? and decides_at <= ?
                returning decision""", r -> r.getString(1), trade, clock.instant());
    }

    /** At most 50 trades whose payer's decision is due. */
    List<UUID> decisionsDue() {
        return database.query(
                "select trade_id from sim_alipay_trade where decides_at <= ? order by decides_at limit 50",
                r -> r.getObject(1, UUID.class),
                clock.instant());
    }

    /** Claims, for this node, at most 50 trades whose end is to be checked. */
    List<UUID> claimWatched() {
        return database.query(
                """
                update sim_alipay_trade set watch_at = ?
                where trade_id in (select trade_id from sim_alipay_trade where watch_at <= ? order by watch_at limit 50
                    for update skip locked)
                returning trade_id""", r -> r.getObject(1, UUID.class), clock.instant().plus(LEASE), clock.instant());
    }

    /** @param at when to check its end next, or null for never */
    void watch(UUID trade, Instant at) {
        database.update("update sim_alipay_trade set watch_at = ? where trade_id = ?", at, trade);
    }

    /** Makes the check of its end due now, unless it is not checked at all. */
    void watchNow(UUID trade) {
        database.update(
                "update sim_alipay_trade set watch_at = ? where trade_id = ? and watch_at is not null",
                clock.instant(),
                trade);
    }

    void markClosed(UUID trade) {
        database.update("update sim_alipay_trade set closed_at = ? where trade_id = ?", clock.instant(), trade);
    }

    /** Locks a trade until the caller's transaction ends, so that two refunds cannot use the same amount. */
    Trade lock(UUID trade) {
        return database.query("select * from sim_trade where id = ? for update", TradeStore::read, trade)
                .get(0);
    }

    /** Moves back the times of the payer's decision and of the check of the trade's end. */
    void age(UUID trade, Duration by) {
        var seconds = (double) by.toSeconds();
        database.update("""
                update sim_alipay_trade set decides_at = decides_at - make_interval(secs => ?),
                    watch_at = watch_at - make_interval(secs => ?)
                where trade_id = ?""", seconds, seconds, trade);
    }
}
