package io.cashdesk.provider;

/**
 * The key that a wallet gives for one payer when the payer logs in to an application of the merchant (WeChat's
 * {@code session_key}). It signs in the payer's name, so it never leaves the server and is never printed.
 *
 * @param value the key, used as a text as it came
 */
public record SessionKey(String value) {
    @Override
    public String toString() {
        return "session key"; // never the value
    }
}
