package io.cashdesk.refund;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.MakesRefunds;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Stores a refund and sets its amount aside on the receipt, before the provider is called; within a transaction of the
 * caller's, in which the order is locked. So refunds at the same moment never return more than was paid.
 */
@ApplicationScoped
class StoreRefund {
    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    @Inject
    PayerRefundRequests requests;

    @Inject
    Providers providers;

    @Inject
    Accounts accounts;

    @Inject
    ProviderCalls calls;

    @Inject
    Transactions transactions;

    @Inject
    Event<RefundBegins> begins;

    @Inject
    Signals signals;

    @Inject
    Clock clock;

    /**
     * The stored refund, and the call to be made for it.
     *
     * @param call empty if the refund was requested before and needs no call now
     */
    record Stored(RefundKey refund, Optional<ClaimedRefund> call) {}

    /** Stores a refund that the merchant requests, or finds the one of the same number. */
    Stored of(OrderKey key, RefundPayment.Wish wish) {
        var order = orders.locked(key);
        var known = wish.outRefundNo().flatMap(no -> refunds.byMerchantsNumber(order.merchantId(), order.mode(), no));
        if (known.isPresent()) return again(order, known.get(), wish);
        if (!order.paid()) throw unpaid(order);
        var receipt = receipts.locked(order.key(), order.paidReceipt().orElseThrow());
        var earlier = refunds.of(order.key());
        refuseWhileUnknown(earlier, wish);
        if (wish.outRefundNo().isEmpty()) {
            var failed =
                    failedBefore(earlier, wish.amount().orElse(receipt.left().minor()));
            if (failed.isPresent()) return again(order, failed.get(), wish);
        }
        return first(order, receipt, earlier, wish);
    }

    private Problem unpaid(PayOrder order) {
        var outcomeUnknown = attempts.thatMayBePaid(order.key()).stream()
                .anyMatch(a -> a.prompt().isEmpty());
        return outcomeUnknown
                ? ProblemType.REFUND_LATER.with(order.outTradeNo()).retryAfter(Duration.ofMinutes(1))
                : ProblemType.ORDER_UNPAID.with(order.outTradeNo());
    }

    /** A refund of this amount that failed under a number made here: the caller repeats it, under its number. */
    private static Optional<Refund> failedBefore(List<Refund> earlier, long amount) {
        return earlier.stream()
                .filter(r -> r.state() == RefundState.FAILED && r.amount().minor() == amount)
                .filter(Refund::numberMade)
                .findFirst();
    }

    private Stored first(PayOrder order, Receipt receipt, List<Refund> earlier, RefundPayment.Wish wish) {
        var provider = RefundPayment.refunding(providers, receipt.provider());
        refuseOverLimits(provider, account(receipt), receipt, earlier);
        var amount = amount(order, receipt, wish);
        refuseWhileRequested(order);
        begins.fire(new RefundBegins(order, receipt));
        receipt.reserve(amount);
        var number = wish.outRefundNo().orElseGet(() -> madeNumber(order, earlier.size()));
        var refundNo = provider.fitsRefund(number) ? number : generatedNumber();
        var refund = new Refund(
                order,
                source(receipt),
                new Refund.Numbered(
                        nextOrdinal(order), number, wish.outRefundNo().isEmpty(), refundNo),
                amount,
                new Refund.Because(RefundCause.MERCHANT, wish.reason(), wish.callback()),
                clock.instant());
        var lease = Lease.take(clock.instant(), calls.lease());
        refund.requested(lease);
        refunds.add(refund);
        pageChanged(order);
        orders.record(new OrderEvent(order.key(), null, clock.instant(), "refund.asked", number + " " + amount));
        return call(refund, lease, RefundState.REQUESTING, false);
    }

    /**
     * A refund without a number may repeat one whose caller never got the answer. One with a number is of other money,
     * so it waits only until a person was required for the one of unknown outcome; or until that person has decided,
     * where the provider has no numbers for refunds, so that one of them is all that a payment can have.
     */
    static void refuseWhileUnknown(List<Refund> earlier, RefundPayment.Wish wish) {
        var unnumbered = wish.outRefundNo().isEmpty();
        earlier.stream()
                .filter(r -> unnumbered
                        ? r.state() == RefundState.UNKNOWN || r.state() == RefundState.REQUESTING
                        : r.state() == RefundState.UNKNOWN
                                && (!r.requires(Refund.Concern.STUCK) || r.requires(Refund.Concern.UNDECIDED)))
                .findFirst()
                .ifPresent(r -> {
                    throw ProblemType.REFUND_LATER.with(r.outRefundNo()).retryAfter(Duration.ofMinutes(1));
                });
    }

