package io.cashdesk.order;

import java.util.UUID;

/** The primary key of an order: whose it is, and its id. */
public record OrderKey(UUID merchantId, UUID id) {}
