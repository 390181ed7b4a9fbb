package io.cashdesk.provider;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Optional;

/**
 * A provider whose payers buy in its own store, on their device (in-app purchase). The server is not needed to pay; the
 * app says afterwards what was bought. Only what the store has signed counts, or its own answer.
 */
public interface SellsInStore {
    /**
     * What an app sends of a purchase, and which order it is to pay; at least one of the last two is there.
     *
     * @param outTradeNo the order that it is to pay, for the sentence of a refusal; or an empty text
     * @param attemptNo the number that the store should carry for us, or an empty text
     * @param goods what the order is of, as {@link ProviderReport.Details#goods} has it; empty if it is not known. Both
     *     only choose among several purchases in one receipt: whether a purchase pays the order is decided later
     * @param transactionId {@code transaction_identifier}: the store's number of the purchase, or an empty text
     * @param receipt {@code transaction_receipt}: a signed transaction, or a receipt of the app with all its purchases;
     *     or an empty text
     */
    record Proof(String outTradeNo, String attemptNo, JsonObject goods, String transactionId, String receipt) {
        /** For an order of which no more is known than its number. */
        public Proof(String outTradeNo, String transactionId, String receipt) {
            this(outTradeNo, "", JsonValue.EMPTY_JSON_OBJECT, transactionId, receipt);
        }

        /** The same, to pay an attempt whose number and goods these are. */
        public Proof of(String attempt, JsonObject ordered) {
            return new Proof(outTradeNo, attempt, ordered, transactionId, receipt);
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

    /** Whether {@link #verify} calls the store for this proof; callers are limited then. */
    default boolean queriesStore(Proof proof) {
        return true;
    }

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
