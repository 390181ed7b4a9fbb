/**
 * Money that a provider keeps until the merchant says that it may be paid out: when that is said, and what came of it.
 */
package io.cashdesk.settlement;
