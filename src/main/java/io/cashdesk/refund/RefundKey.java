package io.cashdesk.refund;

import io.cashdesk.order.OrderKey;
import java.util.UUID;

/** A refund and its order: what must be locked, the order first, before the refund is changed. */
public record RefundKey(OrderKey order, UUID id) {}
