package io.cashdesk.provider;

import java.net.URI;
import java.util.Optional;

/**
 * A provider at which the server opens a payment that the payer then finishes.
 *
 * <p>A provider whose adapter needs no answer for that, only a signature (an address to send the payer to, parameters
 * for the wallet), creates without a call. A provider whose payments begin on the payer's device, without anything from
 * a server (a purchase in an app's store), creates without a call too: the app gets a number that comes back with the
 * purchase.
 */
public interface Creates {
    /**
     * Asks the provider to collect a payment. May be repeated with the same request. Blocks until the provider answers;
     * never called inside a transaction.
     *
     * @throws ProviderFailure always of a kind that says whether repeating it is safe
     */
    Created create(AccountSettings account, PaymentRequest request);

    /**
     * What was opened.
     *
     * @param prompt what happens next on the payer's side
     * @param providerNo the number that the provider itself gave the payment, if it finds and reports it by that one
     *     and not by ours; otherwise an empty text
     */
    record Created(PaymentPrompt prompt, String providerNo) {
        /** Of a provider that knows the payment by the number that we gave. */
        public static Created of(PaymentPrompt prompt) {
            return new Created(prompt, "");
        }
    }

    /**
     * The same prompt with new signatures and times where those expire, for a payer who returns to this address;
     * without a call to the provider. Every prompt is handed out through this method, the first time too.
     *
     * @param returnUrl where the browser goes when the wallet is done with it; it may be another one than in the
     *     request with which the prompt was created
     */
    default PaymentPrompt refresh(
            AccountSettings account, PayType payType, PaymentPrompt prompt, Optional<URI> returnUrl) {
        return prompt;
    }

    /**
     * What else than the pay type decides what is created: an attempt that is open is handed out again only to a caller
     * for whom this is equal.
     */
    default String variant(AccountSettings account, PayType payType, Payer payer) {
        return "";
    }

    /**
     * In which of the provider's environments (production, its own sandbox) this account collects now; an empty text
     * where it has one. It is stored with each attempt ({@link AttemptRef#environment}), which stays in it when the
     * account is configured otherwise.
     */
    default String environment(AccountSettings account) {
        return "";
    }

    /**
     * Whether what was created in this environment can still be begun by the payer's client after its end, because the
     * provider learns of it from the client alone. Such an attempt is watched after its end where the provider does not
     * know it (docs/adr/0009).
     */
    default boolean mayBeginLate(String environment) {
        return false;
    }

    /**
     * Whether the wallet takes what {@link #create} returns only once, so that a payer who cancelled needs another
     * number, and a number is never paid twice. Every {@code createPayment} then opens an attempt; the earlier ones can
     * perhaps still be paid and are watched.
     */
    default boolean onceOnly() {
        return false;
    }

    /**
     * Whether a refusal with this code means that the number was used there before, so that only another number can
     * work.
     */
    default boolean numberIsSpent(String providerCode) {
        return false;
    }
}
