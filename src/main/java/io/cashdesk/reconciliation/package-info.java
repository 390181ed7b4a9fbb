/** Reconciliation: the providers' daily bills, to be compared with the stored orders and refunds. */
package io.cashdesk.reconciliation;
