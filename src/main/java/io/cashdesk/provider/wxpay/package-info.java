/**
 * WeChat Pay: API v3 through the official SDK, and API v2 for nodes with {@code version: 2}. Amounts are fen. The
 * provider's documents: https://pay.weixin.qq.com/doc/v3/merchant/4012791877,
 * https://pay.weixin.qq.com/doc/v2/merchant/4011935215. Particulars: there is no test environment; either a platform
 * certificate or a public key verifies v3 messages, and while a merchant is switched to the public key both do; failed
 * and expired payments are not notified.
 */
package io.cashdesk.provider.wxpay;
