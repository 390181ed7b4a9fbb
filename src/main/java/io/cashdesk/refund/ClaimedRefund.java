package io.cashdesk.refund;

import java.util.UUID;

/**
 * A call to the provider about a refund that is to be made now, by the holder of this claim.
 *
 * @param refund the refund
 * @param before the state in which the claim was taken; {@code REQUESTING} for a new refund, which has no earlier call
 * @param queryFirst whether it may have been requested before, so that the provider is queried before it is requested
 *     again
 */
record ClaimedRefund(RefundKey refund, UUID claim, RefundState before, boolean queryFirst) {}
