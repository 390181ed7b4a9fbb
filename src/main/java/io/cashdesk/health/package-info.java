/** Health checks, metrics and invariants. */
package io.cashdesk.health;
