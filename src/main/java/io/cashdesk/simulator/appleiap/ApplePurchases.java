package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.SimulatorDatabase;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import io.cashdesk.simulator.appleiap.ApplePurchase.Detail;
import io.cashdesk.simulator.appleiap.ApplePurchase.Revocation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code sim_apple_purchase}: purchases, beside {@code sim_trade}. */
@ApplicationScoped
class ApplePurchases {
    @Inject
    SimulatorDatabase database;

    @Inject
    TradeStore trades;

    void add(Detail d) {
        database.update(
                """
                insert into sim_apple_purchase (trade_id, account_id, transaction_id, original_id, environment, product_id,
                    product_type, quantity, price, currency, token, ownership, purchased_at, original_at, expires_at,
                    receipt_with)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                d.tradeId(),
                d.accountId(),
                d.transactionId(),
                d.originalId(),
                d.environment().text(),
                d.productId(),
                d.type(),
                d.quantity(),
                d.price(),
                d.currency(),
                d.token(),
                d.ownership(),
                d.purchasedAt(),
                d.originalAt(),
                d.expiresAt(),
                String.join(",", d.with()));
    }

    /** The purchase of a trade; empty for a trade that is none, but carries a test notification. */
    Optional<ApplePurchase> of(Trade trade) {
        return first("trade_id = ?", trade.id());
    }

    /** By Apple's number, of any app. */
    Optional<ApplePurchase> byId(String transactionId) {
        return first("transaction_id = ?", transactionId);
    }

    Optional<ApplePurchase> byId(UUID account, String transactionId) {
        return first("account_id = ? and transaction_id = ?", account, transactionId);
    }

    /** All payments of one subscription, oldest first. */
    List<ApplePurchase> ofSubscription(ApplePurchase purchase) {
        return select(
                "account_id = ? and original_id = ? order by trade_id",
                purchase.detail().accountId(),
                purchase.detail().originalId());
    }

    /**
     * The purchases of the payer who made this one, as far as they are known to be of the same: with the same token, or
     * of the same subscription; oldest first.
     */
    List<ApplePurchase> ofPayer(ApplePurchase purchase) {
        var d = purchase.detail();
        return select("""
                account_id = ? and environment = ? and (original_id = ? or (token <> '' and lower(token) = lower(?)))
                order by trade_id""", d.accountId(), d.environment().text(), d.originalId(), d.token());
    }

    /**
     * Newest first.
     *
     * @param token only those with this one; an empty text: all
     */
    List<ApplePurchase> latest(UUID account, String token, int atMost) {
        return select(
                "account_id = ? and (? = '' or lower(token) = lower(?)) order by trade_id desc limit " + atMost,
                account,
                token,
                token);
    }

    private Optional<ApplePurchase> first(String where, Object... parameters) {
        return select(where, parameters).stream().findFirst();
    }

    private List<ApplePurchase> select(String where, Object... parameters) {
        return database
                .query("select * from sim_apple_purchase where " + where, ApplePurchases::read, parameters)
                .stream()
                .map(d -> new ApplePurchase(trades.get(d.tradeId()), d))
                .toList();
    }

    private static Detail read(ResultSet r) throws SQLException {
        var with = r.getString("receipt_with");
        var revokedAt = SimulatorDatabase.instant(r, "revoked_at");
        return new Detail(
                r.getObject("trade_id", UUID.class),
                r.getObject("account_id", UUID.class),
                r.getString("transaction_id"),
                r.getString("original_id"),
                Environment.of(r.getString("environment")).orElseThrow(),
                r.getString("product_id"),
                r.getString("product_type"),
                r.getLong("quantity"),
                r.getLong("price"),
                r.getString("currency"),
                r.getString("token"),
                r.getString("ownership"),
                SimulatorDatabase.instant(r, "purchased_at"),
                SimulatorDatabase.instant(r, "original_at"),
                SimulatorDatabase.instant(r, "expires_at"),
                revokedAt == null
                        ? null
                        : new Revocation(
                                revokedAt,
                                r.getInt("revocation_reason"),
                                r.getString("revocation_type"),
                                r.getLong("revocation_percentage")),
                with.isEmpty() ? List.of() : List.of(with.split(",")));
    }

    /** Returns false if it was taken back before, and not given again. */
    boolean revoke(UUID trade, Revocation how) {
        return database.update("""
                        update sim_apple_purchase set revoked_at = ?, revocation_reason = ?, revocation_type = ?,
                            revocation_percentage = ?
                        where trade_id = ? and revoked_at is null""", how.at(), how.reason(), how.type(), how.percentage(), trade) == 1;
    }

    /** Apple reverses a refund; returns false if there is none. */
    boolean restore(UUID trade) {
        return database.update("""
                        update sim_apple_purchase set revoked_at = null, revocation_reason = null, revocation_type = null,
                            revocation_percentage = null
                        where trade_id = ? and revoked_at is not null""", trade) == 1;
    }

    /** Lets {@code verifyReceipt} answer this status so many times for receipts with this purchase. */
    void setStatus(UUID trade, int status, long times) {
        database.update(
                "update sim_apple_purchase set next_status = ?, next_status_times = ? where trade_id = ?",
                status,
                times,
                trade);
    }

    /** The status that a test set for this purchase; each call uses up one of its times. */
    Optional<Integer> takeStatus(UUID trade) {
        return database.first("""
                update sim_apple_purchase set next_status_times = next_status_times - 1
                where trade_id = ? and next_status_times > 0 returning next_status""", r -> r.getInt(1), trade);
    }

    /** Moves back the purchase's own times. */
    void age(UUID trade, Duration by) {
        var seconds = (double) by.toSeconds();
        database.update("""
                update sim_apple_purchase set purchased_at = purchased_at - make_interval(secs => ?),
                    original_at = original_at - make_interval(secs => ?),
                    expires_at = expires_at - make_interval(secs => ?),
                    revoked_at = revoked_at - make_interval(secs => ?)
                where trade_id = ?""", seconds, seconds, seconds, seconds, trade);
    }
}
