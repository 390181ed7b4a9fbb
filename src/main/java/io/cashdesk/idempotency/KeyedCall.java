package io.cashdesk.idempotency;

/**
 * A call under an {@code Idempotency-Key}.
 *
 * @param bodyHash SHA-256 of the request's body, in hex; the body itself is not kept
 */
record KeyedCall(String owner, String key, String call, String bodyHash) {
    /** To what its stored answer is bound when it is sealed: it cannot be opened in another row. */
    String sealedFor() {
        return "idempotency_key " + owner + " " + key;
    }
}
