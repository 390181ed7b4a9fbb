package io.cashdesk.refund;

import io.cashdesk.ground.money.Money;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A refund as merchants and operators read it, at one moment. What is not known is empty.
 *
 * @param outRefundNo the merchant's number for it
 * @param refundNo the number that it carries at the provider
 * @param refundId the provider's own number for it
 * @param cashAmount how much of it was the payer's own money (the rest was coupons), where the provider reports that
 * @param failure why it failed or why its outcome is unknown
 * @param evidence what the provider reported last, word for word: the text of a JSON object
 * @param finishedAt when the payer got the money, or when the refund failed or was closed
 */
public record RefundView(
        UUID id,
        String outRefundNo,
        String refundNo,
        Money amount,
        String reason,
        RefundCause cause,
        RefundState state,
        Optional<String> refundId,
        Optional<Money> cashAmount,
        Optional<String> failure,
        Optional<String> evidence,
        Instant createdAt,
        Optional<Instant> finishedAt) {
    public static RefundView of(Refund refund) {
        var currency = refund.amount().currency();
        return new RefundView(
                refund.id(),
                refund.outRefundNo(),
                refund.refundNo(),
                refund.amount(),
                refund.reason(),
                refund.cause(),
                refund.state(),
                refund.refundId(),
                refund.cashAmount().map(minor -> new Money(minor, currency)),
                refund.failure(),
                refund.evidence(),
                refund.createdAt(),
                refund.finishedAt());
    }
}
