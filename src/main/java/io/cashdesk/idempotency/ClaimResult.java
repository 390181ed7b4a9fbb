package io.cashdesk.idempotency;

import java.util.UUID;

/** The result of claiming an Idempotency-Key. */
sealed interface ClaimResult {
    /**
     * The call is to be carried out, under this claim.
     *
     * @param seed the same for every execution of this call under this key: generated numbers are derived from it
     */
    record Claimed(KeyedCall call, UUID claim, UUID seed) implements ClaimResult {}

    /** The call was carried out before; this was its answer, byte for byte. */
    record Answered(int status, String mediaType, String body) implements ClaimResult {}
}
