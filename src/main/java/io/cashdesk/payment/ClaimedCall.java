package io.cashdesk.payment;

import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import java.util.Optional;
import java.util.UUID;

/**
 * A call to the provider about an attempt that is to be made now, by the holder of this claim.
 *
 * @param attempt as it was when the claim was taken
 * @param claim of the lease
 * @param before its state before that; empty: it is new
 * @param queryFirst whether it may have been sent before, so that the provider is queried before it is sent again
 */
record ClaimedCall(Attempt attempt, UUID claim, Optional<AttemptState> before, boolean queryFirst) {
    /** Whether the attempt is now what it was before the call. */
    boolean changedNothing(Attempt now) {
        return before.filter(now.state()::equals).isPresent()
                && now.failure().equals(attempt.failure())
                && now.prompt().equals(attempt.prompt());
    }
}
