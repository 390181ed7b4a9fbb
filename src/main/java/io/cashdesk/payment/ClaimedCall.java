package io.cashdesk.payment;

import io.cashdesk.order.Attempt;
import java.util.UUID;

/**
 * A call to the provider about an attempt that is to be made now, by the holder of this claim.
 *
 * @param attempt as it was when the claim was taken
 * @param queryFirst whether it may have been sent before, so that the provider is queried before it is sent again
 */
record ClaimedCall(Attempt attempt, UUID claim, boolean queryFirst) {}
