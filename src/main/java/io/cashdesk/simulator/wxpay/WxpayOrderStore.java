package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.SimulatorDatabase;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
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

/**
 * The tables {@code sim_wechat_trade}, {@code sim_wechat_prepay} and {@code sim_wechat_code}: orders and how they are
 * paid.
 */
@ApplicationScoped
public class WxpayOrderStore {
    @Inject
    SimulatorDatabase database;

    @Inject
    AccountStore accounts;

    @Inject
    TradeStore trades;

    @Inject
    Clock clock;

    /**
     * A prepay id: with it the payer's WeChat may open the order.
     *
     * @param redirectUrl where the payer's browser goes afterwards, or an empty text
     */
    record Prepay(String id, UUID tradeId, Instant madeAt, String redirectUrl) {}

    // orders

    /** Does nothing if the trade has a row. */
    void add(WxpayOrderDetail d) {
        database.update(
                """
                insert into sim_wechat_trade (trade_id, product, partner, app_id, sub_mchid, sub_appid, openid, sub_openid,
                    attach, device_id, client_ip)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""",
                d.tradeId(),
                d.product().name(),
                d.partner(),
                d.appId(),
                d.subMchid(),
                d.subAppid(),
                d.openid(),
                d.subOpenid(),
                d.attach(),
                d.deviceId(),
                d.clientIp());
    }

    public WxpayOrder withDetail(Trade trade) {
        var detail = database.first(
                        "select * from sim_wechat_trade where trade_id = ?", WxpayOrderStore::detail, trade.id())
                .orElseGet(() -> WxpayOrderDetail.unknown(
                        trade.id(), accounts.get(trade.accountId()).appId()));
        return new WxpayOrder(trade, detail);
    }

    private static WxpayOrderDetail detail(ResultSet r) throws SQLException {
        return new WxpayOrderDetail(
                r.getObject("trade_id", UUID.class),
                WxpayProduct.valueOf(r.getString("product")),
                r.getBoolean("partner"),
                r.getString("app_id"),
                r.getString("sub_mchid"),
                r.getString("sub_appid"),
                r.getString("openid"),
                r.getString("sub_openid"),
                r.getString("attach"),
                r.getString("device_id"),
                r.getString("client_ip"),
                r.getLong("refunded"),
                r.getInt("refunds"));
    }

    /** What was paid to this account in a span of time, oldest first. */
    List<WxpayOrder> paidBetween(UUID account, Instant from, Instant to) {
        return trades.paidBetween(account, from, to).stream()
                .map(this::withDetail)
                .toList();
    }

    // payment codes

    /** The payer enters the password; at this moment the trade gets this state. */
    void decideLater(UUID trade, String outcome, Instant at) {
        database.update(
                "update sim_wechat_trade set outcome = ?, decides_at = ? where trade_id = ?", outcome, at, trade);
    }

    /** Writes the payer's decision into the trade if its moment has come; returns true if it is paid by this. */
    boolean decide(UUID trade) {
        return database.first("""
                update sim_trade t
                set state = w.outcome, paid_at = case w.outcome when 'SUCCESS' then w.decides_at end
                from sim_wechat_trade w
                where w.trade_id = t.id and t.id = ? and t.state = 'USERPAYING' and w.decides_at <= ?
                returning t.state""", r -> r.getString(1).equals("SUCCESS"), trade, clock.instant())
                .orElse(false);
    }

    /** Binds a payment code to an order number; returns false if the code, or the number, is bound to another. */
    boolean takeCode(String code, UUID account, String number) {
        database.update("""
                insert into sim_wechat_code (auth_code, account_id, number, made_at) values (?, ?, ?, ?)
                on conflict do nothing""", code, account, number, clock.instant());
        return database.first(
                        "select 1 from sim_wechat_code where auth_code = ? and account_id = ? and number = ?",
                        r -> true,
                        code,
                        account,
                        number)
                .isPresent();
    }

    boolean numberHasCode(UUID account, String number) {
        return database.first(
                        "select 1 from sim_wechat_code where account_id = ? and number = ?", r -> true, account, number)
                .isPresent();
    }

    // prepay ids

    void addPrepay(String id, UUID trade) {
        database.update("insert into sim_wechat_prepay values (?, ?, ?, '')", id, trade, clock.instant());
    }

    Optional<Prepay> prepay(String id) {
        return database.first(
                "select * from sim_wechat_prepay where prepay_id = ?",
                r -> new Prepay(
                        r.getString("prepay_id"),
                        r.getObject("trade_id", UUID.class),
                        SimulatorDatabase.instant(r, "made_at"),
                        r.getString("redirect_url")),
                id);
    }

    void redirectTo(String prepayId, String url) {
        database.update("update sim_wechat_prepay set redirect_url = ? where prepay_id = ?", url, prepayId);
    }

    /** Moves back the times of the order's prepay ids and of the payer's decision. */
    void age(UUID trade, Duration by) {
        var seconds = (double) by.toSeconds();
        database.update(
                "update sim_wechat_prepay set made_at = made_at - make_interval(secs => ?) where trade_id = ?",
                seconds,
                trade);
        database.update(
                "update sim_wechat_trade set decides_at = decides_at - make_interval(secs => ?) where trade_id = ?",
                seconds,
                trade);
    }
}
