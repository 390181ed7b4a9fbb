package io.cashdesk.notification;

import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.refund.PayerRefunds;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;

/**
 * The attempt that an authentic message is about. A message about a refund that was not requested here may name its
 * payment only by the provider's numbers.
 */
@ApplicationScoped
class FindAttempt {
    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    @Inject
    PayerRefunds payerRefunds;

    /**
     * Whose message it is.
     *
     * @param merchantNo of the merchant at the provider
     */
    record Place(UUID merchant, String provider, String merchantNo) {}

    /**
     * The attempt; empty if the message is about none.
     *
     * @throws IllegalStateException if this merchant has no such attempt, or not yet
     */
    Optional<AttemptKey> of(Place there, ParsedNotification.Content content) {
        if (content instanceof ParsedNotification.Payment payment) {
            return Optional.of(byNumber(there, payment.report().attemptNo()));
        }
        if (content instanceof ParsedNotification.Settlement settlement) {
            return settlement.attemptNo().isEmpty()
                    ? byPayment(
                            there, settlement.transactionId()) // of a payment that is not known here it is only kept
                    : Optional.of(byNumber(there, settlement.attemptNo()));
        }
        if (content instanceof ParsedNotification.Refund refund) {
            return Optional.of(refunded(there, refund.of(), refund.report().refundNo()));
        }
        if (content instanceof ParsedNotification.RefundRequested wish) {
            return Optional.of(refunded(there, wish.of(), wish.refundId()));
        }
        return Optional.empty();
    }

    private AttemptKey byNumber(Place there, String number) {
        return attempts.byNumber(there.merchant(), there.provider(), there.merchantNo(), number)
                .orElseThrow(() -> missing(number));
    }

    /** By our number, or else by what is stored of the refund or of the payer's request, or of the payment. */
    private AttemptKey refunded(Place there, ParsedNotification.PaymentNumbers of, String refundNo) {
        if (!of.attemptNo().isEmpty()) return byNumber(there, of.attemptNo());
        return refunds.byProvidersNumber(there.merchant(), there.provider(), there.merchantNo(), refundNo)
                .flatMap(key -> refunds.byKey(key)
                        .flatMap(refund -> receipts.byId(key.order(), refund.receiptId()))
                        .map(Receipt::attempt))
                .or(() -> payerRefunds.attemptOf(there.merchant(), there.provider(), refundNo))
                .or(() -> byPayment(there, of.transactionId()))
                .orElseThrow(() -> missing(of.toString()));
    }

    private Optional<AttemptKey> byPayment(Place there, String transactionId) {
        if (transactionId.isEmpty()) return Optional.empty();
        return receipts.byTransaction(there.merchant(), there.provider(), there.merchantNo(), transactionId)
                .map(Receipt::attempt)
                .or(() -> attempts.byProviderNo(there.merchant(), there.provider(), there.merchantNo(), transactionId));
    }

    private static IllegalStateException missing(String number) {
        return new IllegalStateException("this merchant has no attempt with the number " + number);
    }
}
