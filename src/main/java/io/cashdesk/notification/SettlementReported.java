package io.cashdesk.notification;

import io.cashdesk.order.AttemptKey;
import io.cashdesk.provider.SettlementReport;

/**
 * A notification reports a settlement of this attempt's payment. Fired in the transaction that stores the notification,
 * in which the order is locked.
 */
public record SettlementReported(AttemptKey attempt, SettlementReport report) {}
