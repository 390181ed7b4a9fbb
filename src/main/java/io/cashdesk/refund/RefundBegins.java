package io.cashdesk.refund;

import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;

/**
 * Money of this payment is about to be reserved for a refund. Fired in the transaction that reserves it, in which order
 * and receipt are locked; an observer that throws a problem refuses it.
 */
public record RefundBegins(PayOrder order, Receipt receipt) {}
