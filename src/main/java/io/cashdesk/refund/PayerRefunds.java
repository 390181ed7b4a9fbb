package io.cashdesk.refund;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OpenReason;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.AuditsRefunds;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderError.Retry;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.RefundReport;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Requests of payers for refunds, from their notification to the decision at the provider. An accepted one reserves its
 * money first, as a refund of cause {@link RefundCause#EXTERNAL}; then the decision is sent, with no transaction open,
 * and repeated until the provider has it.
 */
@ApplicationScoped
public class PayerRefunds {
    /** The longest reason of an acceptance, which no payer reads. */
    private static final int LONGEST_NOTE = 200;

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
    StoreRefund store;

    @Inject
    RefundPayment refundPayment;

    @Inject
    ApplyRefundReport applyRefundReport;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    ProviderCalls calls;

    @Inject
    FailureLog failures;

    @Inject
    Transactions transactions;

    @Inject
    Event<PayOrderChanged> changes;

    @Inject
    Event<RefundBegins> begins;

    @Inject
    Clock clock;

    /** What the merchant decides about a request. */
    public enum Decision {
        ACCEPT("accept"),
        REFUSE("refuse");

        private final String word;

        Decision(String word) {
            this.word = word;
        }

        /** As the management API calls it. */
        public String word() {
            return word;
        }
    }

    /**
     * A decision.
     *
     * @param reason of a refusal, which the payer reads; of an acceptance a note, or an empty text
     * @param by who decided
     */
    public record Wish(Decision decision, String reason, String by) {}

    private record Claimed(PayerRefundKey key, UUID claim) {}

    /**
     * Stores a request that a notification brings, in the transaction that stores the notification and has locked the
     * order. A repetition changes nothing.
     */
    public void requested(AttemptKey key, ParsedNotification.RefundRequested wish) {
        var order = orders.locked(key.order());
        var attempt = attempts.byKey(key).orElseThrow();
        var merchant = order.merchantId();
        if (requests.byNumber(merchant, attempt.provider(), wish.refundId()).isPresent()) return;
        var refunded = refunds.byProvidersNumber(merchant, attempt.provider(), attempt.merchantNo(), wish.refundId());
        if (refunded.isPresent()) return; // the messages came in another order
        var now = clock.instant();
        var request = new PayerRefundRequest(order, attempt, wish, now);
        requests.add(request);
        order.requirePerson(toDecide(request));
        orders.record(new OrderEvent(order.key(), attempt.id(), now, "refund.requested", wish.evidence()));
        changes.fire(new PayOrderChanged(
                order, PayOrderChanged.Kind.REFUND_REQUESTED, request.id(), RefundJson.requested(request)));
    }

    /** The payment of the request with this number of the provider; empty if there is no such request. */
    public Optional<AttemptKey> attemptOf(UUID merchant, String provider, String refundId) {
        return requests.byNumber(merchant, provider, refundId)
                .flatMap(requests::byKey)
                .map(PayerRefundRequest::attempt);
    }

    private static String toDecide(PayerRefundRequest request) {
        return about(request) + " of " + request.amount() + " waits for a decision" + " before " + request.deadline()
                + ": accept or refuse it";
    }

    /** How reasons name a request, by which they are found again. */
    private static String about(PayerRefundRequest request) {
        return "the payer's refund request " + request.refundId();
    }

    /** What a person had to do about it is done. */
    static void closeReasons(PayOrder order, PayerRefundRequest request) {
        var begin = about(request) + " ";
        var reasons = order.openReasons().stream()
                .filter(reason -> reason.text().startsWith(begin))
                .map(OpenReason::id)
                .collect(Collectors.toSet());
        if (!reasons.isEmpty()) order.decided(reasons, List.of());
    }

    /**
     * Decides about a request and sends the decision; outside of any transaction. A repetition changes nothing. If the
     * provider's answer is missing, the same decision is sent again by a job.
     *
     * @throws Problem there is no such request, another decision was made or the provider has decided, the order is not
     *     paid, more is wanted than is left, the reason is too long, or the provider refuses the decision
     */
    public PayerRefundRequest decide(UUID merchant, Mode mode, String refundId, Wish wish) {
        var key = requests.byNumber(merchant, mode, refundId)
                .orElseThrow(() -> ProblemType.REFUND_REQUEST_NOT_FOUND.with(refundId))
                .key();
        var claimed = transactions.inNew(() -> begin(key, wish));
        if (claimed.isPresent()) {
            var refused = send(claimed.get());
            if (refused.isPresent()) throw refused.get();
        }
        return requests.byKey(key).orElseThrow();
    }

    private Optional<Claimed> begin(PayerRefundKey key, Wish wish) {
        var order = orders.locked(key.order()); // the first lock of every money transaction
        var accepted = wish.decision() == Decision.ACCEPT;
        var request = requests.locked(key);
        switch (request.state()) {
            case ACCEPTING, ACCEPTED -> {
                if (accepted) return Optional.empty(); // a repetition
                throw decidedOtherwise(order, request, Decision.ACCEPT);
            }
            case REFUSING, REFUSED -> {
                if (!accepted) return Optional.empty();
                throw decidedOtherwise(order, request, Decision.REFUSE);
            }
            case EXPIRED -> throw ended(request);
            case OPEN -> {}
        }
        var now = clock.instant();
        if (request.over(now) || isRefunded(request)) throw ended(request);
        var lease = Lease.take(now, calls.lease());
        if (accepted) {
            refuseTooLong(wish.reason(), LONGEST_NOTE);
            request.accepting(reserve(order, request, now), wish.by(), wish.reason(), lease, now);
        } else {
            if (wish.reason().isBlank()) {
                throw ProblemType.field(
                        "reason",
                        new LocalizedText("非空的文本：付款人会看到", "a text, which the payer reads"),
                        LocalizedText.ABSENT);
            }
            refuseTooLong(wish.reason(), auditing(request).longestReason());
            request.refusing(wish.by(), wish.reason(), lease, now);
        }
        closeReasons(order, request);
        var detail = Json.createObjectBuilder()
                .add("refund_request", request.refundId())
                .add("decision", wish.decision().word())
                .add("reason", wish.reason())
                .add("by", wish.by());
        orders.record(
                new OrderEvent(order.key(), null, now, "decided", detail.build().toString()));
        return Optional.of(new Claimed(key, lease.claim()));
    }

    private static Problem decidedOtherwise(PayOrder order, PayerRefundRequest request, Decision before) {
        return ProblemType.DECIDED_OTHERWISE.with(
                new LocalizedText("退款申请 " + request.refundId() + " ", "refund request " + request.refundId()),
                order.outTradeNo(),
                before.word());
    }

    /** Whether a refund with its number is stored that takes money, so that another one would count it twice. */
    private boolean isRefunded(PayerRefundRequest request) {
        return refunds.allOf(request.key().order()).stream()
                .filter(refund -> refund.refundId().equals(Optional.of(request.refundId()))
                        || refund.refundNo().equals(request.refundId()))
                .anyMatch(refund -> refund.state().reserves());
    }

    private static Problem ended(PayerRefundRequest request) {
        return ProblemType.REFUND_REQUEST_ENDED.with(
                request.refundId(), request.deadline().toString());
    }

    private static void refuseTooLong(String reason, int longest) {
        var length = reason.codePointCount(0, reason.length());
        if (length <= longest) return;
        throw ProblemType.field(
                "reason",
                new LocalizedText("最多 " + longest + " 个字符", "at most " + longest + " characters"),
                new LocalizedText(length + " 个字符", length + " characters"));
    }

    private Refund reserve(PayOrder order, PayerRefundRequest request, Instant now) {
        if (!order.paid()) throw ProblemType.ORDER_UNPAID.with(order.outTradeNo());
        var receipt = counted(order, request.attempt())
                .orElseThrow(() -> ProblemType.DECISION_NOT_ALLOWED.with(
                        Decision.ACCEPT.word(),
                        order.outTradeNo(),
                        new LocalizedText(
                                "该申请涉及的款项不是支付本订单的款项，请先处理该款项",
                                "it is about a payment that does not pay the order; decide about that payment first")));
        var left = receipt.left().minor();
        if (request.amount().minor() > left) {
            throw ProblemType.REFUND_EXCEEDS.with(
                    order.outTradeNo(), left, request.amount().minor());
        }
        begins.fire(new RefundBegins(order, receipt));
        return external(order, receipt, request, request.refundId(), request.amount(), now);
    }

    private Optional<Receipt> counted(PayOrder order, AttemptKey attempt) {
        return order.paidReceipt()
                .map(id -> receipts.locked(order.key(), id))
                .filter(r -> r.attempt().equals(attempt));
    }

    /** A lost notification of it is made up for by a query. */
    private Refund external(
            PayOrder order, Receipt receipt, PayerRefundRequest request, String refundNo, Money amount, Instant now) {
        var refund = store.external(order, receipt, refundNo, amount, request.reason());
        refund.processing(request.refundId(), null, "{}", refund.nextQuery(now));
        return refund;
    }

    /** Does what is due about a request: sends its decision again, or ends it at its deadline; for the job. */
    public void resume(PayerRefundKey key) {
        var request = requests.byKey(key).orElseThrow();
        if (request.state() == PayerRefundState.OPEN) {
            expire(request);
            return;
        }
        var claimed = transactions.inNew(() -> again(key));
        claimed.ifPresent(this::send);
    }

    private Optional<Claimed> again(PayerRefundKey key) {
        var order = orders.locked(key.order());
        var request = requests.locked(key);
        var now = clock.instant();
        var sending = request.state() == PayerRefundState.ACCEPTING || request.state() == PayerRefundState.REFUSING;
        if (!sending || request.beingCalled(now)) return Optional.empty();
        var ended = request.refund()
                .flatMap(refunds::byKey)
                .filter(refund -> refund.state().ended())
                .isPresent();
        if (ended) {
            sent(order, request); // its refund says what became of it
            return Optional.empty();
        }
        if (request.lost(now)) {
            var why = request.failure().orElse("no usable answer");
            expired(order, request);
            order.requirePerson(about(request) + " was decided here, but " + request.provider()
                    + " may not have the decision (" + why + "); look in its console");
            return Optional.empty();
        }
        var lease = Lease.take(now, calls.lease());
        request.claimed(lease);
        return Optional.of(new Claimed(key, lease.claim()));
    }

    /** @return the problem for the caller, if the provider does not take the decision */
    private Optional<Problem> send(Claimed claimed) {
        var request = requests.byKey(claimed.key()).orElseThrow();
        var there = accounts.atProvider(attempts.byKey(request.attempt()).orElseThrow());
        var accepted = request.state() == PayerRefundState.ACCEPTING;
        try {
            calls.call(there.account(), () -> {
                auditing(request)
                        .decide(
                                there.account(),
                                there.ref(),
                                request.refundId(),
                                accepted,
                                request.decidedWhy().orElse(""));
                return null;
            });
            finish(claimed, this::sent);
        } catch (ProviderFailure failure) {
            failures.log(request.accountId(), "decision about refund request " + request.refundId(), failure);
            return failed(claimed, there.provider(), failure);
        } catch (Problem busy) { // nothing was sent; the job sends it
            finish(claimed, (order, r) -> r.again("busy", clock.instant()));
        }
        return Optional.empty();
    }

    private Optional<Problem> failed(Claimed claimed, PaymentProvider provider, ProviderFailure failure) {
        var why = (failure.providerCode() + " " + failure.getMessage()).strip();
        if (failure.kind() == ProviderFailure.Kind.UNREACHABLE) {
            finish(claimed, (order, r) -> r.again("unreachable", clock.instant()));
            return Optional.empty();
        }
        var words = String.valueOf(failure.getMessage());
        var retry = failure.kind() == ProviderFailure.Kind.DECLINED
                ? provider.explain(PaymentProvider.Call.DECIDE_REFUND, failure.providerCode(), words)
                        .retry()
                : Retry.ASK_FIRST;
        if (retry == Retry.SAME_LATER) {
            finish(claimed, (order, r) -> r.again(why, clock.instant()));
            return Optional.empty();
        }
        if (retry == Retry.ASK_FIRST) {
            finish(claimed, (order, r) -> {
                r.maybeSent(clock.instant());
                r.again(why, clock.instant());
            });
            return Optional.empty();
        }
        return transactions.inNew(() -> refused(claimed, why))
                ? Optional.of(ProviderCalls.problem(provider, PaymentProvider.Call.DECIDE_REFUND, failure))
                : Optional.empty();
    }

    /**
     * The provider refuses the decision for good. If an earlier call may have been sent, it has that one, and the
     * refund's report says what becomes of the money, as it does if it came during this call; otherwise another
     * decision can be made.
     *
     * @return whether the request is open again
     */
    private boolean refused(Claimed claimed, String why) {
        var order = orders.locked(claimed.key().order());
        var request = requests.locked(claimed.key());
        if (!request.claimedBy(claimed.claim())) return false;
        var refund = request.refund().map(refunds::locked);
        if (request.wasMaybeSent() || refund.filter(r -> r.state().ended()).isPresent()) {
            sent(order, request);
            return false;
        }
        request.reopened(why);
        refund.ifPresent(r -> {
            var evidence = Json.createObjectBuilder().add("refused", why).build();
            applyRefundReport.apply(
                    r.key(), new RefundReport.Closed(r.refundNo(), request.refundId(), evidence.toString()));
            r.numberFreed();
        });
        order.requirePerson(about(request) + " of " + request.amount() + " waits for a decision; the last one was not"
                + " taken by " + request.provider() + ": " + why);
        return true;
    }

    private void finish(Claimed claimed, BiConsumer<PayOrder, PayerRefundRequest> end) {
        transactions.runInNew(() -> {
            var order = orders.locked(claimed.key().order());
            var request = requests.locked(claimed.key());
            if (request.claimedBy(claimed.claim())) end.accept(order, request);
        });
    }

    /** The provider has the decision. */
    private void sent(PayOrder order, PayerRefundRequest request) {
        request.sent(clock.instant());
        fireClosed(order, request);
    }

    /** The provider has decided by itself, or against the decision, or may have. */
    private void expired(PayOrder order, PayerRefundRequest request) {
        var ended = request.state().ended(); // then that was notified
        request.expired(clock.instant());
        if (!ended) fireClosed(order, request);
    }

    private void fireClosed(PayOrder order, PayerRefundRequest request) {
        changes.fire(new PayOrderChanged(
                order, PayOrderChanged.Kind.REFUND_REQUEST_CLOSED, request.id(), RefundJson.requested(request)));
    }

    /**
     * Its deadline has passed without a decision: what the provider has decided by itself is queried until it says so,
     * and holds the settlement back until then; after a day in vain a person must look.
     */
    private void expire(PayerRefundRequest request) {
        if (!request.over(clock.instant())) return;
        var attempt = attempts.byKey(request.attempt()).orElseThrow();
        var why = "it has not decided yet";
        try {
            refundPayment.queryOutside(attempt, request.refundId());
        } catch (ProviderFailure | Problem unanswered) {
            failures.log(request.accountId(), "query of refund request " + request.refundId(), unanswered);
            why = "no usable answer";
        }
        undecided(request.key(), why);
    }

    /** The query has not ended the request, unless its answer did. */
    private void undecided(PayerRefundKey key, String why) {
        transactions.runInNew(() -> {
            var order = orders.locked(key.order());
            var open = requests.locked(key);
            if (open.state() != PayerRefundState.OPEN) return;
            if (!open.lost(clock.instant())) {
                open.again(why, clock.instant());
                return;
            }
            expired(order, open);
            closeReasons(order, open);
            order.requirePerson(about(open) + " of " + open.amount()
                    + " was not decided before its deadline, and what " + open.provider()
                    + " has decided by itself is not known (" + why
                    + "): look in its console, a refund is stored here once it is reported");
        });
    }

    /**
     * The refund that a report is about, if it is the refund of a payer's request: one that was decided here, or that
     * the provider has decided by itself, whose money is reserved now. Within a transaction that has locked the order.
     *
     * @return empty if it is of no request, or is of more than what is left, or the report changes no money. A request
     *     whose money the report moves has ended in each case, so that it cannot be accepted any more
     */
    Optional<RefundKey> refundOf(PayOrder order, AttemptKey attempt, RefundReport report) {
        var provider = attempts.byKey(attempt).orElseThrow().provider();
        var key = requests.byNumber(order.merchantId(), provider, report.refundNo())
                .or(() -> refundId(report).flatMap(id -> requests.byNumber(order.merchantId(), provider, id)));
        if (key.isEmpty() || !key.get().order().equals(order.key())) return Optional.empty();
        var request = requests.locked(key.get());
        if (request.refund().isPresent()) return request.refund();
        var money = report instanceof RefundReport.Succeeded || report instanceof RefundReport.Processing;
        if (!money) return Optional.empty();
        var amount = report instanceof RefundReport.Succeeded done && done.amount() != null
                ? done.amount()
                : request.amount();
        var receipt = counted(order, request.attempt()).filter(r -> r.left().minor() >= amount.minor());
        var refused = request.state() == PayerRefundState.REFUSED || request.state() == PayerRefundState.REFUSING;
        var made = receipt.map(r -> external(order, r, request, report.refundNo(), amount, clock.instant()));
        made.ifPresent(request::became);
        expired(order, request);
        closeReasons(order, request);
        if (refused) {
            order.requirePerson(about(request) + " of " + request.amount() + " was refused here, and "
                    + request.provider() + " has refunded it all the same; look in its console");
        }
        return made.map(Refund::key);
    }

    /**
     * Whether the report says that the refund of an undecided request will not happen; then it is ended. Within a
     * transaction that has locked the order.
     */
    boolean endedBy(PayOrder order, AttemptKey attempt, RefundReport report) {
        if (!(report instanceof RefundReport.Closed)) return false;
        var provider = attempts.byKey(attempt).orElseThrow().provider();
        var key = requests.byNumber(order.merchantId(), provider, report.refundNo())
                .or(() -> refundId(report).flatMap(id -> requests.byNumber(order.merchantId(), provider, id)));
        if (key.isEmpty() || !key.get().order().equals(order.key())) return false;
        var request = requests.locked(key.get());
        if (request.refund().isPresent()) return false;
        if (request.state() == PayerRefundState.OPEN) expired(order, request);
        if (request.state() == PayerRefundState.REFUSING) sent(order, request);
        closeReasons(order, request);
        return true;
    }

    private static Optional<String> refundId(RefundReport report) {
        if (report instanceof RefundReport.Succeeded done) return Optional.of(done.refundId());
        if (report instanceof RefundReport.Processing going) return Optional.of(going.refundId());
        if (report instanceof RefundReport.Closed closed) return Optional.of(closed.refundId());
        return Optional.empty();
    }

    private AuditsRefunds auditing(PayerRefundRequest request) {
        if (providers.named(request.provider()) instanceof AuditsRefunds audits) return audits;
        throw new IllegalStateException(request.provider() + " takes no decisions about refunds");
    }
}
