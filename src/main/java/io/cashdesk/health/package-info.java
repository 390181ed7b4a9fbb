/** Alive, ready, how fast, in balance. */
package io.cashdesk.health;
