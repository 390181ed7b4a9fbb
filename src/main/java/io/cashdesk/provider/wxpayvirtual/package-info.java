/**
 * WeChat's virtual payment ("xpay"): coins and virtual goods inside a mini-program. There is no call that creates an
 * order: this server signs what the mini-program hands to {@code wx.requestVirtualPayment}, which creates it. Money is
 * whole fen on the wire, except in withdrawals, which are not implemented. Requests are signed with the AppKey of the
 * environment and, for calls in a user's name, with the {@code session_key} of the user's last login; answers are not
 * signed, TLS proves them.
 *
 * <p>Quirks: {@code env} is 0 or 1 in requests, {@code env_type} 1 or 2 in answers. A number is taken once by the
 * client. {@code ActualPrice} of an event has no documented unit, so no event settles an amount: the order is queried.
 * A replayed push changes nothing: a plain one is only a hint, and an encrypted one has the same repeat key.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/virtual-payment.html">virtual
 *     payment</a>
 */
package io.cashdesk.provider.wxpayvirtual;
