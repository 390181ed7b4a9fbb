package io.cashdesk.payment;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipts;
import io.cashdesk.refund.Refund;
import io.cashdesk.refund.RefundPayment;
import io.cashdesk.refund.RefundPayment.Finding;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Carries out what an operator, or a management token, found in a provider's console about a refund whose outcome the
 * provider does not report (docs/api.md, "Money that needs a decision"). It ends the refund once, as a report of the
 * provider would; the decision is evidence. A repetition changes nothing.
 */
@ApplicationScoped
public class DecideRefund {
    @Inject
    PayOrders orders;

    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    @Inject
    RefundPayment refundPayment;

    @Inject
    Transactions transactions;

    @Inject
    Signals signals;

    @Inject
    Clock clock;

    /**
     * What is decided.
     *
     * @param outRefundNo the merchant's number of the refund, or the one that was made for it
     * @param reason why, in the operator's words
     * @param by who decided
     */
    public record Wish(String outRefundNo, Finding finding, String reason, String by) {}

    /**
     * Within a transaction, which locks the order first. Problems: there is no such order or refund, it waits for no
     * decision, or another one was made before.
     */
    public void of(UUID merchant, Mode mode, String outTradeNo, Wish wish) {
        var key = orders.keyByNumber(merchant, mode, outTradeNo)
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(outTradeNo));
        var order = orders.locked(key);
        var refund = refunds.allOf(key).stream()
                .filter(r -> r.outRefundNo().equals(wish.outRefundNo()))
                .findFirst()
                .orElseThrow(() -> ProblemType.NOT_REFUNDED.with(outTradeNo, " " + wish.outRefundNo()));
        var before = decided(order, wish.outRefundNo());
        if (before.filter(word(wish.finding())::equals).isPresent()) return; // a repetition
        before.ifPresent(other -> {
            throw ProblemType.DECIDED_OTHERWISE.with(
                    new LocalizedText("退款 " + wish.outRefundNo() + " ", "refund " + wish.outRefundNo()),
                    outTradeNo,
                    other);
        });
        requireUndecided(order, refund, wish);
        var held = receipts.of(key).stream()
                .filter(r -> AllowedDecisions.isAsked(order, r))
                .toList();
        var detail = Json.createObjectBuilder()
                .add("decision", word(wish.finding()))
                .add("refund", wish.outRefundNo())
                .add("reason", wish.reason())
                .add("by", wish.by())
                .build();
        orders.record(new OrderEvent(key, null, clock.instant(), DecideMoney.DECIDED, detail.toString()));
        var evidence = Json.createObjectBuilder().add("decided", detail).build();
        refundPayment.decide(order, refund, wish.finding(), held, evidence.toString());
        transactions.afterCommit(() -> signals.changed(order.id()));
    }

    private void requireUndecided(PayOrder order, Refund refund, Wish wish) {
        if (refund.beingCalled(clock.instant())) {
            throw ProblemType.CALL_RUNNING.with(order.outTradeNo()).retryAfter(Duration.ofSeconds(5));
        }
        if (refund.needsDecision()) return;
        var state = refund.state().word();
        throw ProblemType.DECISION_NOT_ALLOWED.with(
                word(wish.finding()),
                order.outTradeNo(),
                new LocalizedText(
                        "退款 " + wish.outRefundNo() + " 的状态为 " + state + "，不需要人工决定",
                        "the refund " + wish.outRefundNo() + " is " + state + " and waits for no decision"));
    }

    /** What was decided about this refund before. */
    private Optional<String> decided(PayOrder order, String outRefundNo) {
        return orders.events(order.key(), DecideMoney.DECIDED).stream()
                .map(e -> json(e.detail()))
                .filter(d -> d.getString("refund", "").equals(outRefundNo))
                .map(d -> d.getString("decision"))
                .findFirst();
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static String word(Finding finding) {
        return finding.name().toLowerCase(Locale.ROOT);
    }
}
