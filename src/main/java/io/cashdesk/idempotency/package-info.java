/** A call that comes twice under one Idempotency-Key: carried out once, answered twice. */
package io.cashdesk.idempotency;
