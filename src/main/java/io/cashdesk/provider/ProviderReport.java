package io.cashdesk.provider;

import io.cashdesk.ground.money.Money;
import jakarta.json.JsonObject;
import java.time.Instant;

/** What a provider says of one attempt, in a notification or as an answer; always verified. */
public sealed interface ProviderReport {
    /** The number of the attempt at the provider. */
    String attemptNo();

    /** The provider's message, unchanged but without secrets: JSON. */
    String evidence();

    /**
     * The payer's money has arrived.
     *
     * @param merchantNo the provider merchant it went to, compared with the account's {@link Identity}
     * @param appId the application it belongs to, compared likewise
     * @param transactionId the provider's own number
     * @param amount what the order's total is at the provider (WeChat amount.total, Alipay total_amount), or null where
     *     it does not say and a payment is always of what was requested
     * @param paidAt the provider's moment of payment, or null where it does not say
     * @param payerId the payer's openid or user id, or null where it does not say
     * @param wentBack what the provider says at the same time of refunds of it
     * @param subMerchantNo on whose behalf, compared with the request; an empty text where it does not say or there is
     *     none
     * @param details what only some providers say
     */
    record Paid(
            String attemptNo,
            String merchantNo,
            String appId,
            String transactionId,
            Money amount,
            Instant paidAt,
            String payerId,
            String subMerchantNo,
            WentBack wentBack,
            Details details,
            String evidence)
            implements ProviderReport {
        /** Of a provider that says no more. */
        public Paid(
                String attemptNo,
                String merchantNo,
                String appId,
                String transactionId,
                Money amount,
                Instant paidAt,
                String payerId,
                String subMerchantNo,
                WentBack wentBack,
                String evidence) {
            this(
                    attemptNo,
                    merchantNo,
                    appId,
                    transactionId,
                    amount,
                    paidAt,
                    payerId,
                    subMerchantNo,
                    wentBack,
                    Details.NONE,
                    evidence);
        }

        /** The same with the amount that was requested, if the provider does not say one. */
        public Paid orOf(Money requested) {
            return amount != null ? this : of(requested);
        }

        /** The same payment of another attempt. */
        public Paid ofAttempt(String number) {
            return copy(number, amount, wentBack, details);
        }

        /** The same of this amount. */
        public Paid of(Money other) {
            return copy(attemptNo, other, wentBack, details);
        }

        /** The same with what is said of refunds of it. */
        public Paid with(WentBack refunds) {
            return copy(attemptNo, amount, refunds, details);
        }

        /** The same with what else the provider says. */
        public Paid with(Details more) {
            return copy(attemptNo, amount, wentBack, more);
        }

        private Paid copy(String attemptNo, Money amount, WentBack wentBack, Details details) {
            return new Paid(
                    attemptNo,
                    merchantNo,
                    appId,
                    transactionId,
                    amount,
                    paidAt,
                    payerId,
                    subMerchantNo,
                    wentBack,
                    details,
                    evidence);
        }
    }

    /**
     * What only some providers say of a payment.
     *
     * @param payMethod with which wallet the payer has paid at a provider that collects through several, as
     *     {@code provider_pay_method} names it: "wxpay"; otherwise an empty text
     * @param goods what was bought, compared with {@link Prices.Priced#goods}; empty where it does not say
     * @param price what the provider's own store has charged, in whichever currency: information, compared with
     *     nothing; null where there is none
     */
    record Details(String payMethod, JsonObject goods, Money price) {
        public static final Details NONE = new Details("", JsonObject.EMPTY_JSON_OBJECT, null);

        public static Details payMethod(String payMethod) {
            return new Details(payMethod, JsonObject.EMPTY_JSON_OBJECT, null);
        }
    }

    /** What a provider says of refunds when it reports a payment. */
    enum WentBack {
        /** Of none. */
        NOTHING,
        /** At least a part was refunded; how much, it does not say. */
        AT_LEAST_A_PART,
        /** All of it was refunded. */
        ALL
    }

    /** The provider knows it and it can still be paid. */
    record Unpaid(String attemptNo, boolean payerIsPaying, String evidence) implements ProviderReport {}

    /** The provider answered, and not whether it is paid: a refusal of the query whose meaning is not known. */
    record Unclear(String attemptNo, String evidence) implements ProviderReport {}

    /** It can never be paid any more. */
    record Closed(String attemptNo, String evidence) implements ProviderReport {}

    /**
     * The provider does not know the number. That can mean that our request never arrived, and also (Alipay's QR code)
     * that the code was not scanned yet: it proves nothing about whether it can be paid later.
     */
    record Absent(String attemptNo, String evidence) implements ProviderReport {}
}
