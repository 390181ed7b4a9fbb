/** A merchant asks, we open a pay order and ask the provider to collect it. */
package io.cashdesk.payment;
