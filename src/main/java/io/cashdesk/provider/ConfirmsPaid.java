package io.cashdesk.provider;

import jakarta.json.JsonObject;

/**
 * A provider that needs to know that a payment which a query found is recorded here, because the answer to its
 * notification would have said so (WeChat's virtual payment: "delivered").
 */
public interface ConfirmsPaid {
    /**
     * Confirms a payment, if its report says that the provider still waits for that. Called after the report was
     * applied and committed; a failure changes nothing about the payment.
     *
     * @param report what the query brought
     * @param goods what was bought, as {@link Prices} has it
     * @throws ProviderFailure if it was not confirmed
     */
    void confirm(AccountSettings account, AttemptRef attempt, ProviderReport.Paid report, JsonObject goods);
}
