package io.cashdesk.idempotency;

/**
 * One use of an {@code Idempotency-Key}: whose it is, and for what.
 *
 * @param bodyHash SHA-256 of the request's body, in hex; the body itself is not kept
 */
record KeyedCall(String owner, String key, String call, String bodyHash) {
    /** Where its answer stands, for the seal. */
    String place() {
        return "idempotency_key " + owner + " " + key;
    }
}
