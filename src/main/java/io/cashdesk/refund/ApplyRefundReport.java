package io.cashdesk.refund;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.RefundReport;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import org.jboss.logging.Logger;

/**
 * Applies what a provider reports of a refund, in a notification or as an answer: order, receipt and refund are locked
 * in this order, the amount is checked, and refund, receipt, evidence and outbox are written in one transaction.
 */
@ApplicationScoped
public class ApplyRefundReport {
    private static final Logger LOG = Logger.getLogger(ApplyRefundReport.class);

    private static final String OUTSIDE = "refund.outside";

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    @Inject
    PayerRefunds payerRefunds;

    @Inject
    Event<PayOrderChanged> changes;

    @Inject
    Signals signals;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /**
     * Applies a report about one of our refunds. A repetition changes nothing; a later report of one that succeeded
     * completes what is stored of the provider's reports, for instance with the channel, which no notification has.
     */
    public void apply(RefundKey key, RefundReport report) {
        transactions.runInCurrentOrNew(() -> applyLocked(key, report));
    }

    private void applyLocked(RefundKey key, RefundReport report) {
        var receiptId = refunds.receiptOf(key);
        var order = orders.locked(key.order()); // the first lock of every money transaction
        var receipt = receipts.locked(key.order(), receiptId);
        var refund = refunds.locked(key);
        var before = refund.state();
        if (before == RefundState.SUCCEEDED) {
            supplement(refund, report);
            return;
        }
        var now = clock.instant();
        if (report instanceof RefundReport.Succeeded done) {
            if (!succeeded(order, receipt, refund, done, now)) return;
        } else if (before.ended()) {
            return; // only money that was refunded can change what has ended
        } else if (report instanceof RefundReport.ToBeDecided waits) {
            // the decision is not there yet, or is lost: its money stays reserved
            var going = new RefundReport.Processing(waits.refundNo(), waits.refundId(), null, waits.evidence());
            notSucceeded(order, receipt, refund, going, now);
        } else {
            notSucceeded(order, receipt, refund, report, now);
        }
        if (refund.state() == before) return;
        order.moneyChanged();
        record(order, "refund." + refund.state().name().toLowerCase(Locale.ROOT), report);
        if (refund.state() == RefundState.SUCCEEDED) fire(order, PayOrderChanged.Kind.REFUNDED, refund);
        if (refund.state() == RefundState.ABNORMAL || refund.state() == RefundState.CLOSED) {
            fire(order, PayOrderChanged.Kind.REFUND_FAILED, refund);
        }
        transactions.afterCommit(() -> signals.changed(order.id()));
    }

    private static void supplement(Refund refund, RefundReport report) {
        if (report instanceof RefundReport.Succeeded || report instanceof RefundReport.Processing) {
            refund.supplemented(report.evidence());
        }
    }

    private static void notSucceeded(PayOrder order, Receipt receipt, Refund refund, RefundReport report, Instant now) {
        if (report instanceof RefundReport.Processing going) {
            refund.processing(going.refundId(), minor(going.cash()), going.evidence(), refund.nextQuery(now));
            if (refund.slow(now) && refund.requirePerson(Refund.Concern.SLOW)) {
                var reason = about(refund) + " was accepted by " + refund.provider() + " more than "
                        + Refund.SETTLES_WITHIN.toDays()
                        + " days ago and has not ended; it is still queried: look in the"
                        + " provider's console, then decide about the refund";
                if (refund.cause().ofStrayPayment()) order.requirePerson(reason, receipt);
                else order.requirePerson(reason);
            }
        } else if (report instanceof RefundReport.Abnormal stuck) {
            var repeated = refund.state() == RefundState.ABNORMAL; // then there may be a decision already
            refund.abnormal(stuck.refundId(), stuck.evidence(), refund.nextQuery(now));
            if (!repeated) {
                order.requirePerson("refund " + refund.outRefundNo()
                        + " could not reach the payer; finish it in the provider's console");
            }
        } else if (report instanceof RefundReport.Closed closed) {
            refund.closed(closed.refundId(), closed.evidence(), now);
            receipt.release(refund.amount());
            if (refund.cause().ofStrayPayment()) order.requirePerson(strayRefundFailed(refund), receipt);
        } else if (report instanceof RefundReport.Undecided) {
            requireDecision(order, receipt, refund);
        } else if (!(report instanceof RefundReport.Absent)) {
            throw new IllegalStateException("a report of a kind that is not applied: " + report.getClass());
        }
    }

    /**
     * A refund that may have been sent and that the provider does not show: only a person who looks in its console can
     * say what became of it. Of one that was certainly not sent there is nothing to decide.
     *
     * @return whether that is new
     */
    static boolean requireDecision(PayOrder order, Receipt receipt, Refund refund) {
        if (!refund.wasMaybeSent() || !refund.requirePerson(Refund.Concern.UNDECIDED)) return false;
        var reason = about(refund) + " may have been sent, and " + refund.provider()
                + " does not show what became of it; it is not sent again: look in the provider's console, then decide"
                + " about the refund";
        if (refund.cause().ofStrayPayment()) order.requirePerson(reason, receipt);
        else order.requirePerson(reason);
        LOG.warnf("Order %s: %s; needs a person", order.outTradeNo(), reason);
        return true;
    }

