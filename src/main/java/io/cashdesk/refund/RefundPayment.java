package io.cashdesk.refund;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.MakesRefunds;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Gives money back. Its amount is set aside on the receipt and committed before the provider is asked, so that refunds at the
 * same moment can never give back more than came; the number stays the same through every retry.
 */
@ApplicationScoped
public class RefundPayment {
    private static final Logger LOG = Logger.getLogger(RefundPayment.class);

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    @Inject
    ApplyRefundReport applyRefundReport;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    ProviderCalls calls;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Inject
    Event<PayOrderChanged> changes;

    @Inject
    Clock clock;

    /**
     * What a merchant wants back.
     *
     * @param outRefundNo his own number, or empty: {@code <out_trade_no>-<n>}
     * @param amount in fen, or empty: everything that is left
     * @param callback the name of the endpoint that hears of it in CloudPay's shape, or null
     */
    public record Wish(Optional<String> outRefundNo, Optional<Long> amount, String reason, String callback) {}

    private record Step(UUID refund, UUID claim, boolean call, boolean askFirst) {}

    /** The refund, asked for at the provider or known already; a problem if it cannot be. */
    public Refund of(PayOrder order, Wish wish) {
        var step = transactions.inNew(() -> reserve(order.id(), wish));
        if (step.call()) ask(step);
        return refunds.byId(step.refund()).orElseThrow();
    }

    private Step reserve(UUID orderId, Wish wish) {
        var order = orders.locked(orderId);
        var number = wish.outRefundNo().orElseGet(() -> nextNumber(order));
        var known = refunds.byMerchantsNumber(order.merchantId(), order.mode(), number);
        if (known.isPresent()) return again(order, known.get(), wish);
        if (!order.paid()) throw unpaid(order);
        return first(order, receipts.locked(order.paidReceipt().orElseThrow()), number, wish);
    }

    private Problem unpaid(PayOrder order) {
        var open = attempts.thatMayBePaid(order.id()).stream()
                .anyMatch(a -> a.prompt().isEmpty());
        return open
                ? ProblemType.REFUND_LATER.with(order.outTradeNo()).retryAfter(Duration.ofMinutes(1))
                : ProblemType.ORDER_UNPAID.with(order.outTradeNo());
    }

    /** One more than the refunds that stand; one that failed keeps its number for its retry. */
    private String nextNumber(PayOrder order) {
        var all = refunds.of(order.id());
        long standing =
                all.stream().filter(r -> r.state() != RefundState.FAILED).count();
        return order.outTradeNo() + "-" + (standing + 1);
    }

    private Step first(PayOrder order, Receipt receipt, String number, Wish wish) {
        var earlier = refunds.of(order.id());
        var unnumbered =
                wish.outRefundNo().isEmpty(); // then it may be a repetition of one whose caller never got his answer
        earlier.stream()
                .filter(r -> r.state() == RefundState.UNKNOWN || (unnumbered && r.state() == RefundState.ASKING))
                .findFirst()
                .ifPresent(r -> {
                    throw ProblemType.REFUND_LATER.with(r.outRefundNo()).retryAfter(Duration.ofMinutes(1));
                });
        var giver = giver(receipt.provider());
        var standing = earlier.stream().filter(r -> r.state().reserves()).count();
        if (standing >= giver.mostRefunds()) {
            throw ProblemType.REFUND_TOO_MANY.with(receipt.provider(), giver.mostRefunds());
        }
        var until = receipt.paidAt().atOffset(ZoneOffset.UTC).plus(giver.refundable());
        if (clock.instant().isAfter(until.toInstant())) {
            throw ProblemType.REFUND_TOO_LATE.with(receipt.provider(), until.toLocalDate());
        }
        var amount = amount(order, receipt, wish);
        receipt.reserve(amount);
        var refundNo = giver.fitsRefund(number) ? number : Ids.next().toString().replace("-", "");
        var numbered = new Refund.Numbered(nextOrdinal(order), number, refundNo);
        var because = new Refund.Because(RefundCause.MERCHANT, wish.reason(), wish.callback());
        var refund = new Refund(order, receipt, accountOf(receipt), numbered, amount, because, clock.instant());
        var lease = Lease.take(clock.instant(), calls.lease());
        refund.requested(lease);
        refunds.add(refund);
        orders.note(new OrderEvent(order.id(), null, clock.instant(), "refund.asked", number + " " + amount));
        return new Step(refund.id(), lease.claim(), true, false);
    }

