package io.cashdesk.view;

import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.OrderState;
import io.cashdesk.order.OrderStatus;
import io.cashdesk.provider.PayType;
import io.cashdesk.refund.RefundView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A pay order as merchants and operators read it, at one moment. What is not known is empty.
 *
 * @param pid the merchant, as the API names it
 * @param outTradeNo the merchant's number, unique per merchant and mode
 * @param status as merchants read it: the state, and how much of it was refunded
 * @param expiresAt when the order is closed if it has not been paid
 * @param closedAt when it was closed; empty if it was paid after all
 * @param handled whether every endpoint and handler that expects the payment has acknowledged it; empty until one was
 *     called
 * @param needsPerson why nothing more happens to it without a decision of an operator
 */
public record OrderView(
        UUID id,
        String pid,
        Mode mode,
        String outTradeNo,
        OrderState state,
        OrderStatus status,
        Content content,
        Payer payer,
        Payment payment,
        Refunded refunded,
        Instant createdAt,
        Instant expiresAt,
        Optional<Instant> closedAt,
        Optional<Boolean> handled,
        Optional<String> needsPerson) {
    /**
     * What is to be paid.
     *
     * @param type selects the handler, and the endpoints of webhooks
     * @param custom the merchant's own fields: the text of a JSON object
     * @param goods what is bought where the provider's price list decides the amount: the text of a JSON object
     */
    public record Content(String type, String subject, Money total, String custom, Optional<String> goods) {}

    /**
     * Who pays, and with which client.
     *
     * @param platform the client's platform, as the merchant's call named it: {@code h5}, {@code mp-weixin},
     *     {@code app-plus}, …
     * @param appid the application that the merchant's call named
     * @param openid the provider's number for the payer
     * @param payMethod the wallet that the merchant named, of a provider that collects through several
     */
    public record Payer(
            Optional<String> userId,
            Optional<String> nickname,
            String platform,
            Optional<String> appid,
            Optional<String> clientIp,
            Optional<String> openid,
            Optional<String> payMethod) {}

    /**
     * How it was paid or, as long as it is unpaid, how the payer tried last.
     *
     * @param merchantNo the merchant's number at the provider
     * @param appId the application under which the provider collected
     * @param transactionId the provider's number of the payment
     * @param paidAt when the payer paid, by the provider's clock
     * @param learntAt when this server learnt of it
     * @param learntBy how it learnt of it
     * @param evidence what the provider reported, word for word: the text of a JSON object
     * @param notifyUrl where the provider was requested to send its notifications
     * @param originalData the first notification of the payment as it came, a JSON value: an object, or a text (XML)
     * @param partner where a service provider collected for another merchant
     * @param store where it was bought in the provider's own store
     */
    public record Payment(
            Optional<PayType> payType,
            Optional<String> merchantNo,
            Optional<String> appId,
            Optional<String> transactionId,
            Optional<Instant> paidAt,
            Optional<Instant> learntAt,
            Optional<LearntBy> learntBy,
            Optional<String> evidence,
            Optional<String> notifyUrl,
            Optional<String> originalData,
            Partner partner,
            Optional<Store> store) {}

    /**
     * Whose payment it is where a service provider collected.
     *
     * @param maskedToken Alipay {@code app_auth_token}, of which only the ends are shown
     * @param authAppId the application on whose behalf; without a service provider the account's own
     * @param sellerId who received the money, if a notification said so
     */
    public record Partner(Optional<String> maskedToken, Optional<String> authAppId, Optional<String> sellerId) {}

    /**
     * A purchase in a provider's own store.
     *
     * @param price what the store has charged, in whichever currency
     * @param environment the store's word for where it was bought: "Production", "Sandbox"
     * @param firstTransactionId of a subscription: the store's number of its first purchase
     * @param firstOrder of a renewal: the merchant's number of the order of that first purchase
     */
    public record Store(
            Optional<Money> price,
            String environment,
            Optional<String> firstTransactionId,
            Optional<String> firstOrder) {}

    /** How this server learnt of a payment. */
    public enum LearntBy {
        /** The provider answered a query. */
        QUERY,
        /** The provider sent a notification. */
        NOTIFICATION
    }

    /**
     * What was refunded to the payer. Refunds of late and duplicate payments do not count: that money was never the
     * order's.
     *
     * @param number how many refunds have succeeded
     * @param refunds those, the newest first
     */
    public record Refunded(Money amount, int number, List<RefundView> refunds) {
        public Refunded {
            refunds = List.copyOf(refunds);
        }
    }
}
