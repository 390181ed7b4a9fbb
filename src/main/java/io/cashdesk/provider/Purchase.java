package io.cashdesk.provider;

/**
 * A purchase that a provider's store has confirmed ({@link SellsInStore}).
 *
 * @param paid the payment. {@link ProviderReport.Paid#attemptNo} is the number that the store has carried for us, or an
 *     empty text if the app gave it none; {@link ProviderReport.Details#goods} is what was bought
 * @param firstTransactionId the store's number of the first purchase of the same subscription; of every other purchase
 *     its own number
 * @param subscription whether it renews itself, so that one purchase is followed by others without a call of the app
 * @param environment the store's word for where it was bought: "Production", "Sandbox"; only the first costs money
 */
public record Purchase(ProviderReport.Paid paid, String firstTransactionId, boolean subscription, String environment) {
    public String transactionId() {
        return paid.transactionId();
    }

    /** Whether it is a later payment of a subscription. */
    public boolean renewal() {
        return subscription && !firstTransactionId.equals(transactionId());
    }
}
