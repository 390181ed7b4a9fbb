package io.cashdesk.provider;

/**
 * A provider whose payments are signed with the {@link SessionKey} of the payer's last login: without one,
 * {@code createPayment} is refused before anything is stored. The key is in {@link PaymentRequest#session} and is not
 * stored with the attempt.
 */
public interface NeedsSession {
    /** Whether a refusal with this code means that the user must log in again. */
    boolean sessionRefused(String providerCode);
}
