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
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Applies what a provider's own store says of a purchase, whether the payer's app posted the proof or the store
 * notified us; each in one transaction, in which the order is locked first (docs/api.md, "verifyReceipt").
 *
 * <p>A purchase pays one order, once. Which order: that of the attempt whose number the store carries; without such a
 * number the one for which the app posts it, if it is of the same goods. A later payment of a subscription pays a new
 * order, numbered by its transaction.
 */
@ApplicationScoped
public class ApplyPurchase {
    private static final Logger LOG = Logger.getLogger(ApplyPurchase.class);

    private static final String RETURNED = "purchase.returned";
    private static final String RETURNED_BEFORE = "purchase.returned-before";
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
    StoreReturns returns;

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
         * It is stored, now or before; {@link Result#order} says with which order. It pays that one, or it is held as a
         * late or second payment, or was returned since.
         */
        STORED,
        /** It is of an order of another merchant or mode. */
        OF_ANOTHER,
        /** It is of other goods than the order, and the store carries no number of ours: nothing was stored. */
        OTHER_GOODS,
        /**
         * It is stored, now or before, and is of other goods than the order to which it belongs, or was returned before
         * it came: an operator must decide, and has not.
         */
        DOUBTFUL,
        /** It is for another application; evidence was stored. */
        REFUSED,
        /** It belongs to no order of ours, as far as is known: the app may still post it. */
        UNKNOWN
    }

    /**
     * What became of a purchase; a repetition of the same call gets the same.
     *
     * @param order with which it is stored; empty if it is not, or with an order of another merchant or mode
     * @param numbered whether the store carries the number of an order of ours, which so is no choice of the caller's
     */
    public record Result(Outcome outcome, Optional<OrderKey> order, boolean numbered) {
        private static Result nowhere(Outcome outcome) {
            return new Result(outcome, Optional.empty(), false);
        }
    }

    /** Whose purchases: a merchant's at one provider, under one merchant number there. */
    record Seller(UUID merchant, Mode mode, String provider, String merchantNo) {
        /**
         * Under which name a purchase is locked, with all of its subscription: taken before every other lock, so that
         * of two reports at once the second sees what the first has stored, and no two wait for each other.
         */
        String lock(Purchase purchase) {
            return String.join(" ", "purchase", provider, merchantNo, purchase.firstTransactionId());
        }
    }

    /**
     * What is known of a purchase before any order is locked.
     *
     * @param stored the purchase itself
     * @param carried the attempt whose number the store carries
     * @param subscribed the payment that a later payment of the same subscription follows
     */
    private record Known(
            Optional<Receipts.Key> stored, Optional<AttemptKey> carried, Optional<Receipts.Key> subscribed) {}

    /**
     * Applies a verified purchase that was posted for an order.
     *
     * @param named the order's newest attempt at this provider
     * @param mode the order's
     */
    public Result posted(Attempt named, Mode mode, Purchase purchase) {
        var seller = new Seller(named.merchantId(), mode, named.provider(), named.merchantNo());
        return transactions.inNew(() -> apply(seller, Optional.of(named.key()), purchase, ApplyReport.Source.QUERY));
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
        if (content instanceof ParsedNotification.ChargedAgain again) return chargedAgain(seller, again);
        if (content instanceof ParsedNotification.UsageAsked asked) return usageAsked(seller, asked.purchase());
        throw new IllegalStateException("a message about a purchase that is not applied: " + content.getClass());
    }

    /** @param named the attempt for whose order it was posted; empty if the store notified us */
    private Result apply(Seller seller, Optional<AttemptKey> named, Purchase purchase, ApplyReport.Source source) {
        var known = lock(seller, named, purchase);
        var carried = known.carried().filter(key -> orders.locked(key.order()).mode() == seller.mode());
        if (known.stored().isPresent()) {
            return repeated(seller, known.stored().get(), carried.isPresent(), purchase, source);
        }
        if (receipts.isStored(seller.provider(), seller.merchantNo(), purchase.transactionId())) {
            return Result.nowhere(Outcome.OF_ANOTHER);
        }
        var number = purchase.paid().attemptNo();
        var others = !number.isEmpty()
                && carried.isEmpty()
                && attempts.isUsed(seller.provider(), seller.merchantNo(), number);
        if (others) return Result.nowhere(Outcome.OF_ANOTHER);

        var subscribed =
                known.subscribed().filter(key -> orders.locked(key.order()).mode() == seller.mode());
        if (carried.isPresent()) {
            var order = orders.locked(carried.get().order());
            return subscribed.isPresent() && goesOn(order, purchase)
                    ? renewal(seller, subscribed.get(), carried, purchase, source)
                    : pay(seller, order, attempts.locked(carried.get()), carried, purchase, source);
        }
        if (named.isEmpty()) {
            return subscribed
                    .map(first -> renewal(seller, first, carried, purchase, source))
                    .orElse(Result.nowhere(Outcome.UNKNOWN));
        }
        var order = orders.locked(named.get().order());
        var attempt = attempts.locked(named.get());
        var fits =
                PaidReportCheck.boughtAsOrdered(order, purchase.paid().details().goods());
        if (subscribed.isPresent()) {
            var again = fits && order.state() == OrderState.UNPAID && !PaidReportCheck.older(attempt, purchase.paid());
            if (!again) return renewal(seller, subscribed.get(), carried, purchase, source);
        }
        return fits ? pay(seller, order, attempt, carried, purchase, source) : Result.nowhere(Outcome.OTHER_GOODS);
    }

