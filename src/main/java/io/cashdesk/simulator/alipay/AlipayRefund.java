package io.cashdesk.simulator.alipay;

import java.time.Instant;
import java.util.UUID;

/**
 * A refund.
 *
 * @param requestNo the merchant's number ({@code out_request_no})
 * @param amount fen
 * @param shown false if it failed after it was accepted; queries do not show it then
 * @param total fen; all refunds of the trade up to this one
 */
record AlipayRefund(
        UUID id, UUID tradeId, String requestNo, long amount, String reason, boolean shown, Instant at, long total) {}
