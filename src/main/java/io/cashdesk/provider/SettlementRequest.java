package io.cashdesk.provider;

import io.cashdesk.ground.money.Money;
import java.net.URI;

/**
 * A settlement to request. The same on every retry.
 *
 * @param attempt through which the payment came
 * @param transactionId the provider's number of the payment
 * @param settlementNo the number that this settlement carries there: 32 digits and a to f
 * @param amount what is left of the payment after refunds; more than nothing
 * @param notifyUrl where the provider notifies us of its outcome
 */
public record SettlementRequest(
        AttemptRef attempt, String transactionId, String settlementNo, Money amount, URI notifyUrl) {}
