/** WeChat Pay's own server, API v2: XML and MD5 or HMAC signatures, on the same orders and refunds as v3. */
package io.cashdesk.simulator.wxpay.v2;
