/**
 * A small App Store, written from Apple's documents: purchases of a payer's device, transactions and notifications that
 * are signed with a certificate chain of its own, the App Store Server API, and {@code verifyReceipt}. There is no
 * order call on the server: the device buys, and the merchant's server verifies afterwards.
 */
package io.cashdesk.simulator.appleiap;
