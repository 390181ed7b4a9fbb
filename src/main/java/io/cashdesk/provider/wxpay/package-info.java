/**
 * WeChat Pay: API v3 through the official SDK, and the older v2 for nodes that ask for it. Amounts are fen. The provider's
 * documents: https://pay.weixin.qq.com/doc/v3/merchant/4012791877, https://pay.weixin.qq.com/doc/v2/merchant/4011935215. Quirks:
 * no test environment; either a platform certificate or a public key verifies, and during a merchant's switch both do; nothing
 * is sent for failed or expired payments.
 */
package io.cashdesk.provider.wxpay;
