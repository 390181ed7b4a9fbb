/** Opens a pay order at a merchant's request and calls the provider to collect it. */
package io.cashdesk.payment;
