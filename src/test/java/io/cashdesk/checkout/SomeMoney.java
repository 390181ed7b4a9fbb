package io.cashdesk.checkout;

import io.cashdesk.checkout.OrderMoney.Handling;
import io.cashdesk.ground.money.Money;
import io.cashdesk.order.Receipt;
import io.cashdesk.provider.Presentation;
import io.cashdesk.refund.RefundState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A payment for an order of 9.90 yuan, as a page tells it. */
final class SomeMoney {
    private final Receipt.Kind kind;
    private final long fen;
    private final Instant at;
    private final Presentation wallet;
    private final String number;
    private final List<OrderMoney.Refund> refunds = new ArrayList<>();
    private Handling handling;
    private long refunded;
    private long reserved;

    private SomeMoney(Receipt.Kind kind, Handling handling, long fen, Duration after, String provider, String number) {
        this.kind = kind;
        this.handling = handling;
        this.fen = fen;
        this.at = ACheckoutPage.NOW.plus(after);
        this.wallet = ACheckoutPage.look(provider);
        this.number = number;
    }

    static SomeMoney own() {
        return new SomeMoney(
                Receipt.Kind.ORDER, Handling.COUNTED, 990, Duration.ZERO, "wxpay", "4200002026112100000001");
    }

    static SomeMoney duplicate() {
        return stray(Receipt.Kind.DUPLICATE, 990, 60);
    }

    static SomeMoney late() {
        return stray(Receipt.Kind.LATE, 990, 60);
    }

    static SomeMoney differing(long fen) {
        return stray(Receipt.Kind.AMOUNT_DIFFERS, fen, 60);
    }

    static SomeMoney stray(Receipt.Kind kind, long fen, int secondsAfter) {
        return new SomeMoney(
                kind, Handling.HELD, fen, Duration.ofSeconds(secondsAfter), "alipay", "20261121220014" + secondsAfter);
    }

    SomeMoney is(Handling handling) {
        this.handling = handling;
        return this;
    }

    /** All of it by one refund, in this state. */
    SomeMoney returning(RefundState state) {
        handling = state.reserves() ? Handling.RETURNED : Handling.RETURN_FAILED;
        return refund(fen, state);
    }

    SomeMoney refund(long fen, RefundState state) {
        var since = at.plusSeconds(10);
        refunds.add(new OrderMoney.Refund(
                Money.fen(fen),
                state,
                since,
                state.ended() ? Optional.of(since.plusSeconds(10)) : Optional.empty(),
                "R" + (refunds.size() + 1)));
        if (state.reserves()) reserved += fen;
        if (state == RefundState.SUCCEEDED) refunded += fen;
        return this;
    }

    private OrderMoney.Payment payment() {
        return new OrderMoney.Payment(
                kind,
                handling,
                Money.fen(fen),
                Money.fen(refunded),
                Money.fen(reserved),
                wallet,
                number,
                at,
                at.plusSeconds(1),
                refunds);
    }

    static OrderMoney of(SomeMoney... payments) {
        return new OrderMoney(
                Stream.of(payments)
                        .map(SomeMoney::payment)
                        .sorted(Comparator.comparing(OrderMoney.Payment::paidAt))
                        .toList(),
                OrderMoney.WhyNone.NOTHING_CAME);
    }
}
