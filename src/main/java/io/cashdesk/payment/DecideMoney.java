package io.cashdesk.payment;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.merchant.Mode;
import io.cashdesk.notification.CountReceipt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.ExpiredOrders;
import io.cashdesk.order.OpenReason;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.ReceiptChanged;
import io.cashdesk.order.Receipts;
import io.cashdesk.refund.RefundPayment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Carries out what an operator, or a management token, decides about an order that needs a person (docs/api.md, "Money
 * that needs a decision"). The decision is evidence and closes the reasons that it is about. While another reason is
 * open the order stays flagged. A repetition changes nothing.
 */
@ApplicationScoped
public class DecideMoney {
    /** The kind of evidence. */
    static final String DECIDED = "decided";

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    AllowedDecisions allowed;

    @Inject
    RefundPayment refundPayment;

    @Inject
    CountReceipt countReceipt;

    @Inject
    Event<ReceiptChanged> strays;

    @Inject
    ExpiredOrders expiredOrders;

    @Inject
    Transactions transactions;

    @Inject
    Signals signals;

    @Inject
    Clock clock;

    /**
     * What is decided.
     *
     * @param receipt the held payment, or empty: the decision is about the reasons
     * @param reasons without a receipt, the ids of the open reasons that are settled; a reason that is not named, for
     *     instance because the operator has not seen it yet, stays open. None: all that are open now and about no
     *     payment that waits for a decision
     * @param reason why, in the operator's words
     * @param by who decided
     */
    public record Wish(
            Optional<UUID> receipt, Set<UUID> reasons, Receipt.Decision decision, String reason, String by) {}

    /**
     * Within a transaction, which locks the order first. Problems: there is no such order or receipt, the decision is
     * not possible, or another one was made before.
     */
    public void of(UUID merchant, Mode mode, String outTradeNo, Wish wish) {
        var key = orders.keyByNumber(merchant, mode, outTradeNo)
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(outTradeNo));
        var order = orders.locked(key);
        if (wish.receipt().isPresent()) about(order, wish.receipt().get(), wish);
        else aboutNoReceipt(order, wish);
        expiredOrders.closeAfterAttempt(order, clock.instant()); // if nothing else keeps it open after its deadline
    }

    private void about(PayOrder order, UUID id, Wish wish) {
        var receipt = receipts.of(order.key()).stream()
                .filter(r -> r.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ProblemType.RECEIPT_NOT_FOUND.with(order.outTradeNo(), id));
        var before = receipt.decision();
        if (before.filter(wish.decision()::equals).isPresent()) return; // a repetition
        var stops = AllowedDecisions.stopsRefund(order, receipt, wish.decision());
        before.filter(other -> !stops).ifPresent(other -> {
            throw ProblemType.DECIDED_OTHERWISE.with(
                    new LocalizedText("收款 " + id + " ", "receipt " + id), order.outTradeNo(), word(other));
        });
        allowed.objection(order, receipt, wish.decision()).ifPresent(why -> {
            throw ProblemType.DECISION_NOT_ALLOWED.with(word(wish.decision()), order.outTradeNo(), why);
        });
        if (stops && !refundPayment.abandon(order, receipt)) {
            throw new IllegalStateException("the refund of receipt " + id + " cannot be stopped");
        }
        receipt.decided(wish.decision());
        switch (wish.decision()) {
            case RETURN -> {
                var stored = refundPayment.ofHeld(order, receipt);
                if (!stored) throw new IllegalStateException(receipt.provider() + " cannot refund");
            }
            case ACCEPT -> accept(order, receipt);
            case SETTLE -> {} // it was dealt with elsewhere
        }
        order.decided(receipt);
        if (wish.decision() != Receipt.Decision.ACCEPT) strays.fire(new ReceiptChanged(order, receipt));
        record(order, wish, Set.of());
    }

    /** As if the merchant's policy had been to accept late payments when it arrived. */
    private void accept(PayOrder order, Receipt receipt) {
        var attempt = attempts.locked(receipt.attempt());
        orders.record(new OrderEvent(order.key(), attempt.id(), clock.instant(), "money.order", receipt.evidence()));
        countReceipt.of(order, attempt, receipt);
    }

    private void aboutNoReceipt(PayOrder order, Wish wish) {
        if (wish.decision() != Receipt.Decision.SETTLE) {
            throw ProblemType.DECISION_NOT_ALLOWED.with(
                    word(wish.decision()),
                    order.outTradeNo(),
                    new LocalizedText("没有指定收款记录时只能选择 settle", "without a receipt it can only be settled"));
        }
        var held = receipts.of(order.key()).stream()
                .filter(r -> AllowedDecisions.isAsked(order, r))
                .toList();
        var open = order.openApartFrom(held).stream().map(OpenReason::id).collect(Collectors.toSet());
        var named = wish.reasons().isEmpty() ? open : wish.reasons();
        if (named.isEmpty()) {
            if (order.openReasons().isEmpty() && settledBefore(order)) return; // a repetition
            throw ProblemType.DECISION_NOT_ALLOWED.with(
                    word(wish.decision()),
                    order.outTradeNo(),
                    held.isEmpty()
                            ? new LocalizedText("没有待处理的事项", "nothing is open")
                            : new LocalizedText("请指定收款记录", "name the held payment in receipt"));
        }
        if (named.stream().noneMatch(open::contains) && settledBefore(order, named)) return;
        for (var id : named) {
            if (open.contains(id) || settledBefore(order, Set.of(id))) continue;
            var ofHeld = order.openReasons().stream().anyMatch(r -> r.id().equals(id));
            throw ProblemType.DECISION_NOT_ALLOWED.with(
                    word(wish.decision()),
                    order.outTradeNo(),
                    ofHeld
                            ? new LocalizedText(
                                    "事项 " + id + " 与待处理的收款有关，请指定收款记录",
                                    "the reason " + id + " is about a held payment: name it in receipt")
                            : new LocalizedText("事项 " + id + " 并未待处理", "the reason " + id + " is not open"));
        }
        order.decided(named, held);
        record(order, wish, named);
    }

    /** Whether any decision without a receipt was made before. */
    private boolean settledBefore(PayOrder order) {
        return orders.events(order.key(), DECIDED).stream()
                .anyMatch(e -> e.detail().contains("\"reasons\""));
    }

    /** Whether earlier decisions without a receipt named all of these reasons. */
    private boolean settledBefore(PayOrder order, Set<UUID> reasons) {
        var decisions = orders.events(order.key(), DECIDED);
        return reasons.stream()
                .allMatch(id -> decisions.stream().anyMatch(e -> e.detail().contains("\"" + id + "\"")));
    }

    private void record(PayOrder order, Wish wish, Set<UUID> reasons) {
        var detail = Json.createObjectBuilder().add("decision", word(wish.decision()));
        wish.receipt().ifPresent(id -> detail.add("receipt", id.toString()));
        if (wish.receipt().isEmpty()) {
            var settled = Json.createArrayBuilder();
            reasons.forEach(id -> settled.add(id.toString()));
            detail.add("reasons", settled);
        }
        detail.add("reason", wish.reason()).add("by", wish.by());
        orders.record(new OrderEvent(
                order.key(), null, clock.instant(), DECIDED, detail.build().toString()));
        transactions.afterCommit(() -> signals.changed(order.id()));
    }

    private static String word(Receipt.Decision decision) {
        return decision.name().toLowerCase(Locale.ROOT);
    }
}
