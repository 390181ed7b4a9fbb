/** Queries providers about silent orders and refunds, and closes what is due. */
package io.cashdesk.sweeper;