    /** What the payer has requested at the provider may be refunded there as well. */
    private void refuseWhileRequested(PayOrder order) {
        requests.toDecide(order.key()).stream().findFirst().ifPresent(request -> {
            throw ProblemType.REFUND_REQUEST_OPEN.with(order.outTradeNo(), request.refundId(), request.refundId());
        });
    }

    private AccountSettings account(Receipt receipt) {
        return accounts.of(receipt.merchantId(), receipt.accountId())
                .orElseThrow()
                .settings();
    }

    private void refuseOverLimits(
            MakesRefunds provider, AccountSettings account, Receipt receipt, List<Refund> earlier) {
        var standing = earlier.stream().filter(r -> r.state().reserves()).count();
        var most = provider.mostRefunds(account);
        if (standing >= most) throw ProblemType.REFUND_TOO_MANY.with(receipt.provider(), most);
        var until = receipt.paidAt().atOffset(ZoneOffset.UTC).plus(provider.refundable());
        if (clock.instant().isAfter(until.toInstant())) {
            throw ProblemType.REFUND_TOO_LATE.with(receipt.provider(), until.toLocalDate());
        }
    }

    private static Money amount(PayOrder order, Receipt receipt, RefundPayment.Wish wish) {
        var left = receipt.left();
        var amount = wish.amount().map(Money::fen).orElse(left);
        if (amount.minor() > left.minor() || left.minor() == 0) {
            throw ProblemType.REFUND_EXCEEDS.with(order.outTradeNo(), left.minor(), Math.max(amount.minor(), 1));
        }
        return amount;
    }

    /**
     * Stores a refund of a late or duplicate payment, all of it. The sweeper makes the call.
     *
     * @return false if this provider cannot refund, or what was bought stays with the payer; then an operator must
     *     decide
     */
    boolean ofStray(PayOrder order, Receipt receipt) {
        if (besideRefund(order, receipt.provider()).isPresent()) return false; // otherwise goods for no money
        return ofStray(order, receipt, RefundCause.of(receipt));
    }

    /** As {@link #ofStray(PayOrder, Receipt)}, of all that is left of a held payment, for the cause that is named. */
    boolean ofStray(PayOrder order, Receipt receipt, RefundCause cause) {
        if (!(providers.named(receipt.provider()) instanceof MakesRefunds)) return false;
        var now = clock.instant();
        var amount = receipt.left();
        receipt.reserve(amount);
        var number = generatedNumber();
        var reason = switch (cause) {
            case LATE -> "订单已关闭，款项退回";
            case DUPLICATE -> "重复支付，款项退回";
            case HELD, MERCHANT, EXTERNAL -> "款项退回";
        };
        var refund = new Refund(
                order,
                source(receipt),
                new Refund.Numbered(nextOrdinal(order), number, true, number),
                amount,
                new Refund.Because(cause, reason, null),
                now);
        refund.waiting(null, now);
        refunds.add(refund);
        pageChanged(order);
        orders.record(new OrderEvent(order.key(), null, now, "refund.stray", number + " " + amount));
        return true;
    }

    /**
     * A refund that the provider makes without a call of ours: its money is reserved here before a report about it is
     * applied. The order and the receipt are locked.
     *
     * @param refundNo the number that tells it from every other refund at the provider
     * @param reason in the provider's or the payer's words; may be empty
     */
    Refund external(PayOrder order, Receipt receipt, String refundNo, Money amount, String reason) {
        receipt.reserve(amount);
        var now = clock.instant();
        var ordinal = nextOrdinal(order);
        var number = madeNumber(order, ordinal - 1);
        var refund = new Refund(
                order,
                source(receipt),
                new Refund.Numbered(ordinal, number, true, refundNo),
                amount,
                new Refund.Because(RefundCause.EXTERNAL, reason, null),
                now);
        refund.processing("", null, "{}", null);
        refunds.add(refund);
        pageChanged(order);
        orders.record(new OrderEvent(order.key(), null, now, "refund.external", number + " " + amount));
        return refund;
    }

    /** What a merchant must do beside a refund of this order's goods, in the words of its provider. */
    Optional<LocalizedText> besideRefund(PayOrder order, String provider) {
        if (order.goods().isEmpty() || !(providers.named(provider) instanceof MakesRefunds refunding)) {
            return Optional.empty();
        }
        return refunding.besideRefund(JsonBody.parseText("goods", order.goods().get()));
    }

