package io.cashdesk.provider;

import io.cashdesk.ground.money.Money;
import java.time.Instant;

/** What a provider says of one refund, in a notification or as an answer; always verified. */
public sealed interface RefundReport {
    /** The number that the refund carries at the provider. */
    String refundNo();

    /** The provider's message, unchanged but without secrets: JSON. */
    String evidence();

    /**
     * The payer has received the money.
     *
     * @param refundId the provider's own number, or an empty text where it has none
     * @param amount what went back, or null where the provider does not say; compared with the request
     * @param cash how much of it was the payer's own money and not a coupon, or null where the provider does not say
     * @param at the provider's moment, or null where it does not say
     */
    record Succeeded(String refundNo, String refundId, Money amount, Money cash, Instant at, String evidence)
            implements RefundReport {}

    /**
     * Accepted and on its way.
     *
     * @param cash as in {@link Succeeded}
     */
    record Processing(String refundNo, String refundId, Money cash, String evidence) implements RefundReport {}

    /** The payer has requested it, and the merchant must still decide: no money moves ({@link AuditsRefunds}). */
    record ToBeDecided(String refundNo, String refundId, String evidence) implements RefundReport {}

    /** It cannot reach the payer by itself; a person must finish it in the provider's console. */
    record Abnormal(String refundNo, String refundId, String evidence) implements RefundReport {}

    /** It will not happen; the money is still the merchant's. */
    record Closed(String refundNo, String refundId, String evidence) implements RefundReport {}

    /** The provider does not say whether it happened, and will not: a person must look in its console. */
    record Undecided(String refundNo, String evidence) implements RefundReport {}

    /** The provider knows no such refund: our request never arrived, or had no effect. */
    record Absent(String refundNo, String evidence) implements RefundReport {}
}
