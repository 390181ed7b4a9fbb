/**
 * WeChat Pay's own server: API v3, and what v3 and v2 share. API v2 is in the package below, which looks into this one
 * and never the reverse: what this package needs of another API version goes through
 * {@link io.cashdesk.simulator.wxpay.WxpayOtherApi}.
 */
package io.cashdesk.simulator.wxpay;
