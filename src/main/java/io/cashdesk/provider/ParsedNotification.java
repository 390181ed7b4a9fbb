package io.cashdesk.provider;

import io.cashdesk.ground.money.Money;
import java.time.Instant;
import java.util.Optional;

/**
 * A notification, understood.
 *
 * @param repeatKey equal for every repetition of the same message, different for different ones, even under a new
 *     signature; an empty text for a {@link Greeting} and for a {@link Hint} that anyone can send, which are not stored
 * @param kind the provider's word for what it is about: "TRANSACTION.SUCCESS"
 */
public record ParsedNotification(String repeatKey, String kind, Content content) {
    /** What a notification says. */
    public sealed interface Content {}

    /** It is authentic, and says this of an attempt. */
    public record Payment(ProviderReport report) implements Content {}

    /**
     * It is authentic, and says this of a refund.
     *
     * @param of the payment that is refunded
     */
    public record Refund(PaymentNumbers of, RefundReport report) implements Content {}

    /**
     * By which numbers a message names a payment; at least one of them.
     *
     * @param attemptNo our number, or an empty text if the message has none of ours
     * @param transactionId the provider's own number, or an empty text
     */
    public record PaymentNumbers(String attemptNo, String transactionId) {
        @Override
        public String toString() {
            return attemptNo.isEmpty() ? transactionId : attemptNo;
        }
    }

    /**
     * It proves too little: it is not signed and anyone can send it, or it does not say clearly what was paid. It says
     * that there may be news of this attempt or refund; the provider is queried, and only its answer counts. The
     * adapter must implement {@link Queries}, and {@link MakesRefunds} if it hints at refunds. One whose provider sends
     * back no number of ours names the provider's own.
     *
     * @param attemptNo our number, or an empty text if the message has another one
     * @param providerNo the provider's own number ({@link Creates.Created}), or an empty text; that of an authentic
     *     message is stored with the attempt, if it has none yet
     * @param refundNo the number of a refund there, or an empty text if it is about a payment
     * @param ended whether it says that the payment was made, or that the refund has ended: then it is acknowledged
     *     only once the provider's answer says so too, and the sender repeats it until then
     */
    public record Hint(String attemptNo, String providerNo, String refundNo, boolean ended) implements Content {}

    /**
     * It is about no payment: the provider asks whether this address is ours before it uses it, and needs this answer.
     * It is not stored.
     */
    public record Greeting(Acknowledgement answer) implements Content {}

    /** It is authentic, and about a purchase in the provider's store ({@link SellsInStore}). */
    public sealed interface OfPurchase extends Content {
        Purchase purchase();
    }

    /** It is authentic, and a purchase in the provider's store is confirmed by it. */
    public record Bought(Purchase purchase) implements OfPurchase {}

    /** It is authentic, and the store has returned the money of a purchase to the payer, all or a part of it. */
    public record TakenBack(Purchase purchase, Purchase.Return back) implements OfPurchase {
        public TakenBack(Purchase purchase, String refundNo, int thousandths, Instant at) {
            this(purchase, new Purchase.Return(refundNo, thousandths, at));
        }
    }

    /**
     * It is authentic, and the store has charged the payer again for a purchase whose money it had returned.
     *
     * @param at the store's moment: what it returned before is charged again, whenever the report of that return comes;
     *     null where it does not say
     */
    public record ChargedAgain(Purchase purchase, Instant at) implements OfPurchase {}

    /** It is authentic, and the store wants to know how a purchase was used, because its payer wants the money back. */
    public record UsageAsked(Purchase purchase) implements OfPurchase {}

    /**
     * It is authentic, and the payer has requested a refund at the provider ({@link AuditsRefunds}).
     *
     * @param of the payment
     * @param refundId the provider's number of the request; equal in every repetition
     * @param amount what the payer wants back
     * @param reason in the payer's or the provider's words; may be empty
     * @param until the moment at which the provider decides by itself, or null where it does not say
     */
    public record RefundRequested(
            PaymentNumbers of, String refundId, Money amount, String reason, Instant until, String evidence)
            implements Content {}

    /**
     * It is authentic, and says this of a settlement ({@link Settles}).
     *
     * @param attemptNo the number of the payment that is settled, or an empty text if it has only the provider's
     * @param transactionId the provider's number of the payment, or an empty text
     */
    public record Settlement(String attemptNo, String transactionId, SettlementReport report) implements Content {}

    /** It is authentic, and about something that is only kept. */
    public record Other() implements Content {}

    public static ParsedNotification ofPayment(String repeatKey, String kind, ProviderReport report) {
        return new ParsedNotification(repeatKey, kind, new Payment(report));
    }

    /** @param attemptNo the number of the payment that is refunded */
    public static ParsedNotification ofRefund(String repeatKey, String kind, String attemptNo, RefundReport report) {
        return ofRefund(repeatKey, kind, new PaymentNumbers(attemptNo, ""), report);
    }

    public static ParsedNotification ofRefund(String repeatKey, String kind, PaymentNumbers of, RefundReport report) {
        return new ParsedNotification(repeatKey, kind, new Refund(of, report));
    }

    public static ParsedNotification hint(String kind, String attemptNo) {
        return hint("", kind, attemptNo);
    }

    /** @param repeatKey of a message that is authentic, which is stored; otherwise an empty text */
    public static ParsedNotification hint(String repeatKey, String kind, String attemptNo) {
        return new ParsedNotification(repeatKey, kind, new Hint(attemptNo, "", "", false));
    }

    /**
     * One that says that the payment was made.
     *
     * @param repeatKey of a message that is authentic, which is stored; otherwise an empty text
     * @param providerNo the provider's own number, or an empty text
     */
    public static ParsedNotification hintOfPayment(String repeatKey, String kind, String attemptNo, String providerNo) {
        return new ParsedNotification(repeatKey, kind, new Hint(attemptNo, providerNo, "", true));
    }

    /**
     * One that says that the refund has ended.
     *
     * @param repeatKey of a message that is authentic, which is stored; otherwise an empty text
     * @param attemptNo of the payment that is refunded; it is queried if the refund is not ours
     * @param refundNo the number that the refund carries at the provider
     */
    public static ParsedNotification refundHint(String repeatKey, String kind, String attemptNo, String refundNo) {
        return new ParsedNotification(repeatKey, kind, new Hint(attemptNo, "", refundNo, true));
    }

    /** @param providerNo the number that the provider itself gave */
    public static ParsedNotification hintOfProviderNo(String kind, String providerNo) {
        return new ParsedNotification("", kind, new Hint("", providerNo, "", false));
    }

    public static ParsedNotification greeting(Acknowledgement answer) {
        return new ParsedNotification("", "greeting", new Greeting(answer));
    }

    public static ParsedNotification onlyKept(String repeatKey, String kind) {
        return new ParsedNotification(repeatKey, kind, new Other());
    }

    /** What it proves about an attempt, if it does. */
    public Optional<ProviderReport> report() {
        return content instanceof Payment payment ? Optional.of(payment.report()) : Optional.empty();
    }

    /** What it proves about a refund, if it does. */
    public Optional<Refund> refund() {
        return content instanceof Refund refund ? Optional.of(refund) : Optional.empty();
    }
}
