package io.cashdesk.provider;

import java.time.Instant;
import java.util.Optional;

/**
 * A purchase that a provider's store has confirmed ({@link SellsInStore}).
 *
 * @param paid the payment. {@link ProviderReport.Paid#attemptNo} is the number that the store has carried for us, or an
 *     empty text if the app gave it none; {@link ProviderReport.Details#goods} is what was bought
 * @param firstTransactionId the store's number of the first purchase of the same subscription; of every other purchase
 *     its own number
 * @param subscription whether it renews itself, so that one purchase is followed by others without a call of the app
 * @param environment the store's word for where it was bought: "Production", "Sandbox"; only the first costs money
 * @param returned what the store says in the purchase itself of its return to the payer; present exactly if
 *     {@link ProviderReport.Paid#wentBack} is not NOTHING
 */
public record Purchase(
        ProviderReport.Paid paid,
        String firstTransactionId,
        boolean subscription,
        String environment,
        Optional<Return> returned) {
    /** Thousandths of a percent: all of a purchase. */
    public static final int ALL = 100_000;

    /**
     * The store has returned the money of a purchase to the payer, all or a part of it.
     *
     * @param refundNo tells it from another return of the same purchase; equal in every report of the same return
     * @param thousandths how much of it, in thousandths of a percent: 1 to {@value Purchase#ALL}, which is all of it
     * @param at the store's moment, or null where it does not say
     */
    public record Return(String refundNo, int thousandths, Instant at) {
        /** Whether it is all of the purchase. */
        public boolean whole() {
            return thousandths >= ALL;
        }
    }

    /** One of which the store has returned nothing. */
    public Purchase(ProviderReport.Paid paid, String firstTransactionId, boolean subscription, String environment) {
        this(paid, firstTransactionId, subscription, environment, Optional.empty());
    }

    public String transactionId() {
        return paid.transactionId();
    }

    /** Whether it is a later payment of a subscription. */
    public boolean renewal() {
        return subscription && !firstTransactionId.equals(transactionId());
    }
}
