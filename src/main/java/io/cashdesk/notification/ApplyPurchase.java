package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.AttemptRequest;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.NewOrder;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.OrderOpened;
import io.cashdesk.order.OrderState;
import io.cashdesk.order.OutTradeNo;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.refund.RefundPayment;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Applies what a provider's own store says of a purchase, whether the payer's app posted the proof or the store
 * notified us; each in one transaction, in which the order is locked first (docs/api.md, "Purchases in a provider's
 * store").
 *
 * <p>A purchase pays one order, once. Which order: that of the attempt whose number the store carries; without such a
 * number the one for which the app posts it, if it is of the same goods. A later payment of a subscription pays a new
 * order, numbered by its transaction.
 */
@ApplicationScoped
public class ApplyPurchase {
    private static final Logger LOG = Logger.getLogger(ApplyPurchase.class);

    /** Thousandths of a percent: all of it. */
    private static final int ALL = 100_000;

    /** By how much a store's clock and ours may differ. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

    private static final String RETURNED = "purchase.returned";
    private static final String CHARGED_AGAIN = "purchase.charged-again";

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    @Inject
    RefundPayment refundPayment;

    @Inject
    ApplyReport applyReport;

    @Inject
    AnswerUsage answerUsage;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    Transactions transactions;

    @Inject
    Signals signals;

    @Inject
    Event<OrderOpened> opened;

    @Inject
    Clock clock;

    /** What became of a purchase. */
    public enum Outcome {
        /**
         * It is stored, now or before; {@link Result#order} says with which order, if it is one of this merchant and
         * mode.
         */
        STORED,
        /** The store carries the number of an order of another merchant or mode; nothing was stored. */
        OF_ANOTHER,
        /** It is of other goods than the order, and the store carries no number of ours: nothing was stored. */
        OTHER_GOODS,
        /** It is of other goods than the order to which it belongs, or was returned: an operator must decide. */
        DOUBTFUL,
        /** It is for another application; evidence was stored. */
        REFUSED,
        /** It belongs to no order of ours, as far as is known: the app may still post it. */
        UNKNOWN
    }

    /**
     * What became of a purchase.
     *
     * @param order with which it is stored; empty if it is not, or with an order of another merchant or mode
     * @param first whether it was not stored before
     */
    public record Result(Outcome outcome, Optional<OrderKey> order, boolean first) {
        private static Result nowhere(Outcome outcome) {
            return new Result(outcome, Optional.empty(), false);
        }
    }

    /** Whose purchases: a merchant's at one provider, under one merchant number there. */
    record Seller(UUID merchant, Mode mode, String provider, String merchantNo) {}

    /**
     * Applies a verified purchase that was posted for an order.
     *
     * @param named the order's newest attempt at this provider
     */
    public Result posted(AttemptKey named, Purchase purchase) {
        return transactions.inNew( // run again, if another caller has stored the same purchase meanwhile
                () -> {
                    var order = orders.locked(named.order());
                    var attempt = attempts.locked(named);
                    var seller = new Seller(order.merchantId(), order.mode(), attempt.provider(), attempt.merchantNo());
                    return apply(seller, Optional.of(attempt), purchase, ApplyReport.Source.QUERY);
                });
    }

    /**
     * Applies what a notification says; in its transaction.
     *
     * @return the order that it is about, if it is known
     */
    Optional<UUID> notified(Seller seller, ParsedNotification.OfPurchase content, ApplyReport.Source source) {
        return about(seller, content, source).map(OrderKey::id);
    }

    private Optional<OrderKey> about(Seller seller, ParsedNotification.OfPurchase content, ApplyReport.Source source) {
        if (content instanceof ParsedNotification.Bought bought) {
            return apply(seller, Optional.empty(), bought.purchase(), source).order();
        }
        if (content instanceof ParsedNotification.TakenBack back) return takenBack(seller, back, source);
        if (content instanceof ParsedNotification.ChargedAgain again) return chargedAgain(seller, again.purchase());
        if (content instanceof ParsedNotification.UsageAsked asked) return usageAsked(seller, asked.purchase());
        throw new IllegalStateException("a message about a purchase that is not applied: " + content.getClass());
    }

    /**
     * @param named the attempt for whose order it was posted, locked after its order; empty if the store notified us
     */
    private Result apply(Seller seller, Optional<Attempt> named, Purchase purchase, ApplyReport.Source source) {
        var carried = carried(seller, purchase);
        var known = known(seller, purchase); // after the lock: of two reports at once the second sees the first
        if (known.isPresent()) return repeated(seller, known.get(), source);
        var number = purchase.paid().attemptNo();
        if (receipts.isStored(seller.provider(), seller.merchantNo(), purchase.transactionId())) {
            return Result.nowhere(Outcome.STORED); // by another merchant
        }
        var others = !number.isEmpty()
                && carried.isEmpty()
                && attempts.isUsed(seller.provider(), seller.merchantNo(), number);
        if (others) return Result.nowhere(Outcome.OF_ANOTHER);

        var subscribed = ofSubscription(seller, purchase);
        if (carried.isPresent()) {
            var order = orders.locked(carried.get().order());
            return order.paid() && subscribed.isPresent()
                    ? renewal(seller, subscribed.get(), purchase, source)
                    : pay(order, attempts.locked(carried.get()), purchase, source);
        }
        if (named.isEmpty()) {
            return subscribed
                    .map(first -> renewal(seller, first, purchase, source))
                    .orElse(Result.nowhere(Outcome.UNKNOWN));
        }
        var order = orders.locked(named.get().orderKey());
        var fits =
                PaidReportCheck.boughtAsOrdered(order, purchase.paid().details().goods());
        if (subscribed.isPresent()) {
            var again = fits && order.state() == OrderState.UNPAID && !older(purchase, named.get());
            if (!again) return renewal(seller, subscribed.get(), purchase, source);
        }
        return fits ? pay(order, named.get(), purchase, source) : Result.nowhere(Outcome.OTHER_GOODS);
    }

    /** The attempt whose number the store carries, if it is one of ours. */
    private Optional<AttemptKey> carried(Seller seller, Purchase purchase) {
        var number = purchase.paid().attemptNo();
        if (number.isEmpty()) return Optional.empty();
        return attempts.byNumber(seller.merchant(), seller.provider(), seller.merchantNo(), number)
                .filter(key -> orders.locked(key.order()).mode() == seller.mode());
    }

    private Optional<Receipt> known(Seller seller, Purchase purchase) {
        return receipts.byTransaction(
                seller.merchant(), seller.provider(), seller.merchantNo(), purchase.transactionId());
    }

    /** The first payment of the same subscription that pays an order of this mode. */
    private Optional<Receipt> ofSubscription(Seller seller, Purchase purchase) {
        if (!purchase.subscription()) return Optional.empty();
        return receipts.ofSubscription(
                        seller.merchant(), seller.provider(), seller.merchantNo(), purchase.firstTransactionId())
                .filter(receipt -> orders.locked(receipt.attempt().order()).mode() == seller.mode());
    }

    private static boolean older(Purchase purchase, Attempt attempt) {
        var at = purchase.paid().paidAt();
        return at != null && at.isBefore(attempt.createdAt().minus(CLOCK_DIFFERENCE));
    }

    private Result repeated(Seller seller, Receipt known, ApplyReport.Source source) {
        var order = orders.locked(known.attempt().order());
        if (order.mode() != seller.mode()) return Result.nowhere(Outcome.STORED);
        ApplyReport.keepNotification(known, source);
        return new Result(Outcome.STORED, Optional.of(order.key()), false);
    }

    /** The order and the attempt are locked. */
    private Result pay(PayOrder order, Attempt attempt, Purchase purchase, ApplyReport.Source source) {
        var account = accounts.of(attempt.merchantId(), attempt.accountId()).orElseThrow();
        var us = providers.named(attempt.provider()).identity(account.settings());
        if (!PaidReportCheck.isToUs(attempt, us, purchase.paid())) {
            applyReport.refuse(order, attempt, purchase.paid());
            return Result.nowhere(Outcome.REFUSED);
        }
        var doubt = PaidReportCheck.ofPurchase(order, purchase.paid());
        applyReport.bought(order, attempt, purchase, doubt, source);
        return new Result(doubt.isPresent() ? Outcome.DOUBTFUL : Outcome.STORED, Optional.of(order.key()), true);
    }

    /**
     * A later payment of a subscription. It pays an order of its own, unless that cannot be stored: then it is held
     * with the order of the first payment.
     */
    private Result renewal(Seller seller, Receipt first, Purchase purchase, ApplyReport.Source source) {
        var earlier = orders.locked(first.attempt().order());
        var paidBy = attempts.locked(first.attempt());
        var number = purchase.transactionId();
        var free = OutTradeNo.allows(number)
                && orders.keyByNumber(seller.merchant(), seller.mode(), number).isEmpty();
        var returned = purchase.paid().wentBack() != ProviderReport.WentBack.NOTHING;
        if (!free || returned) {
            var why = "the purchase " + number + " renews the subscription of this order, and it "
                    + (returned
                            ? "was returned at the provider, all or a part of it"
                            : "has no order of its own, because that number is taken by another order or cannot be one");
            var all = purchase.paid().wentBack() == ProviderReport.WentBack.ALL;
            applyReport.bought(
                    earlier, paidBy, purchase, Optional.of(new PaidReportCheck.Doubt(why, all, false)), source);
            return new Result(Outcome.DOUBTFUL, Optional.of(earlier.key()), true);
        }
        var now = clock.instant();
        var order = new PayOrder(seller.merchant(), seller.mode(), again(earlier, purchase, now), now);
        order.renews(earlier);
        orders.add(order);
        orders.record(new OrderEvent(order.key(), null, now, "created", "{}"));
        opened.fire(new OrderOpened(order));
        return pay(order, attempt(order, paidBy, now), purchase, source);
    }

    /** The same as the first purchase, but for the goods: the payer may have changed the subscription. */
    private static NewOrder again(PayOrder earlier, Purchase purchase, Instant now) {
        var details = purchase.paid().details();
        var price = Optional.ofNullable(details.price())
                .filter(p -> p.currency().equals(Money.CNY) && p.minor() > 0)
                .orElse(earlier.total());
        return new NewOrder(
                new OutTradeNo(purchase.transactionId()),
                new NewOrder.Goods(price, earlier.subject(), earlier.type(), earlier.custom()),
                new NewOrder.Buyer(
                        earlier.userId().orElse(null), earlier.nickname().orElse(null)),
                new NewOrder.Origin(
                        earlier.platform(),
                        earlier.appid().orElse(null),
                        earlier.clientIp().orElse(null),
                        null,
                        earlier.callback().orElse(null)),
                earlier.providers(),
                new NewOrder.Deadline(Instant.ofEpochSecond(now.getEpochSecond()), false),
                Optional.empty(),
                new NewOrder.Special(null, details.goods().toString()));
    }

    /** The order's only attempt, which the store has made: it carries the number of the purchase. */
    private Attempt attempt(PayOrder order, Attempt first, Instant now) {
        var before = first.request();
        var attempt = new Attempt(
                order.key(),
                new Attempt.Numbered(order.nextAttempt(), order.outTradeNo()),
                new Attempt.Target(first.accountId(), first.provider(), first.merchantNo(), first.payType()),
                new Attempt.Requested(
                        new AttemptRequest(
                                order.expiresAt(),
                                before.notifyUrl(),
                                before.payer(),
                                AttemptRequest.SubMerchant.NONE,
                                Optional.empty(),
                                before.other(),
                                before.environment()),
                        "renewal",
                        order.expiresAt(),
                        order.expiresAt(),
                        null),
                Lease.take(now, Duration.ofSeconds(1)), // it ends with the payment, in this transaction
                now);
        attempts.add(attempt);
        var account = accounts.of(first.merchantId(), first.accountId()).orElseThrow();
        order.triedWith(
                attempt,
                providers.named(first.provider()).identity(account.settings()).appId());
        orders.record(new OrderEvent(order.key(), attempt.id(), now, "attempt.opened", first.payType()));
        return attempt;
    }

    private Optional<OrderKey> takenBack(Seller seller, ParsedNotification.TakenBack back, ApplyReport.Source source) {
        var purchase = back.purchase();
        var known = known(seller, purchase);
        if (known.isEmpty()) {
            var wentBack = back.back().thousandths() >= ALL
                    ? ProviderReport.WentBack.ALL
                    : ProviderReport.WentBack.AT_LEAST_A_PART;
            var returned = new Purchase(
                    purchase.paid().with(wentBack),
                    purchase.firstTransactionId(),
                    purchase.subscription(),
                    purchase.environment());
            return apply(seller, Optional.empty(), returned, source).order();
        }
        var order = orders.locked(known.get().attempt().order());
        if (order.mode() != seller.mode()) return Optional.empty();
        var receipt = receipts.locked(order.key(), known.get().id());
        var counted = refunds.byProvidersNumber(
                seller.merchant(),
                seller.provider(),
                seller.merchantNo(),
                back.back().refundNo());
        if (counted.isPresent()
                || orders.recorded(order.key(), RETURNED, back.back().refundNo())) {
            return Optional.of(order.key());
        }
        returned(order, receipt, back);
        return Optional.of(order.key());
    }

    private void returned(PayOrder order, Receipt receipt, ParsedNotification.TakenBack back) {
        var all = back.back().thousandths() >= ALL;
        record(order, receipt, RETURNED, back.back().refundNo());
        switch (receipt.disposition()) {
            case COUNTED -> {
                if (order.whollyRefunded()) return; // the record says so already
                refundPayment.byStore(
                        order,
                        receipt,
                        all,
                        new RefundReport.Succeeded(
                                back.back().refundNo(),
                                "",
                                share(
                                        receipt.amount(),
                                        receipt.left(),
                                        back.back().thousandths()),
                                null,
                                back.back().at(),
                                back.purchase().paid().evidence()));
            }
            case HELD -> {
                if (all) {
                    receipt.wentBack();
                    order.decided(receipt);
                } else {
                    order.requirePerson(
                            "of the held purchase " + receipt.transactionId() + " the store has returned "
                                    + percent(back.back().thousandths()) + " to the payer",
                            receipt);
                }
                changed(order);
            }
            case RETURNING, RETURNED, SETTLED -> {} // dealt with before; this is evidence of it
        }
    }

    /**
     * How much of a payment a share of it is.
     *
     * @param left what is not refunded yet: the most that it can be, and what all of it is
     * @param thousandths of a percent; a part is rounded to the nearest fen, and is never the whole payment
     */
    static Money share(Money paid, Money left, int thousandths) {
        if (thousandths >= ALL) return left;
        var rounded = (Math.multiplyExact(paid.minor(), thousandths) + ALL / 2) / ALL;
        var part = Math.min(rounded, Math.max(0, paid.minor() - 1));
        return new Money(Math.min(part, left.minor()), paid.currency());
    }

    private static String percent(int thousandths) {
        return BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString() + " %";
    }

    private Optional<OrderKey> chargedAgain(Seller seller, Purchase purchase) {
        var stored = stored(seller, purchase);
        stored.ifPresent(receipt -> {
            var order = orders.locked(receipt.attempt().order());
            var reason = "the store has charged the payer again for the purchase " + receipt.transactionId()
                    + ", whose money it had returned: look in its console whether the money has come, and whether what"
                    + " was bought must be delivered again; this record still shows the refund";
            LOG.warnf("Order %s: %s; needs a person", order.outTradeNo(), reason);
            record(order, receipt, CHARGED_AGAIN, purchase.paid().evidence());
            order.requirePerson(reason);
            changed(order);
        });
        return stored.map(receipt -> receipt.attempt().order());
    }

    private Optional<OrderKey> usageAsked(Seller seller, Purchase purchase) {
        var stored = stored(seller, purchase);
        stored.ifPresent(receipt -> {
            record(orders.locked(receipt.attempt().order()), receipt, "purchase.usage-asked", "{}");
            answerUsage.schedule(receipt);
        });
        return stored.map(receipt -> receipt.attempt().order());
    }

    /** The stored purchase, of an order of this mode. */
    private Optional<Receipt> stored(Seller seller, Purchase purchase) {
        return known(seller, purchase)
                .filter(receipt -> orders.locked(receipt.attempt().order()).mode() == seller.mode());
    }

    private void record(PayOrder order, Receipt receipt, String kind, String detail) {
        orders.record(new OrderEvent(order.key(), receipt.attempt().id(), clock.instant(), kind, detail));
    }

    private void changed(PayOrder order) {
        order.moneyChanged();
        transactions.afterCommit(() -> signals.changed(order.id()));
    }
}