    private int nextOrdinal(PayOrder order) {
        return refunds.allOf(order.id()).size() + 1;
    }

    /**
     * Sends a stray payment back, all of it: written down in the transaction that is open, under the order's lock, and carried out
     * by the sweeper like a refund whose server died before it asked.
     *
     * @return false if this provider gives nothing back by itself; then a person must
     */
    public boolean stray(PayOrder order, Receipt receipt) {
        if (!(providers.named(receipt.provider()) instanceof MakesRefunds)) return false;
        var now = clock.instant();
        var amount = receipt.left();
        receipt.reserve(amount);
        var number = Ids.next().toString().replace("-", "");
        var cause = RefundCause.of(receipt);
        var reason = cause == RefundCause.LATE ? "订单已关闭，款项退回" : "重复支付，款项退回";
        var refund = new Refund(
                order,
                receipt,
                accountOf(receipt),
                new Refund.Numbered(nextOrdinal(order), number, number),
                amount,
                new Refund.Because(cause, reason, null),
                now);
        refund.requested(Lease.take(now, Duration.ZERO)); // ended already: the sweeper goes on
        refunds.add(refund);
        orders.note(new OrderEvent(order.id(), null, now, "refund.stray", number + " " + amount));
        return true;
    }

    private static Money amount(PayOrder order, Receipt receipt, Wish wish) {
        var left = receipt.left();
        var amount = wish.amount().map(Money::fen).orElse(left);
        if (amount.minor() > left.minor() || left.minor() == 0) {
            throw ProblemType.REFUND_EXCEEDS.with(order.outTradeNo(), left.minor(), Math.max(amount.minor(), 1));
        }
        return amount;
    }

    /** The same number again: what came of it, or another try of what failed. */
    private Step again(PayOrder order, Refund refund, Wish wish) {
        if (!refund.orderId().equals(order.id())) {
            throw ProblemType.REFUND_DIFFERS.with(
                    refund.outRefundNo(),
                    "out_trade_no",
                    orders.byId(refund.orderId()).orElseThrow().outTradeNo(),
                    order.outTradeNo());
        }
        wish.amount().filter(a -> a != refund.amount().minor()).ifPresent(a -> {
            throw ProblemType.REFUND_DIFFERS.with(
                    refund.outRefundNo(), "refund_fee", refund.amount().minor(), a);
        });
        var receipt = receipts.locked(refund.receiptId()); // of a stray payment it is another one than the order's
        var now = clock.instant();
        var lease = Lease.take(now, calls.lease());
        switch (refund.state()) {
            case ASKING, UNKNOWN -> {
                if (refund.beingCalled(now)) {
                    throw ProblemType.CALL_RUNNING.with(order.outTradeNo()).retryAfter(Duration.ofSeconds(5));
                }
                refund.requested(lease);
                return new Step(refund.id(), lease.claim(), true, true);
            }
            case FAILED -> {
                if (refund.amount().minor() > receipt.left().minor()) {
                    throw ProblemType.REFUND_EXCEEDS.with(
                            order.outTradeNo(),
                            receipt.left().minor(),
                            refund.amount().minor());
                }
                receipt.reserve(refund.amount());
                refund.requested(lease);
                return new Step(refund.id(), lease.claim(), true, true);
            }
            default -> {
                return new Step(refund.id(), lease.claim(), false, false);
            }
        }
    }

    /**
     * Goes on with a refund of which nothing was heard, or whose server died: asks what became of it, and sends the same again if
     * the provider does not know it.
     */
    public void resume(UUID refundId) {
        var now = clock.instant();
        var lease = Lease.take(now, calls.lease());
        var known = refunds.byId(refundId).orElseThrow();
        var step = transactions.inNew(() -> {
            orders.locked(known.orderId());
            var refund = refunds.locked(refundId);
            if (refund.beingCalled(now) || refund.state().ended()) return null;
            var unfinished = refund.state() == RefundState.ASKING || refund.state() == RefundState.UNKNOWN;
            refund.queried(refund.nextQuery(now));
            if (unfinished) refund.requested(lease);
            return new Step(refundId, lease.claim(), unfinished, true);
        });
        if (step == null) return;
        if (step.call()) ask(step);
        else inquire(refundId);
    }

    /** Asks what became of it, and hears the answer. */
    public RefundReport inquire(UUID refundId) {
        var refund = refunds.byId(refundId).orElseThrow();
        var request = request(refund);
        var account = account(refund);
        var report = calls.call(account, () -> giver(account.provider().value()).queryRefund(account, request));
        applyRefundReport.hear(refundId, report);
        return report;
    }

