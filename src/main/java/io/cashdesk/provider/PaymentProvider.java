package io.cashdesk.provider;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * What every provider can be asked. An adapter translates between our words and one provider's wire, and nothing else: it
 * stores nothing and decides nothing. What not every provider can do is an interface of its own, and implementing it is how
 * an adapter says that it can.
 */
public interface PaymentProvider {
    ProviderName name();

    /** The products it offers, as the API names them: "wxpay_h5". */
    Set<String> payTypes();

    /** The configuration node that this product uses: "h5". */
    String node(String payType);

    /** Every node that this provider's configuration may have, used already or not. */
    Set<String> nodes();

    /** The provider's own address, for accounts that name no gateway. */
    URI gateway();

    /** The keys of a node whose values are secret: never shown, only fingerprinted. */
    Set<String> secrets();

    /**
     * Checks a node before it is saved: everything that can be known to be wrong without asking the provider.
     *
     * @throws IllegalArgumentException with a sentence that names the key and what it should be
     */
    void check(AccountSettings account);

    Identity identity(AccountSettings account);

    /** The shortest life it gives a payment: an expiry nearer than this is not kept. */
    default Duration shortestLife() {
        return Duration.ofSeconds(1);
    }

    /** Whether a refusal with this code means that the number was used up there, so that only a new one can work (D7). */
    default boolean saysNumberIsSpent(String providerCode) {
        return false;
    }

    /** Whether a merchant's own number may be this provider's number (D7). */
    boolean fits(String outTradeNo);

    /**
     * Asks the provider to collect a payment. Blocks until it answers; never called inside a transaction.
     *
     * @throws ProviderFailure always of a kind that says whether asking again is safe
     */
    PaymentPrompt create(AccountSettings account, PaymentRequest request);

    /**
     * Verifies a notification and only then reads it. Makes no network call.
     *
     * @throws ProviderFailure NOT_AUTHENTIC if it is not the provider's, or not for this account
     */
    ProviderNews read(AccountSettings account, RawNotification notification);

    /** What the provider wants to hear when we have the message safely. */
    Thanks thanks();

    /** What makes the provider repeat its message, or (not authentic) tells a forger no. */
    Thanks refusal(boolean authentic, String reason);

    /** A provider that can be asked about an attempt. */
    interface Queries {
        /** @throws ProviderFailure if no verified answer came; an unknown number is an answer, {@link ProviderReport.Absent} */
        ProviderReport query(AccountSettings account, String attemptNo);
    }

    /** A provider that can be told to take no more money for an attempt. */
    interface Closes {
        /**
         * Closes the attempt at the provider and says what is true afterwards: {@link ProviderReport.Closed}, {@link
         * ProviderReport.Paid} if the payer was faster, {@link ProviderReport.Unpaid} if it cannot be closed right now, or {@link
         * ProviderReport.Absent} if there is nothing to close (which proves nothing about later).
         */
        ProviderReport close(AccountSettings account, String attemptNo);
    }
}