    /** How reasons name a refund, by which the decision about it finds them. */
    static String about(Refund refund) {
        return "refund " + refund.outRefundNo();
    }

    /** Whether this reason why a person is required names this refund. */
    static boolean isAbout(String reason, Refund refund) {
        var named = about(refund);
        var at = reason.indexOf(named);
        if (at < 0) return false;
        var rest = reason.substring(at + named.length());
        return rest.isEmpty() || " ),;:".indexOf(rest.charAt(0)) >= 0;
    }

    /** Why an operator must decide about a payment whose automatic refund failed. */
    static String strayRefundFailed(Refund refund) {
        return "the " + refund.cause().word() + " payment of " + refund.amount() + " could not be sent back by itself";
    }

    static JsonObject details(Refund refund) {
        var said = Json.createObjectBuilder()
                .add("out_refund_no", refund.outRefundNo())
                .add("refund_fee", refund.amount().minor())
                .add("refund_status", refund.state().word())
                .add("refund_desc", refund.reason())
                .add("cause", refund.cause().word());
        refund.refundId().ifPresent(id -> said.add("refund_id", id));
        return Json.createObjectBuilder().add("refund", said).build();
    }

    private void fire(PayOrder order, PayOrderChanged.Kind kind, Refund refund) {
        changes.fire(new PayOrderChanged(order, kind, refund.id(), details(refund)));
    }

    private static Long minor(Money amount) {
        return amount == null ? null : Long.valueOf(amount.minor());
    }

    /** @return false if the report cannot be applied, so that a person must decide */
    private boolean succeeded(
            PayOrder order, Receipt receipt, Refund refund, RefundReport.Succeeded done, Instant now) {
        var differs = done.amount() != null && !done.amount().equals(refund.amount());
        var spent = !refund.state().reserves()
                && receipt.left().minor() < refund.amount().minor();
        if (differs || spent) {
            differs(order, refund, done, differs, now);
            return false;
        }
        if (!refund.state().reserves()) receipt.reserve(refund.amount());
        refund.succeeded(done.refundId(), minor(done.cash()), done.at() == null ? now : done.at(), done.evidence());
        receipt.refunded(refund.amount());
        if (receipt.disposition() == Receipt.Disposition.COUNTED) order.refunded(refund.amount(), refund.returnsAll());
        return true;
    }

    /** Every query brings the same report again; it is recorded once. */
    private void differs(
            PayOrder order, Refund refund, RefundReport.Succeeded done, boolean anotherAmount, Instant now) {
        var reason = anotherAmount
                ? "refund " + refund.outRefundNo() + " gave back " + done.amount() + " where " + refund.amount()
                        + " was asked for"
                : "refund " + refund.outRefundNo() + ", given up before, went through after all";
        refund.differs(reason, now);
        if (!refund.requirePerson(anotherAmount ? Refund.Concern.OTHER_AMOUNT : Refund.Concern.SPENT)) return;
        LOG.warnf(
                "Refund %s of order %s: %s; needs a person", refund.outRefundNo(), order.outTradeNo(), done.evidence());
        order.requirePerson(reason);
        record(order, "refund.differs", done);
    }

    /**
     * A report about a refund that is not ours. It is that of a payer's request, which the provider has accepted by
     * itself; otherwise it was made in the provider's console, so our records are incomplete.
     */
    public void applyUnknown(AttemptKey attempt, RefundReport report) {
        transactions.runInCurrentOrNew(() -> applyUnknownLocked(attempt, report));
    }

    private void applyUnknownLocked(AttemptKey attempt, RefundReport report) {
        var key = attempt.order();
        var order = orders.locked(key);
        if (wasReversed(attempts.locked(attempt)) && receipts.of(key).isEmpty()) return;
        var requested = payerRefunds.refundOf(order, attempt, report);
        if (requested.isPresent()) {
            applyLocked(requested.get(), report);
            return;
        }
        if (report instanceof RefundReport.ToBeDecided || payerRefunds.endedBy(order, attempt, report)) return;
        if (orders.recorded(key, OUTSIDE, report.evidence())) return;
        order.requirePerson(
                "refund " + report.refundNo() + " was made outside of this server, in the provider's console");
        record(order, OUTSIDE, report);
    }

    /** A payment by code that is reversed is refunded by the provider, without a refund of ours. */
    static boolean wasReversed(Attempt attempt) {
        return attempt.byPaymentCode()
                && (attempt.state() == AttemptState.CLOSING || attempt.state() == AttemptState.CLOSED);
    }

    private void record(PayOrder order, String kind, RefundReport report) {
        orders.record(new OrderEvent(order.key(), null, clock.instant(), kind, report.evidence()));
    }
}
