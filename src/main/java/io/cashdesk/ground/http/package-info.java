/**
 * Outgoing HTTP, to providers and to merchants: timeouts, protection against private addresses, records of exchanges.
 */
package io.cashdesk.ground.http;
