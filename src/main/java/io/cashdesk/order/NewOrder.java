package io.cashdesk.order;

import io.cashdesk.ground.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a merchant wants paid: the values of which an order is made.
 *
 * @param providers those that may be chosen on the checkout page; empty: all that the merchant has
 * @param onBehalf for whom it is collected; empty if this call did not name it
 * @param special what only some providers take
 */
public record NewOrder(
        OutTradeNo outTradeNo,
        Goods goods,
        Buyer buyer,
        Origin origin,
        List<String> providers,
        Deadline deadline,
        Optional<OnBehalf> onBehalf,
        Special special) {
    /** Without {@link OnBehalf} (for whom is stored already, or a later call names it) and {@link Special}. */
    public NewOrder(
            OutTradeNo outTradeNo, Goods goods, Buyer buyer, Origin origin, List<String> providers, Deadline deadline) {
        this(outTradeNo, goods, buyer, origin, providers, deadline, Optional.empty(), Special.NONE);
    }

    /**
     * What only some providers take; each may be null.
     *
     * @param payMethod {@code provider_pay_method}: which wallet of a provider that collects through several
     * @param priced {@code expand_data}: what is bought where the provider's price list decides the amount, a JSON
     *     object
     */
    public record Special(String payMethod, String priced) {
        public static final Special NONE = new Special(null, null);
    }

    /**
     * On whose behalf a service provider collects; each part is an empty text where it is not used.
     *
     * @param mchId WeChat Pay {@code sub_mchid}
     * @param appId WeChat Pay {@code sub_appid}
     * @param token Alipay {@code app_auth_token}
     */
    public record OnBehalf(String mchId, String appId, String token) {
        @Override
        public String toString() {
            return mchId.isEmpty() ? "-" : mchId; // never the token
        }
    }

    /**
     * Until when it can be paid.
     *
     * @param at in whole seconds
     * @param named whether the call names it; a repeated call that does not keeps the stored one
     */
    public record Deadline(Instant at, boolean named) {}

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
     * @param epay what a shop that speaks epay sent beside the order
     */
    public record Origin(
            String platform, String appid, String clientIp, String returnUrl, String callback, EpayOrigin epay) {
        public Origin(String platform, String appid, String clientIp, String returnUrl, String callback) {
            this(platform, appid, clientIp, returnUrl, callback, null);
        }
    }
}
