/**
 * WeChat Pay, API v3, through the official SDK: Native (a code on a screen). Amounts are fen. The provider's documents:
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791877. Quirks: no test environment; either a platform certificate or a
 * public key verifies, and during a merchant's switch both do; nothing is sent for failed or expired payments.
 */
package io.cashdesk.provider.wxpay;
