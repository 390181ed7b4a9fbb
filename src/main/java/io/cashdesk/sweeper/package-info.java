/** Asks providers about what stays silent and hands the answer to the same door. */
package io.cashdesk.sweeper;
