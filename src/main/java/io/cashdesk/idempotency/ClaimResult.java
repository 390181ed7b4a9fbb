package io.cashdesk.idempotency;

import java.util.UUID;

/** Whose turn it is: the caller's, or nobody's any more because the answer is there. */
sealed interface ClaimResult {
    /**
     * Carry it out, under this claim.
     *
     * @param seed the same each time this call is carried out under this key: what the call makes up, it makes of this
     */
    record Ours(KeyedCall use, UUID claim, UUID seed) implements ClaimResult {}

    /** What the first call was answered, byte for byte. */
    record Answered(int status, String mediaType, String body) implements ClaimResult {}
}
