package io.cashdesk.simulator.vkspay;

import java.time.Instant;
import java.util.UUID;

/**
 * A refund.
 *
 * @param refundNo the gateway's number
 * @param outRefundNo the merchant's number, or an empty text: only epay V2 has one
 * @param amount fen
 * @param state SUCCESS, or CLOSED: it was accepted and has failed
 */
record VkspayRefund(UUID id, UUID tradeId, String refundNo, String outRefundNo, long amount, String state, Instant at) {
    boolean succeeded() {
        return state.equals("SUCCESS");
    }
}
