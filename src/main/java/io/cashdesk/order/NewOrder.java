package io.cashdesk.order;

import io.cashdesk.ground.money.Money;
import java.time.Instant;
import java.util.List;

/**
 * What a merchant wants paid: the values of which an order is made.
 *
 * @param providers those that may be chosen on the checkout page; empty: all that the merchant has
 * @param expiresAt the deadline, in whole seconds
 */
public record NewOrder(
        OutTradeNo outTradeNo, Goods goods, Buyer buyer, Origin origin, List<String> providers, Instant expiresAt) {
    /**
     * What is paid for.
     *
     * @param type names what handles the order at the merchant
     * @param custom the merchant's own JSON object, returned in records and webhooks
     */
    public record Goods(Money total, String subject, String type, String custom) {}

    /** Who buys, in the merchant's own words; each may be null. */
    public record Buyer(String userId, String nickname) {}

    /**
     * Where the call came from, and what follows the payment there. All but the platform may be null.
     *
     * @param platform as in {@code context}: "h5", "mp-weixin"
     * @param appid the DCloud application id
     * @param returnUrl where the payer's browser goes afterwards
     * @param callback the name of the webhook endpoint that receives the payment in CloudPay's shape
     */
    public record Origin(String platform, String appid, String clientIp, String returnUrl, String callback) {}
}
