/**
 * What WeChat's applications have in common, whatever product they pay through: the login, access tokens, the push of
 * messages, the browser. Adapters of WeChat's products use it; it is no adapter itself.
 *
 * @see <a href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/">the server API</a>
 */
package io.cashdesk.provider.wechat;
