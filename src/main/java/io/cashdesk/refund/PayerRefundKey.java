package io.cashdesk.refund;

import io.cashdesk.order.OrderKey;
import java.util.UUID;

/** A payer's request for a refund and its order: what must be locked, the order first, before it is changed. */
public record PayerRefundKey(OrderKey order, UUID id) {}