    /**
     * Locks the purchase, then finds out what is known of it without a lock, then locks the orders by their keys: two
     * purchases of two orders, each posted for the order of the other, do not wait for each other.
     */
    private Known lock(Seller seller, Optional<AttemptKey> named, Purchase purchase) {
        transactions.advisoryLock(seller.lock(purchase));
        var number = purchase.paid().attemptNo();
        var known = new Known(
                receipts.keyByTransaction(
                        seller.merchant(), seller.provider(), seller.merchantNo(), purchase.transactionId()),
                number.isEmpty()
                        ? Optional.empty()
                        : attempts.byNumber(seller.merchant(), seller.provider(), seller.merchantNo(), number),
                purchase.subscription()
                        ? receipts.ofSubscription(
                                seller.merchant(),
                                seller.provider(),
                                seller.merchantNo(),
                                purchase.firstTransactionId())
                        : Optional.empty());
        Stream.of(
                        named.map(AttemptKey::order),
                        known.carried().map(AttemptKey::order),
                        known.stored().map(Receipts.Key::order),
                        known.subscribed().map(Receipts.Key::order))
                .flatMap(Optional::stream)
                .distinct()
                .sorted(Comparator.comparing(OrderKey::id))
                .forEach(orders::locked);
        return known;
    }

    /**
     * Whether a subscription goes on that began with this order: it is paid, or a payment of the subscription is held
     * with it, which the next ones do not wait for.
     */
    private boolean goesOn(PayOrder order, Purchase purchase) {
        if (order.paid()) return true;
        var waits = order.state() == OrderState.UNPAID
                && PaidReportCheck.boughtAsOrdered(
                        order, purchase.paid().details().goods());
        if (waits) return false;
        return receipts.of(order.key()).stream()
                .flatMap(receipt -> receipt.sale().stream())
                .anyMatch(sale -> purchase.firstTransactionId().equals(sale.firstTransactionId()));
    }

    /** What it says of its return now counts, also if the store's own message of it never came. */
    private Result repeated(
            Seller seller, Receipts.Key known, boolean numbered, Purchase purchase, ApplyReport.Source source) {
        var order = orders.locked(known.order());
        if (order.mode() != seller.mode()) return Result.nowhere(Outcome.OF_ANOTHER);
        var receipt = receipts.locked(order.key(), known.id());
        ApplyReport.keepNotification(receipt, source);
        applyReturns(seller, order, receipt, purchase);
        return new Result(outcome(receipt), Optional.of(order.key()), numbered);
    }

    private static Outcome outcome(Receipt receipt) {
        var undecided = receipt.kind() == Receipt.Kind.DOUBTFUL && receipt.disposition() != Receipt.Disposition.SETTLED;
        return undecided ? Outcome.DOUBTFUL : Outcome.STORED;
    }

    /** The order and the attempt are locked. */
    private Result pay(
            Seller seller,
            PayOrder order,
            Attempt attempt,
            Optional<AttemptKey> carried,
            Purchase purchase,
            ApplyReport.Source source) {
        var account = accounts.of(attempt.merchantId(), attempt.accountId()).orElseThrow();
        var us = providers.named(attempt.provider()).identity(account.settings());
        if (!PaidReportCheck.isToUs(attempt, us, purchase.paid())) {
            applyReport.refuse(order, attempt, purchase.paid());
            return Result.nowhere(Outcome.REFUSED);
        }
        var now = asReturned(seller, purchase);
        return store(seller, order, attempt, carried, now, PaidReportCheck.ofPurchase(order, now.paid()), source);
    }

