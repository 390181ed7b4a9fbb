/**
 * Alipay, gateway protocol V2, through the official SDK: precreate (face-to-face, a code on a screen). Amounts are yuan
 * with two decimals and are converted here. The provider's documents: https://opendocs.alipay.com/common/02mse7.
 * Quirks: a code that nobody has scanned does not exist there (TRADE_NOT_EXIST) and stays payable until its expiry;
 * refunds are notified at the payment's own address.
 */
package io.cashdesk.provider.alipay;
