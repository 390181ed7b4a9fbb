/**
 * Douyin Pay inside mini-programs. One adapter speaks two dialects, one for each account ({@link Dialect}):
 * {@code Ecpay*} is the guaranteed payment (担保支付, "ecpay v1") with MD5 over values and a salt, {@code Trade*} the
 * general trade system (通用交易系统) with RSA and access tokens. Amounts are whole fen in both. Particulars: neither has a
 * call that closes a payment; the trade system has none that opens one, the mini-program itself does it with what this
 * server has signed; refunds end later in both; money is kept by Douyin until it is settled; payers of the trade system
 * can request refunds there. docs/providers/douyin.md says what the adapter relies on.
 *
 * <p>MD5 and SHA-1 are what the wire of the guaranteed payment demands; they stay inside of this package.
 *
 * @see <a href="https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/server/ecpay/pay-list/pay">the
 *     guaranteed payment</a>
 * @see <a
 *     href="https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/server/payment/trade-system/general/order/request-order-data-sign">the
 *     general trade system</a>
 */
package io.cashdesk.provider.douyin;