    /** The refund of a held or stray payment that has not ended. */
    private Optional<Refund> unfinished(PayOrder order, Receipt receipt) {
        return refunds.allOf(order.key()).stream()
                .filter(r -> r.receiptId().equals(receipt.id()) && !r.state().ended())
                .findFirst();
    }

    /** Whether {@link #abandon} can stop the refund of this payment at this moment. */
    boolean canBeAbandoned(PayOrder order, Receipt receipt) {
        return unfinished(order, receipt).filter(Refund::canBeAbandoned).isPresent();
    }

    /**
     * Ends the refund of a stray payment that waits to be sent; its money is held again.
     *
     * @return the refund, or empty if it may have been sent or is being called, so that it cannot be stopped
     */
    Optional<Refund> abandon(PayOrder order, Receipt receipt) {
        var refund = unfinished(order, receipt).filter(Refund::canBeAbandoned);
        refund.ifPresent(r -> {
            var now = clock.instant();
            var why = "settled by an operator";
            r.failed(why, now);
            receipt.release(r.amount());
            pageChanged(order);
            orders.record(new OrderEvent(order.key(), null, now, "refund.failed", why));
        });
        return refund;
    }

    /** The same number again: goes on with a refund whose outcome is unknown, and tries again what failed. */
    private Stored again(PayOrder order, Refund refund, RefundPayment.Wish wish) {
        refuseDifference(order, refund, wish);
        // of an automatic refund it is another receipt than the order's
        var receipt = receipts.locked(order.key(), refund.receiptId());
        var now = clock.instant();
        var lease = Lease.take(now, calls.lease());
        var before = refund.state();
        return switch (before) {
            case REQUESTING, UNKNOWN, WAITING -> {
                if (refund.beingCalled(now)) {
                    throw ProblemType.CALL_RUNNING.with(order.outTradeNo()).retryAfter(Duration.ofSeconds(5));
                }
                refund.requested(lease);
                yield call(refund, lease, before, true);
            }
            case FAILED -> {
                if (refund.amount().minor() > receipt.left().minor()) {
                    throw ProblemType.REFUND_EXCEEDS.with(
                            order.outTradeNo(),
                            receipt.left().minor(),
                            refund.amount().minor());
                }
                if (!refund.cause().ofStrayPayment()) refuseWhileRequested(order);
                begins.fire(new RefundBegins(order, receipt));
                receipt.reserve(refund.amount());
                refund.requested(lease);
                pageChanged(order);
                yield call(refund, lease, before, true);
            }
            case PROCESSING, SUCCEEDED, ABNORMAL, CLOSED -> new Stored(refund.key(), Optional.empty());
        };
    }

    private void pageChanged(PayOrder order) {
        order.moneyChanged();
        transactions.afterCommit(() -> signals.changed(order.id()));
    }

    private void refuseDifference(PayOrder order, Refund refund, RefundPayment.Wish wish) {
        if (!refund.orderKey().equals(order.key())) {
            throw ProblemType.REFUND_DIFFERS.with(
                    refund.outRefundNo(),
                    "out_trade_no",
                    orders.byKey(refund.orderKey()).orElseThrow().outTradeNo(),
                    order.outTradeNo());
        }
        wish.amount().filter(a -> a != refund.amount().minor()).ifPresent(a -> {
            throw ProblemType.REFUND_DIFFERS.with(
                    refund.outRefundNo(), "refund_fee", refund.amount().minor(), a);
        });
    }

    private static Stored call(Refund refund, Lease lease, RefundState before, boolean queryFirst) {
        return new Stored(
                refund.key(), Optional.of(new ClaimedRefund(refund.key(), lease.claim(), before, queryFirst)));
    }

    private Refund.Source source(Receipt receipt) {
        var attempt = attempts.byKey(receipt.attempt()).orElseThrow();
        return new Refund.Source(receipt, attempt.accountId());
    }

    private int nextOrdinal(PayOrder order) {
        return refunds.allOf(order.key()).size() + 1;
    }

    private String madeNumber(PayOrder order, int earlier) {
        return MadeNumber.free(
                order.outTradeNo(),
                earlier,
                no -> refunds.byMerchantsNumber(order.merchantId(), order.mode(), no)
                        .isPresent());
    }

    private static String generatedNumber() {
        return Ids.next().toString().replace("-", "");
    }
}
