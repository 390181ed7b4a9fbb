/** The payer's pages, and the answer to "paid yet?". */
package io.cashdesk.checkout;
