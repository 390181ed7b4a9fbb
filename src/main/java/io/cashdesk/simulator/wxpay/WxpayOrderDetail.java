package io.cashdesk.simulator.wxpay;

import java.util.UUID;

/**
 * What WeChat Pay stores of an order beside {@link io.cashdesk.simulator.Trade}. Absent texts are empty.
 *
 * @param partner true if a service provider made it for a sub-merchant
 * @param openid of the payer in {@code appId}, if the order names one
 * @param refunded fen; refunds that are accepted and not closed
 * @param refunds number of refunds, closed ones included
 */
public record WxpayOrderDetail(
        UUID tradeId,
        WxpayProduct product,
        boolean partner,
        String appId,
        String subMchid,
        String subAppid,
        String openid,
        String subOpenid,
        String attach,
        String deviceId,
        String clientIp,
        long refunded,
        int refunds) {
    static WxpayOrderDetail of(UUID tradeId, WxpayOrderRequest order) {
        return new WxpayOrderDetail(
                tradeId,
                order.product(),
                order.partner(),
                order.appId(),
                order.subMchid(),
                order.subAppid(),
                order.openid(),
                order.subOpenid(),
                order.attach(),
                order.deviceId(),
                order.clientIp(),
                0,
                0);
    }

    /** For a trade without a row of its own: a QR code order of the account's application. */
    static WxpayOrderDetail unknown(UUID tradeId, String appId) {
        return new WxpayOrderDetail(tradeId, WxpayProduct.NATIVE, false, appId, "", "", "", "", "", "", "", 0, 0);
    }
}
