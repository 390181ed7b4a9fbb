/** Signals that an order changed, from any node to the parked requests of all nodes; a hint, because it can be lost. */
package io.cashdesk.ground.signal;
