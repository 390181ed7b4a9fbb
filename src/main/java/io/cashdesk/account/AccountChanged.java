package io.cashdesk.account;

import java.util.UUID;

/**
 * The settings of a live account were put again. Fired in that transaction, so that what follows from settings changes
 * with them.
 */
public record AccountChanged(UUID merchantId, UUID accountId) {}
