package io.cashdesk.order;

import java.util.UUID;

/** An attempt and its order: what must be locked, the order first, before the attempt is changed. */
public record AttemptKey(OrderKey order, UUID id) {}