    private Result store(
            Seller seller,
            PayOrder order,
            Attempt attempt,
            Optional<AttemptKey> carried,
            Purchase purchase,
            Optional<PaidReportCheck.Doubt> doubt,
            ApplyReport.Source source) {
        var receipt = applyReport.bought(order, attempt, purchase, doubt, source);
        applyReturns(seller, order, receipt, purchase);
        return new Result(outcome(receipt), Optional.of(order.key()), carried.isPresent());
    }

    /**
     * The purchase with what is known of its return: one that was returned completely pays nothing. A part does not
     * matter to whether it pays; it is refunded in the same transaction.
     */
    private Purchase asReturned(Seller seller, Purchase purchase) {
        var standing = returns.standing(seller, purchase);
        if (standing.isEmpty() && purchase.returned().isEmpty()) return purchase;
        var whole = standing.stream().anyMatch(Purchase.Return::whole);
        return new Purchase(
                purchase.paid().with(whole ? ProviderReport.WentBack.ALL : ProviderReport.WentBack.NOTHING),
                purchase.firstTransactionId(),
                purchase.subscription(),
                purchase.environment(),
                purchase.returned());
    }

    /**
     * A later payment of a subscription. It pays an order of its own, unless that cannot be stored: then it is held
     * with the order of the first payment.
     */
    private Result renewal(
            Seller seller,
            Receipts.Key first,
            Optional<AttemptKey> carried,
            Purchase purchase,
            ApplyReport.Source source) {
        var earlier = orders.locked(first.order());
        var paidBy = attempts.locked(receipts.locked(first.order(), first.id()).attempt());
        var number = purchase.transactionId();
        var free = OutTradeNo.allows(number)
                && orders.keyByNumber(seller.merchant(), seller.mode(), number).isEmpty();
        var bought = asReturned(seller, purchase);
        var returned = bought.paid().wentBack() != ProviderReport.WentBack.NOTHING;
        if (!free || returned) {
            var why = "the purchase " + number + " renews the subscription of this order, and it "
                    + (returned
                            ? "was returned at the provider, all or a part of it"
                            : "has no order of its own, because that number is taken by another order or cannot be one"
                                    + PaidReportCheck.ONLY_THE_STORE);
            var all = bought.paid().wentBack() == ProviderReport.WentBack.ALL;
            var doubt = new PaidReportCheck.Doubt(why, all, false);
            return store(seller, earlier, paidBy, carried, bought, Optional.of(doubt), source);
        }
        var now = clock.instant();
        var order = new PayOrder(seller.merchant(), seller.mode(), again(earlier, purchase, now), now);
        order.renews(earlier);
        orders.add(order);
        orders.record(new OrderEvent(order.key(), null, now, "created", "{}"));
        opened.fire(new OrderOpened(order));
        return pay(seller, order, attempt(order, paidBy, now), carried, purchase, source);
    }

    /**
     * The same as the first purchase, but for the goods and the price: the payer may have changed the subscription, or
     * has a period for nothing.
     */
    private static NewOrder again(PayOrder earlier, Purchase purchase, Instant now) {
        var details = purchase.paid().details();
        var price = Optional.ofNullable(details.price())
                .filter(p -> p.currency().equals(Money.CNY))
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
        var returned = back.back();
        var purchase = new Purchase(
                back.purchase().paid(),
                back.purchase().firstTransactionId(),
                back.purchase().subscription(),
                back.purchase().environment(),
                Optional.of(returned));
        var known = lock(seller, Optional.empty(), purchase);
        returns.add(seller, purchase, returned);
        var order = known.stored().isPresent()
                ? returnedAfterwards(seller, known.stored().get(), purchase)
                : apply(seller, Optional.empty(), purchase, source).order();
        var stands = returns.standing(seller, purchase).stream()
                .anyMatch(standing -> standing.refundNo().equals(returned.refundNo()));
        if (!stands) {
            order.ifPresent(key -> tooLate(seller, orders.locked(key), purchase, returned));
        }
        return order;
    }

    private Optional<OrderKey> returnedAfterwards(Seller seller, Receipts.Key known, Purchase purchase) {
        var order = orders.locked(known.order());
        if (order.mode() != seller.mode()) return Optional.empty();
        applyReturns(seller, order, receipts.locked(order.key(), known.id()), purchase);
        return Optional.of(order.key());
    }

    /** Enters what the store has returned of a stored purchase, each return once. */
    private void applyReturns(Seller seller, PayOrder order, Receipt receipt, Purchase purchase) {
        for (var back : returns.standing(seller, purchase)) {
            var counted = refunds.byProvidersNumber(
                    seller.merchant(), seller.provider(), seller.merchantNo(), back.refundNo());
            if (counted.isEmpty() && !orders.recorded(order.key(), RETURNED, back.refundNo())) {
                returned(order, receipt, purchase, back);
            }
        }
    }

