/** The outbox of events for merchants: delivery, retries, log, resend. */
package io.cashdesk.webhook;
