package io.cashdesk.simulator.douyin;

import java.time.Instant;
import java.util.UUID;

/**
 * A refund: of the merchant, or one that the payer requests, which the merchant decides about first.
 *
 * @param refundNo Douyin's number
 * @param outRefundNo the merchant's number; empty if the payer requested it
 * @param amount fen
 * @param notifyUrl where its callback goes, or an empty text
 * @param request what the merchant sent, for comparing a repetition
 * @param settled whether the payment had been settled before
 * @param audit NONE (it needs no decision), TOAUDIT, AGREE or DENY
 * @param auditUntil at that moment the platform accepts it
 * @param state PROCESSING, SUCCESS or CLOSED, which Douyin calls FAIL
 * @param outcome the state that it will have
 * @param settlesAt when; null while it waits
 * @param endedAt null while it is in progress
 */
record DouyinRefund(
        UUID id,
        UUID accountId,
        UUID tradeId,
        String refundNo,
        String outRefundNo,
        long amount,
        String reason,
        String cpExtra,
        String notifyUrl,
        String request,
        boolean settled,
        String audit,
        Instant auditUntil,
        String denyMessage,
        String state,
        String outcome,
        Instant settlesAt,
        Instant createdAt,
        Instant endedAt) {
    static final String NONE = "NONE";
    static final String TO_AUDIT = "TOAUDIT";
    static final String AGREE = "AGREE";
    static final String DENY = "DENY";

    static final String PROCESSING = "PROCESSING";
    static final String SUCCESS = "SUCCESS";
    static final String CLOSED = "CLOSED";

    /** As {@code refund_state} of a notification: the payer has requested it. */
    static final String REQUESTED = "REQUESTED";

    boolean byPayer() {
        return !audit.equals(NONE);
    }

    /** Douyin's word for a state. */
    static String status(String state) {
        return state.equals(CLOSED) ? "FAIL" : state;
    }

    /** Why it failed, in Douyin's words; otherwise empty. */
    static String message(String state) {
        return state.equals(CLOSED) ? "退款失败，请联系用户或更换退款方式" : "";
    }
}
