package io.cashdesk.order;

import java.util.List;
import java.util.UUID;

/**
 * These orders are about to be deleted: they were made in test mode, and are old. Fired in the transaction that deletes
 * them, which holds their locks; every package that keeps rows of orders observes it and deletes its own.
 *
 * @param merchantId whose orders they are
 * @param ids of the orders, at most {@value io.cashdesk.ground.job.OldRowsOfMerchants#AT_ONCE}
 */
public record TestOrdersExpired(UUID merchantId, List<UUID> ids) {}
