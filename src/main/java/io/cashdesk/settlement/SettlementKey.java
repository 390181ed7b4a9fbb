package io.cashdesk.settlement;

import io.cashdesk.order.OrderKey;
import java.util.UUID;

/** A settlement and its order: what must be locked, the order first, before the settlement is changed. */
public record SettlementKey(OrderKey order, UUID id) {}
