package io.cashdesk.checkout;

import io.cashdesk.ground.money.Money;
import io.cashdesk.order.Receipt;
import io.cashdesk.provider.Presentation;
import io.cashdesk.refund.RefundState;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * The money that arrived for an order, and how it was handled, as its payer reads it.
 *
 * @param payments all of them, the earliest first
 * @param whyNone why no payment may be known although one was made
 */
record OrderMoney(List<Payment> payments, WhyNone whyNone) {
    static final OrderMoney NONE = new OrderMoney(List.of(), WhyNone.NOTHING_CAME);

    OrderMoney {
        payments = List.copyOf(payments);
    }

    /** What is known about an order for which no payment is stored. */
    enum WhyNone {
        /** No attempt can have been paid. */
        NOTHING_CAME,
        /** An attempt may still be paid, because its provider could not close it. */
        MAY_COME,
        /** A payment by payment code was reversed: if the wallet was charged, the provider returns it by itself. */
        REVERSED
    }

    /** Where a payment is now, apart from its refunds. */
    enum Handling {
        /** It pays the order. */
        COUNTED,
        /** The shop must decide. */
        HELD,
        /** The shop must decide, because it could not be returned. */
        RETURN_FAILED,
        /** It is being returned, or was: its refunds say when. */
        RETURNED,
        /** The provider has returned it, without a refund of the shop. */
        REVERSED,
        /** The shop has dealt with it in another way. */
        SETTLED
    }

    /** What the state of the page depends on. */
    enum Sign {
        /** A payment is known that does not pay the order. */
        STRAY,
        /** The shop must decide about one. */
        STRAY_HELD,
        /** One is being returned. */
        STRAY_RETURNING,
        /** One was settled by the shop. */
        STRAY_SETTLED,
        /** A refund is on its way. */
        REFUNDING,
        /** A refund could not reach the payer. */
        ABNORMAL,
        /** The payment that pays the order was reversed. */
        REVERSED
    }

    /**
     * One payment.
     *
     * @param refunded what of it was refunded
     * @param reserved what of it is set aside for refunds: refunded, on its way, or abnormal
     * @param number the provider's number of it
     * @param paidAt when the payer paid, by the provider's clock
     * @param since when it was reported here, or, if it could not be returned, since when that is known
     * @param refunds those that are shown to the payer, the earliest first
     */
    record Payment(
            Receipt.Kind kind,
            Handling handling,
            Money amount,
            Money refunded,
            Money reserved,
            Presentation wallet,
            String number,
            Instant paidAt,
            Instant since,
            List<Refund> refunds) {
        Payment {
            refunds = List.copyOf(refunds);
        }

        /** Whether it is not the one that pays the order. */
        boolean stray() {
            return kind != Receipt.Kind.ORDER;
        }
    }

    /**
     * One refund.
     *
     * @param since when it was requested
     * @param ended when the payer got the money, or when it was given up
     * @param number the shop's number of it
     */
    record Refund(Money amount, RefundState state, Instant since, Optional<Instant> ended, String number) {
        boolean onItsWay() {
            return !state.ended() && state != RefundState.ABNORMAL;
        }
    }

    /**
     * Where all the money is, in fen. The parts add up to what was received.
     *
     * @param kept pays the order
     * @param held the shop must decide about it
     */
    record Sums(long received, long kept, long returned, long onItsWay, long abnormal, long held, long settled) {}

    /** The payments that do not pay the order. */
    OrderMoney strays() {
        return new OrderMoney(payments.stream().filter(Payment::stray).toList(), whyNone);
    }

    Sums sums() {
        var received = sum(p -> p.amount().minor());
        var kept = sum(p -> p.handling() == Handling.COUNTED ? free(p) : 0);
        var settled = sum(p -> p.handling() == Handling.SETTLED ? free(p) : 0);
        var returned = sum(OrderMoney::returned);
        var abnormal = sum(OrderMoney::abnormal);
        var onItsWay = sum(p -> p.handling() == Handling.REVERSED
                ? 0
                : p.reserved().minor() - p.refunded().minor() - abnormal(p));
        return new Sums(
                received,
                kept,
                returned,
                onItsWay,
                abnormal,
                received - kept - settled - returned - abnormal - onItsWay,
                settled);
    }

    private long sum(ToLongFunction<Payment> part) {
        return payments.stream().mapToLong(part).sum();
    }

    private static long free(Payment payment) {
        return payment.amount().minor() - payment.reserved().minor();
    }

    private static long returned(Payment payment) {
        var all = payment.handling() == Handling.REVERSED ? payment.amount() : payment.refunded();
        return all.minor();
    }

    private static long abnormal(Payment payment) {
        return payment.refunds().stream()
                .filter(r -> r.state() == RefundState.ABNORMAL)
                .mapToLong(r -> r.amount().minor())
                .sum();
    }

    Set<Sign> signs() {
        var signs = EnumSet.noneOf(Sign.class);
        for (var payment : payments) {
            if (payment.stray()) addStray(signs, payment);
            else if (payment.handling() == Handling.REVERSED) signs.add(Sign.REVERSED);
            if (payment.refunds().stream().anyMatch(Refund::onItsWay)) signs.add(Sign.REFUNDING);
            if (abnormal(payment) > 0) signs.add(Sign.ABNORMAL);
        }
        return signs;
    }

    private static void addStray(Set<Sign> signs, Payment payment) {
        signs.add(Sign.STRAY);
        switch (payment.handling()) {
            case HELD, RETURN_FAILED -> signs.add(Sign.STRAY_HELD);
            case SETTLED -> signs.add(Sign.STRAY_SETTLED);
            case RETURNED -> {
                if (payment.refunds().stream().anyMatch(Refund::onItsWay)) signs.add(Sign.STRAY_RETURNING);
            }
            case COUNTED, REVERSED -> {} // nothing of it is open
        }
    }

    /** Whether something is still to come: a refund that has not ended, a decision, or a payment. */
    boolean follows() {
        return whyNone == WhyNone.MAY_COME
                || payments.stream()
                        .anyMatch(p -> p.handling() == Handling.HELD
                                || p.handling() == Handling.RETURN_FAILED
                                || p.refunds().stream().anyMatch(r -> !r.state().ended()));
    }
}
