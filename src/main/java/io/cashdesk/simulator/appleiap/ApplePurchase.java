package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A purchase: the trade, and what the App Store stores of it. */
record ApplePurchase(Trade trade, Detail detail) {
    /**
     * @param transactionId Apple's number
     * @param originalId Apple's number of the first purchase of the same subscription; otherwise its own
     * @param type Apple's word for the kind of the product
     * @param price milliunits of the currency for all pieces: 990 is 0.99
     * @param token {@code appAccountToken} as the app passed it, or an empty text
     * @param ownership PURCHASED or FAMILY_SHARED
     * @param originalAt when the first purchase of the same subscription was made
     * @param expiresAt the end of the paid time of a subscription, otherwise null
     * @param revocation null unless Apple took it back
     * @param with the purchases that its receipt lists before it
     */
    record Detail(
            UUID tradeId,
            UUID accountId,
            String transactionId,
            String originalId,
            Environment environment,
            String productId,
            String type,
            long quantity,
            long price,
            String currency,
            String token,
            String ownership,
            Instant purchasedAt,
            Instant originalAt,
            Instant expiresAt,
            Revocation revocation,
            List<String> with) {
        boolean subscription() {
            return type.equals(AppleProduct.SUBSCRIPTION);
        }

        boolean renewal() {
            return !originalId.equals(transactionId);
        }
    }

    /**
     * Apple took a purchase back.
     *
     * @param reason 0 another one, 1 a problem of the app
     * @param type REFUND_FULL, REFUND_PRORATED or FAMILY_REVOKE
     * @param percentage in thousandths of a percent: 100000 is all of it
     */
    record Revocation(Instant at, int reason, String type, long percentage) {
        static final String FULL = "REFUND_FULL";
        static final String PRORATED = "REFUND_PRORATED";
        static final String FAMILY = "FAMILY_REVOKE";
        static final long ALL = 100_000;

        boolean whole() {
            return percentage == ALL;
        }
    }

    /** Fen that the revocation gives back. */
    long refunded() {
        return detail.revocation() == null
                ? 0
                : (trade.amount() * detail.revocation().percentage() + Revocation.ALL / 2) / Revocation.ALL;
    }
}
