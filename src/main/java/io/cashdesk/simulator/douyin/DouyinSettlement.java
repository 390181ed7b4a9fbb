package io.cashdesk.simulator.douyin;

import java.time.Instant;
import java.util.UUID;

/**
 * The payout of a payment, which Douyin holds until then.
 *
 * @param settleNo Douyin's number
 * @param outSettleNo the merchant's number
 * @param amount fen, for all parties together
 * @param detail who gets what, in Douyin's words
 * @param notifyUrl where its callback goes, or an empty text
 * @param request what the merchant sent, for comparing a repetition
 * @param state PROCESSING, SUCCESS or FAIL
 * @param outcome the state that it will have
 * @param settlesAt when; null once it has it
 */
record DouyinSettlement(
        UUID id,
        UUID accountId,
        UUID tradeId,
        String settleNo,
        String outSettleNo,
        long amount,
        String detail,
        String cpExtra,
        String notifyUrl,
        String request,
        String state,
        String outcome,
        Instant settlesAt,
        Instant createdAt,
        Instant endedAt) {
    static final String PROCESSING = "PROCESSING";
    static final String SUCCESS = "SUCCESS";
    static final String FAIL = "FAIL";

    /** Douyin's fee in fen, rounded half up: 0.6 percent. */
    long rake() {
        return (amount * 6 + 500) / 1000;
    }

    String message() {
        return state.equals(FAIL) ? "结算失败，商户号状态异常" : "";
    }
}
