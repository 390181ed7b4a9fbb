/** Refunds: requested, accepted, completed or failed. */
package io.cashdesk.refund;
