package io.cashdesk.checkout;

import static java.util.stream.Collectors.groupingBy;

import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderState;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.Providers;
import io.cashdesk.refund.Refund;
import io.cashdesk.refund.RefundState;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** Reads the money that arrived for an order and what became of it, from our own rows. */
@ApplicationScoped
class ReadMoney {
    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    @Inject
    Providers providers;

    /** For an unpaid order of which no payment is known it needs no statement. */
    OrderMoney of(PayOrder order) {
        if (!order.mayHaveReceipts()) return OrderMoney.NONE;
        var received = receipts.of(order.key());
        if (received.isEmpty()) return new OrderMoney(List.of(), whyNone(order));
        var byReceipt = refunds.allOf(order.key()).stream().collect(groupingBy(Refund::receiptId));
        return new OrderMoney(
                received.stream()
                        .map(r -> payment(order, r, byReceipt.getOrDefault(r.id(), List.of())))
                        .sorted(Comparator.comparing(OrderMoney.Payment::paidAt))
                        .toList(),
                OrderMoney.WhyNone.NOTHING_CAME);
    }

    /** Whether an order that takes no attempts may still change, so that its page is loaded again when it does. */
    boolean follows(PayOrder order) {
        return !order.paidOnce()
                && (order.needsPerson().isPresent() || of(order).follows());
    }

    private OrderMoney.WhyNone whyNone(PayOrder order) {
        if (order.state() != OrderState.CLOSED) return OrderMoney.WhyNone.NOTHING_CAME;
        var all = attempts.allOf(order.key());
        if (all.stream().anyMatch(a -> a.state().mayBePaid())) return OrderMoney.WhyNone.MAY_COME;
        return all.stream().anyMatch(ReadMoney::mayBeReversed)
                ? OrderMoney.WhyNone.REVERSED
                : OrderMoney.WhyNone.NOTHING_CAME;
    }

    /** One that the provider refused was not charged; one that was closed may have been, and was reversed then. */
    private static boolean mayBeReversed(Attempt attempt) {
        return attempt.byPaymentCode() && attempt.state() == AttemptState.CLOSED;
    }

    private OrderMoney.Payment payment(PayOrder order, Receipt receipt, List<Refund> itsRefunds) {
        return new OrderMoney.Payment(
                receipt.kind(),
                handling(order, receipt, itsRefunds),
                receipt.amount(),
                receipt.refunded(),
                receipt.reserved(),
                providers.named(receipt.provider()).presentation(),
                receipt.transactionId(),
                receipt.paidAt(),
                since(receipt, itsRefunds),
                itsRefunds.stream()
                        .filter(ReadMoney::isShown)
                        .sorted(Comparator.comparing(Refund::n))
                        .map(ReadMoney::refund)
                        .toList());
    }

    /** Since when it is held: since its last refund failed, or else since it was reported. */
    private static Instant since(Receipt receipt, List<Refund> itsRefunds) {
        return itsRefunds.stream()
                .filter(r -> !r.state().reserves())
                .flatMap(r -> r.finishedAt().stream())
                .max(Comparator.naturalOrder())
                .orElse(receipt.reportedAt());
    }

    private OrderMoney.Handling handling(PayOrder order, Receipt receipt, List<Refund> itsRefunds) {
        return switch (receipt.disposition()) {
            case COUNTED -> reversed(order, receipt) ? OrderMoney.Handling.REVERSED : OrderMoney.Handling.COUNTED;
            case HELD -> itsRefunds.isEmpty() ? OrderMoney.Handling.HELD : OrderMoney.Handling.RETURN_FAILED;
            case RETURNING -> OrderMoney.Handling.RETURNED;
            case RETURNED -> receipt.returnedByProvider() ? OrderMoney.Handling.REVERSED : OrderMoney.Handling.RETURNED;
            case SETTLED -> OrderMoney.Handling.SETTLED;
        };
    }

    /** The payment that counts stays counted when it is reversed; only the evidence says so. */
    private boolean reversed(PayOrder order, Receipt receipt) {
        return receipt.byPaymentCode()
                && orders.events(order.key(), OrderEvent.MONEY_REVERSED).stream()
                        .anyMatch(e -> e.isAbout(attemptOf(receipt)));
    }

    private static UUID attemptOf(Receipt receipt) {
        return receipt.attempt().id();
    }

    /**
     * A refund that failed was refused, or stopped before it was sent: no money left the shop, and none is set aside.
     * If it was to return a payment that cannot pay the order, that payment is held now, which is shown instead. A
     * refund that the provider has given up was on its way, so it is shown, with its end.
     */
    private static boolean isShown(Refund refund) {
        return refund.state() != RefundState.FAILED;
    }

    private static OrderMoney.Refund refund(Refund refund) {
        return new OrderMoney.Refund(
                refund.amount(), refund.state(), refund.createdAt(), refund.finishedAt(), refund.outRefundNo());
    }
}