    /** The report of a return comes after that of the charge that has followed it: the merchant has the money. */
    private void tooLate(Seller seller, PayOrder order, Purchase purchase, Purchase.Return back) {
        var counted =
                refunds.byProvidersNumber(seller.merchant(), seller.provider(), seller.merchantNo(), back.refundNo());
        if (counted.isPresent()
                || orders.recorded(order.key(), RETURNED, back.refundNo())
                || orders.recorded(order.key(), RETURNED_BEFORE, back.refundNo())) return;
        var reason = "the store reports late that it had returned " + percent(back.thousandths()) + " of the purchase "
                + purchase.transactionId() + (back.at() == null ? "" : " at " + back.at())
                + "; it has charged the payer again since, so that nothing is refunded here: look in its console whether"
                + " that is so";
        LOG.warnf("Order %s: %s; needs a person", order.outTradeNo(), reason);
        orders.record(new OrderEvent(order.key(), null, clock.instant(), RETURNED_BEFORE, back.refundNo()));
        order.requirePerson(reason);
        changed(order);
    }

    private void returned(PayOrder order, Receipt receipt, Purchase purchase, Purchase.Return back) {
        var all = back.whole();
        record(order, receipt, RETURNED, back.refundNo());
        switch (receipt.disposition()) {
            case COUNTED -> {
                if (order.whollyRefunded()) return; // the record says so already
                refundPayment.byStore(
                        order,
                        receipt,
                        all,
                        new RefundReport.Succeeded(
                                back.refundNo(),
                                "",
                                share(receipt.amount(), receipt.left(), back.thousandths()),
                                null,
                                back.at(),
                                purchase.paid().evidence()));
            }
            case HELD -> {
                if (all) {
                    receipt.wentBack();
                    order.decided(receipt);
                } else {
                    order.requirePerson(
                            "of the held purchase " + receipt.transactionId() + " the store has returned "
                                    + percent(back.thousandths()) + " to the payer",
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
        if (thousandths >= Purchase.ALL) return left;
        var rounded = (Math.multiplyExact(paid.minor(), thousandths) + Purchase.ALL / 2) / Purchase.ALL;
        var part = Math.min(rounded, Math.max(0, paid.minor() - 1));
        return new Money(Math.min(part, left.minor()), paid.currency());
    }

    private static String percent(int thousandths) {
        return BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString() + " %";
    }

    private Optional<OrderKey> chargedAgain(Seller seller, ParsedNotification.ChargedAgain again) {
        var purchase = again.purchase();
        var stored = stored(seller, purchase);
        returns.addReversal(seller, purchase, again.at());
        stored.ifPresent(receipt -> {
            var order = orders.locked(receipt.attempt().order());
            record(order, receipt, CHARGED_AGAIN, purchase.paid().evidence());
            if (!anyReturned(order, receipt)) return; // the record is right: it never showed a return
            var reason = "the store has charged the payer again for the purchase " + receipt.transactionId()
                    + ", whose money it had returned: look in its console whether the money has come, and whether what"
                    + " was bought must be delivered again; this record still shows the refund";
            LOG.warnf("Order %s: %s; needs a person", order.outTradeNo(), reason);
            order.requirePerson(reason);
            changed(order);
        });
        return stored.map(receipt -> receipt.attempt().order());
    }

    private boolean anyReturned(PayOrder order, Receipt receipt) {
        return receipt.disposition() == Receipt.Disposition.RETURNED
                || orders.events(order.key(), RETURNED).stream()
                        .anyMatch(event -> event.isAbout(receipt.attempt().id()));
    }

    private Optional<OrderKey> usageAsked(Seller seller, Purchase purchase) {
        var stored = stored(seller, purchase);
        stored.ifPresent(receipt -> {
            record(orders.locked(receipt.attempt().order()), receipt, "purchase.usage-asked", "{}");
            answerUsage.schedule(receipt);
        });
        return stored.map(receipt -> receipt.attempt().order());
    }

    /** The stored purchase, of an order of this mode; both are locked. */
    private Optional<Receipt> stored(Seller seller, Purchase purchase) {
        return lock(seller, Optional.empty(), purchase)
                .stored()
                .filter(key -> orders.locked(key.order()).mode() == seller.mode())
                .map(key -> receipts.locked(key.order(), key.id()));
    }

    private void record(PayOrder order, Receipt receipt, String kind, String detail) {
        orders.record(new OrderEvent(order.key(), receipt.attempt().id(), clock.instant(), kind, detail));
    }

    private void changed(PayOrder order) {
        order.moneyChanged();
        transactions.afterCommit(() -> signals.changed(order.id()));
    }
}
