package io.cashdesk.provider;

import io.cashdesk.ground.money.Money;
import java.net.URI;

/**
 * A refund to request. The same on every retry.
 *
 * @param attempt through which it had come
 * @param transactionId the provider's number of the payment
 * @param refundNo the number this refund carries there
 * @param refundId the provider's own number of it, or an empty text as long as it has said none
 * @param amount what goes back
 * @param total what had come in that payment
 * @param reason shown to the payer by some wallets; may be empty
 * @param notifyUrl where the provider notifies us of its outcome, if it does
 */
public record RefundRequest(
        AttemptRef attempt,
        String transactionId,
        String refundNo,
        String refundId,
        Money amount,
        Money total,
        String reason,
        URI notifyUrl) {}
