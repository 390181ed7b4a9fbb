/** QR codes as SVG and PNG. */
package io.cashdesk.ground.qrcode;
