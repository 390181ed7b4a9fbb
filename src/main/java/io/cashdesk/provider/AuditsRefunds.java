package io.cashdesk.provider;

/**
 * A provider whose payers can request a refund there, which the merchant accepts or refuses before a deadline
 * ({@link ParsedNotification.RefundRequested}).
 */
public interface AuditsRefunds {
    /** How many characters the reason of a refusal may have. */
    int longestReason();

    /**
     * Sends the merchant's decision. May be repeated with the same decision.
     *
     * @param attempt of the payment
     * @param refundId the provider's number of the request
     * @param reason shown to the payer if it is refused
     * @throws ProviderFailure always of a kind that says whether repeating it is safe
     */
    void decide(AccountSettings account, AttemptRef attempt, String refundId, boolean accepted, String reason);
}
