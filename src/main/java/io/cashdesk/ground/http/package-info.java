/** The one way out to other servers: timeouts, redaction, a short record of each exchange. */
package io.cashdesk.ground.http;
