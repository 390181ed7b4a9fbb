package io.cashdesk.provider;

import jakarta.json.JsonObject;

/**
 * A provider that needs to know that a payment which a query found is recorded here, because the answer to its
 * notification would have said so (WeChat's virtual payment: "delivered").
 */
public interface ConfirmsPaid {
    /** Whether the provider waits for a confirmation of payments for such goods, as {@link Prices} has them. */
    boolean waitsForConfirmation(JsonObject goods);

    /**
     * Confirms a payment, if its report says that the provider still waits for that. Called when the payment pays its
     * order and that is committed, once more after a failure, which changes nothing about the payment.
     *
     * @param report what the query brought
     * @param goods what was bought, as {@link Prices} has it
     * @throws ProviderFailure if it was not confirmed
     */
    void confirm(AccountSettings account, AttemptRef attempt, ProviderReport.Paid report, JsonObject goods);
}
