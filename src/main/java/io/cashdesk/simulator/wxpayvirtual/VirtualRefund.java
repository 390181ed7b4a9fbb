package io.cashdesk.simulator.wxpayvirtual;

import java.time.Instant;
import java.util.UUID;

/**
 * A refund of a payment's money.
 *
 * @param number the merchant's number
 * @param wxRefundId WeChat's own number
 * @param amount fen
 * @param state PROCESSING, SUCCESS or CLOSED (failed)
 * @param outcome the state that it gets when it is settled
 * @param settlesAt null: a test decides
 * @param acknowledged whether the merchant has acknowledged its event
 * @param endedAt null while it is PROCESSING
 */
record VirtualRefund(
        UUID id,
        UUID accountId,
        UUID tradeId,
        String number,
        String wxRefundId,
        long amount,
        String meta,
        String state,
        String outcome,
        Instant settlesAt,
        boolean acknowledged,
        Instant createdAt,
        Instant endedAt) {
    static final String PROCESSING = "PROCESSING";
    static final String SUCCESS = "SUCCESS";
    static final String CLOSED = "CLOSED";
}
