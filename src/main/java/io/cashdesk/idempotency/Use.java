package io.cashdesk.idempotency;

import io.cashdesk.merchant.Mode;
import java.util.UUID;

/**
 * One use of an {@code Idempotency-Key}: whose it is, and for what.
 *
 * @param bodyHash SHA-256 of the request's body, in hex; the body itself is not kept
 */
record Use(UUID merchant, Mode mode, String key, String call, String bodyHash) {}
