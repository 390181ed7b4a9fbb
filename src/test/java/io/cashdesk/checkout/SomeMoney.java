package io.cashdesk.checkout;

import io.cashdesk.checkout.OrderMoney.Fate;
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
    private Fate fate;
    private long refunded;
    private long reserved;

    private SomeMoney(Receipt.Kind kind, Fate fate, long fen, Duration after, String provider, String number) {
        this.kind = kind;
        this.fate = fate;
        this.fen = fen;
        this.at = ACheckoutPage.NOW.plus(after);
        this.wallet = ACheckoutPage.look(provider);
        this.number = number;
    }

    static SomeMoney own() {
        return new SomeMoney(Receipt.Kind.ORDER, Fate.COUNTED, 990, Duration.ZERO, "wxpay", "4200002026112100000001");
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
                kind, Fate.HELD, fen, Duration.ofSeconds(secondsAfter), "alipay", "20261121220014" + secondsAfter);
    }

    SomeMoney is(Fate fate) {
        this.fate = fate;
        return this;
    }

    /** All of it by one refund, in this state. */
    SomeMoney returning(RefundState state) {
        fate = state.reserves() ? Fate.RETURNED : Fate.RETURN_FAILED;
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
                fate,
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
                OrderMoney.Silence.NOTHING_CAME);
    }
}
