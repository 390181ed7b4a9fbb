/**
 * Outgoing HTTP, to providers and to merchants: timeouts, protection against private addresses, records of exchanges.
 * And what does not depend on the content of a request: for which hosts this server answers, how redirects leave it.
 */
package io.cashdesk.ground.http;
