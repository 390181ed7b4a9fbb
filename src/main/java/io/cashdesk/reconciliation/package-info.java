/** The providers' daily bills against our books. */
package io.cashdesk.reconciliation;
