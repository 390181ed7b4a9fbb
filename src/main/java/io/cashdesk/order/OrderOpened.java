package io.cashdesk.order;

/** A new order was stored; fired in that transaction. */
public record OrderOpened(PayOrder order) {}
