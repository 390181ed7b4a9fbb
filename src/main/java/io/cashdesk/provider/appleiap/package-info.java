/**
 * Apple's in-app purchase. The payer buys in the App Store, on the device; this server gives the order an
 * {@code appAccountToken} and verifies afterwards what was bought. There is no call that creates, closes or refunds a
 * payment. Signed data (JWS) is verified by Apple's own library (docs/adr/0014), against root certificates that the
 * operator provides; answers of verifyReceipt are not signed, TLS proves them.
 *
 * <p>Quirks: {@code price} is in thousandths of the currency's unit, whatever its minor unit. Times are milliseconds,
 * in the answers of verifyReceipt as texts. A purchase has another environment ("Sandbox") when Apple's reviewers or
 * testers make it, in the same released app. Restoring an old purchase gives it a new number in receipts.
 *
 * @see <a href="https://developer.apple.com/documentation/appstoreserverapi">App Store Server API</a>
 * @see <a href="https://developer.apple.com/documentation/appstoreservernotifications">App Store Server
 *     Notifications</a>
 * @see <a href="https://developer.apple.com/documentation/appstorereceipts/verifyreceipt">verifyReceipt</a>
 */
package io.cashdesk.provider.appleiap;
