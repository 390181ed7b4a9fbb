package io.cashdesk.simulator.wxpay;

import java.time.Instant;
import java.util.UUID;

/**
 * A refund.
 *
 * @param number the merchant's number ({@code out_refund_no})
 * @param refundId WeChat Pay's number
 * @param amount fen
 * @param request the merchant's request as JSON
 * @param notifyUrl where its end is reported, or an empty text
 * @param state PROCESSING, SUCCESS, ABNORMAL or CLOSED
 * @param outcome the state that it gets at {@code settlesAt}
 * @param settlesAt null if it stays as it is until a test or the merchant changes it
 * @param succeededAt null unless it succeeded
 */
public record WxpayRefund(
        UUID id,
        UUID accountId,
        UUID tradeId,
        String number,
        String refundId,
        long amount,
        String request,
        String notifyUrl,
        String state,
        String outcome,
        Instant settlesAt,
        Instant createdAt,
        Instant succeededAt) {}
