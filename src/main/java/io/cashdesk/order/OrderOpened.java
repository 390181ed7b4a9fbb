package io.cashdesk.order;

/** A new order was written down; fired in that transaction. */
public record OrderOpened(PayOrder order) {}
