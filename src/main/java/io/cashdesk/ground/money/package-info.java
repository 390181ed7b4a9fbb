/** Amounts in minor units, with their currency. */
package io.cashdesk.ground.money;