    private void ask(Step step) {
        var refund = refunds.byId(step.refund()).orElseThrow();
        var account = account(refund);
        var giver = giver(account.provider().value());
        if (step.askFirst() && !absent(step)) return;
        try {
            var report = calls.call(account, () -> giver.refund(account, request(refund)));
            applyRefundReport.hear(refund.id(), report);
            // asked for and unknown there: its own books are not written yet
            if (report instanceof RefundReport.Absent) unknown(step, "not found right after it was asked for");
        } catch (ProviderFailure failure) {
            refused(step, account, failure);
        } catch (Problem busy) { // nothing was sent now; whether anything was before, only a query can tell
            finish(step, "busy", step.askFirst());
            throw busy;
        }
    }

    /** Whether the provider says that it has not got it, so that it may be sent; a question without an answer says nothing. */
    private boolean absent(Step step) {
        try {
            return inquire(step.refund()) instanceof RefundReport.Absent;
        } catch (ProviderFailure unanswered) {
            unknown(step, unanswered.getMessage());
            return false;
        } catch (Problem busy) {
            unknown(step, "busy");
            throw busy;
        }
    }

    private void refused(Step step, AccountSettings account, ProviderFailure failure) {
        var name = account.provider();
        LOG.infof("Refund at %s: %s %s %s", name, failure.kind(), failure.providerCode(), failure.getMessage());
        switch (failure.kind()) {
            case UNREACHABLE -> {
                finish(step, "unreachable", step.askFirst());
                if (!step.askFirst())
                    throw ProblemType.PROVIDER_UNREACHABLE.with(name).retryAfter(Duration.ofSeconds(3));
            }
            case DECLINED -> {
                finish(step, failure.providerCode() + " " + failure.getMessage(), false);
                throw ProviderError.problem(providers.named(name.value()), PaymentProvider.Call.REFUND, failure);
            }
            case OUTCOME_UNKNOWN, NOT_AUTHENTIC -> unknown(step, failure.getMessage());
        }
    }

    private void unknown(Step step, String why) {
        finish(step, why, true);
    }

    /** Only the holder of the claim writes down what came of the call; the order is locked first. */
    private void finish(Step step, String why, boolean outcomeUnknown) {
        var known = refunds.byId(step.refund()).orElseThrow();
        transactions.runInNew(() -> {
            var order = orders.locked(known.orderId());
            var receipt = receipts.locked(known.receiptId());
            var refund = refunds.locked(step.refund());
            if (!refund.claimedBy(step.claim())) return;
            var now = clock.instant();
            if (outcomeUnknown) {
                var next = refund.nextQuery(now);
                var soon = now.plusSeconds(5);
                refund.unknown(why, step.askFirst() && next.isAfter(soon) ? next : soon);
            } else {
                refund.failed(why, now);
                receipt.release(refund.amount());
                if (refund.cause().stray()) order.needPerson(ApplyRefundReport.strayStuck(refund) + ": " + why);
                if (step.askFirst()) { // nobody waits for this answer, so it is told
                    var kind = PayOrderChanged.Kind.REFUND_FAILED;
                    changes.fire(new PayOrderChanged(order, kind, refund.id(), ApplyRefundReport.details(refund)));
                }
            }
            orders.note(new OrderEvent(
                    known.orderId(), null, now, outcomeUnknown ? "refund.unknown" : "refund.failed", why));
        });
    }

    private RefundRequest request(Refund refund) {
        var receipt = receipts.byId(refund.receiptId()).orElseThrow();
        Attempt attempt = attempts.byId(receipt.attemptId()).orElseThrow();
        return new RefundRequest(
                accounts.atProvider(attempt).ref(),
                receipt.transactionId(),
                refund.refundNo(),
                refund.amount(),
                receipt.amount(),
                refund.reason(),
                URI.create(settings.baseUrl() + "/notify/" + attempt.provider() + "/" + attempt.accountId()));
    }

    private UUID accountOf(Receipt receipt) {
        return attempts.byId(receipt.attemptId()).orElseThrow().accountId();
    }

    private AccountSettings account(Refund refund) {
        return accounts.byId(refund.accountId()).orElseThrow().settings();
    }

    private MakesRefunds giver(String provider) {
        if (providers.named(provider) instanceof MakesRefunds giver) return giver;
        throw ProblemType.NOT_SUPPORTED.with("refund at " + provider, "pay the money back by other means");
    }
}
