package io.cashdesk.simulator;

import java.time.Instant;

/**
 * An order that a merchant makes; the components are those of {@link Trade}.
 *
 * @param transactionId the provider's number, or an empty text: a new one is made
 */
public record NewTrade(
        Account account,
        String number,
        String code,
        long amount,
        String subject,
        String notifyUrl,
        String request,
        String state,
        String transactionId,
        Instant expiresAt) {
    /** An order that carries the merchant's own number. */
    public NewTrade(
            Account account,
            String number,
            String code,
            long amount,
            String subject,
            String notifyUrl,
            String request,
            String state,
            Instant expiresAt) {
        this(account, number, code, amount, subject, notifyUrl, request, state, "", expiresAt);
    }
}
