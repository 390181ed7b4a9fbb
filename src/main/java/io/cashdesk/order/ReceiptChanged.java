package io.cashdesk.order;

/**
 * A payment that does not pay its order was stored, or an operator has decided about it. Fired in the transaction that
 * makes the change, in which the order is locked. A payment that pays its order is reported by {@link PayOrderChanged}.
 */
public record ReceiptChanged(PayOrder order, Receipt receipt) {}
