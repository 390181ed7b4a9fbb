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
        if (received.isEmpty()) return new OrderMoney(List.of(), silence(order));
        var byReceipt = refunds.allOf(order.key()).stream().collect(groupingBy(Refund::receiptId));
        return new OrderMoney(
                received.stream()
                        .map(r -> payment(order, r, byReceipt.getOrDefault(r.id(), List.of())))
                        .sorted(Comparator.comparing(OrderMoney.Payment::paidAt))
                        .toList(),
                OrderMoney.Silence.NOTHING_CAME);
    }

    /** Whether an order that takes no attempts may still change, so that its page is loaded again when it does. */
    boolean follows(PayOrder order) {
        return order.needsPerson().isPresent() || of(order).follows();
    }

    private OrderMoney.Silence silence(PayOrder order) {
        if (order.state() != OrderState.CLOSED) return OrderMoney.Silence.NOTHING_CAME;
        var all = attempts.allOf(order.key());
        if (all.stream().anyMatch(a -> a.state().mayBePaid())) return OrderMoney.Silence.MAY_COME;
        return all.stream().anyMatch(ReadMoney::mayBeReversed)
                ? OrderMoney.Silence.REVERSED
                : OrderMoney.Silence.NOTHING_CAME;
    }

    /** One that the provider refused was not charged; one that was closed may have been, and was reversed then. */
    private static boolean mayBeReversed(Attempt attempt) {
        return attempt.byPaymentCode() && attempt.state() == AttemptState.CLOSED;
    }

    private OrderMoney.Payment payment(PayOrder order, Receipt receipt, List<Refund> itsRefunds) {
        return new OrderMoney.Payment(
                receipt.kind(),
                fate(order, receipt, itsRefunds),
                receipt.amount(),
                receipt.refunded(),
                receipt.reserved(),
                providers.named(receipt.provider()).presentation(),
                receipt.transactionId(),
                receipt.paidAt(),
                receipt.reportedAt(),
                itsRefunds.stream()
                        .filter(ReadMoney::isTold)
                        .sorted(Comparator.comparing(Refund::n))
                        .map(ReadMoney::refund)
                        .toList());
    }

    private OrderMoney.Fate fate(PayOrder order, Receipt receipt, List<Refund> itsRefunds) {
        return switch (receipt.disposition()) {
            case COUNTED -> reversed(order, receipt) ? OrderMoney.Fate.REVERSED : OrderMoney.Fate.COUNTED;
            case HELD -> itsRefunds.isEmpty() ? OrderMoney.Fate.HELD : OrderMoney.Fate.RETURN_FAILED;
            case RETURNING -> OrderMoney.Fate.RETURNED;
            case RETURNED -> receipt.returnedByProvider() ? OrderMoney.Fate.REVERSED : OrderMoney.Fate.RETURNED;
            case SETTLED -> OrderMoney.Fate.SETTLED;
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
     * If it was to return a payment that cannot pay the order, that payment is held now, which the payer reads instead.
     * A refund that the provider has given up was on its way, so the payer reads what became of it.
     */
    private static boolean isTold(Refund refund) {
        return refund.state() != RefundState.FAILED;
    }

    private static OrderMoney.Refund refund(Refund refund) {
        return new OrderMoney.Refund(
                refund.amount(), refund.state(), refund.createdAt(), refund.finishedAt(), refund.outRefundNo());
    }
}
