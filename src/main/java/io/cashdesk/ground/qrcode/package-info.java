/** A text as a QR code. */
package io.cashdesk.ground.qrcode;
