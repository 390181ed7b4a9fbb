package io.cashdesk.simulator;

import java.util.UUID;

/**
 * A notification that is to be delivered.
 *
 * @param number its own number, the same in each delivery; two rows have the same number if it is sent twice on purpose
 * @param forged true if its signature is wrong on purpose
 * @param tries deliveries so far, this one included
 * @param status HTTP status of the last answer, or null
 * @param answer body of the last answer or the error, or null
 * @param refundId the refund that it reports, or null for the payment
 * @param refundState the state that it reports of the refund or, without a refund, of the end of the trade; null for
 *     the payment
 */
public record Notification(
        UUID id,
        UUID tradeId,
        String number,
        boolean forged,
        int tries,
        Integer status,
        String answer,
        UUID refundId,
        String refundState) {}
