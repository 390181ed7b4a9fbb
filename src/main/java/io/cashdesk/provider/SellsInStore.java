package io.cashdesk.provider;

import java.time.Duration;
import java.util.Optional;

/**
 * A provider whose payers buy in its own store, on their device (Apple's in-app purchase). The server is not needed to
 * pay; the app says afterwards what was bought. Only what the store has signed counts, or its own answer.
 */
public interface SellsInStore {
    /**
     * What an app sends of a purchase; at least one of the two is there.
     *
     * @param outTradeNo the order that it is to pay, for the sentence of a refusal; or an empty text
     * @param transactionId {@code transaction_identifier}: the store's number of the purchase, or an empty text
     * @param receipt {@code transaction_receipt}: a signed transaction, or a receipt of the app with all its purchases;
     *     or an empty text
     */
    record Proof(String outTradeNo, String transactionId, String receipt) {
        /** Of a purchase without a call that names an order. */
        public Proof(String transactionId, String receipt) {
            this("", transactionId, receipt);
        }
    }

    /**
     * Verifies a proof, and says what was bought. Blocks until the store answers, if it must be queried; never called
     * inside a transaction.
     *
     * @return empty if the proof is authentic, but has no such purchase and is so old that the app need not repeat it
     * @throws io.cashdesk.ground.problem.Problem PURCHASE_NOT_VERIFIED: it is not authentic, of another application or
     *     environment, or has no such purchase
     * @throws ProviderFailure if no verified answer came, and repeating it can help
     */
    Optional<Purchase> verify(AccountSettings account, Proof proof);

    /**
     * Sends the store what it wants to know about a purchase whose payer has asked it for the money
     * ({@link ParsedNotification.UsageAsked}), if the merchant allows that.
     *
     * @param delivered whether the merchant has delivered what was bought; empty if it is not known
     * @return false if the merchant does not allow it, and nothing was sent
     * @throws ProviderFailure if it was not sent, and repeating it can help
     */
    boolean answerUsage(AccountSettings account, Purchase purchase, Optional<Boolean> delivered);

    /**
     * For how long after its question the store takes that answer; afterwards it decides without one. A store that does
     * not say is answered within an hour.
     */
    default Duration answersWithin() {
        return Duration.ofHours(1);
    }
}
