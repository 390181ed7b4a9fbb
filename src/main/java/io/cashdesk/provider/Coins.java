package io.cashdesk.provider;

import jakarta.json.JsonArray;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A provider that keeps the coins of a merchant's users: bought by payments, spent and given by the merchant. Amounts
 * are coins, whole numbers. Every call but the query carries a number of the merchant's; a call that is repeated with
 * the same number takes effect once.
 */
public interface Coins extends NeedsSession {
    /** The folder of these calls in the API: "wxpayVirtual" in {@code /api/pay/wxpayVirtual/currencyPay}. */
    String folder();

    /** The product whose account keeps the coins. */
    PayType coinProduct();

    /** Whether a merchant's number may be used there. */
    boolean fitsCoins(String number);

    /**
     * Whose coins.
     *
     * @param ip the user's IP address as far as it is known
     * @param session of the user's last login; empty where the call needs none
     */
    record User(String openid, String ip, Optional<SessionKey> session) {}

    /**
     * What a user has.
     *
     * @param balance all coins, given ones included
     * @param presentBalance the given ones of them
     * @param sumSave bought ever
     * @param sumPresent given ever
     * @param sumBalance added ever
     * @param sumCost spent ever
     * @param firstSaveFlag whether the offer for the first purchase still applies
     */
    record Balance(
            long balance,
            long presentBalance,
            long sumSave,
            long sumPresent,
            long sumBalance,
            long sumCost,
            boolean firstSaveFlag) {}

    /**
     * What is left after a call; empty what the provider does not say, as when the same call had succeeded before.
     *
     * @param presentBalance the given coins that are left
     * @param usedPresent how many given coins were spent
     */
    record Left(OptionalLong balance, OptionalLong presentBalance, OptionalLong usedPresent) {
        public static final Left UNKNOWN = new Left(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
    }

    /** @throws ProviderFailure if no verified answer came */
    Balance queryUserBalance(AccountSettings account, User user);

    /**
     * Spends coins.
     *
     * @param number the merchant's
     * @param items what is bought: objects with {@code productid}, {@code unit_price} and {@code quantity}
     * @throws ProviderFailure DECLINED if nothing was spent
     */
    Left currencyPay(AccountSettings account, User user, String number, long amount, JsonArray items, String remark);

    /**
     * Takes spending back.
     *
     * @param spent the number under which the coins were spent
     * @param number the merchant's number of this call
     * @param sentBefore whether the same call was sent before and its outcome is not known: then an answer that the
     *     spending is given back already means this call
     * @throws ProviderFailure DECLINED if nothing was given back
     */
    void cancelCurrencyPay(
            AccountSettings account, User user, String spent, String number, long amount, boolean sentBefore);

    /**
     * Gives coins.
     *
     * @throws ProviderFailure DECLINED if nothing was given
     */
    Left presentCurrency(AccountSettings account, User user, String number, long amount);
}
