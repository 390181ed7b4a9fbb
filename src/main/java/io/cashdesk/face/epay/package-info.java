/** The gateway that shops know which speak epay (易支付), versions 1 (MD5) and 2 (RSA): docs/epay.md. */
package io.cashdesk.face.epay;
