package io.cashdesk.order;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.money.Money;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/** Money that arrived through an attempt. It is stored whatever is decided about it. */
@Entity
public class Receipt {
    /** What it is to the order. */
    public enum Kind {
        /** It pays the order. */
        ORDER,
        /** The order was closed before. */
        LATE,
        /** The order was paid before. */
        DUPLICATE,
        /** It is not the amount that is owed. */
        AMOUNT_DIFFERS,
        /**
         * It cannot pay the order: it is older than its attempt, the provider has returned it, or it came after the
         * reversal of its payment code. Its amount may differ too.
         */
        DOUBTFUL
    }

    /** What becomes of it. */
    public enum Disposition {
        /** It pays the order. */
        COUNTED,
        /** An operator must decide. */
        HELD,
        /** It is being refunded, all or a part of it. */
        RETURNING,
        /** All of it was refunded. */
        RETURNED,
        /** An operator has dealt with it outside of this server. */
        SETTLED
    }

    /** What an operator, or a management token, decides about held money. */
    public enum Decision {
        /** It is refunded. */
        RETURN,
        /** It pays the order. */
        ACCEPT,
        /** It was dealt with outside of this server. */
        SETTLE
    }

    @Id
    private UUID id;

    @Version
    private long version;

    @PartitionKey
    private UUID merchantId;

    private UUID orderId;

    private UUID attemptId;

    @SuppressWarnings("unused") // only queries read it
    private UUID accountId;

    private String provider;
    private String merchantNo;
    private String transactionId;
    private long amount;
    private String currency;

    @Enumerated(EnumType.STRING)
    private Kind kind;

    @Enumerated(EnumType.STRING)
    private Disposition disposition;

    @Enumerated(EnumType.STRING)
    private Decision decision;

    private long reserved;
    private long refunded;

    private boolean wentBack;

    private Instant paidAt;
    private String payerId;
    private String payMethod;
    private String goods;
    private Long storePrice;
    private String storeCurrency;
    private String environment;
    private String firstTransactionId;
    private Instant reportedAt;
    private boolean notified;
    private String evidence;
    private String originalData;
    private String authAppId;
    private String sellerId;

    private boolean notifiable;

    protected Receipt() {} // for JPA

    /**
     * A payment as the provider reported it.
     *
     * @param transactionId the provider's number of it
     * @param payerId who paid, as the provider names the payer, or null
     * @param notified whether a notification reported it, or else the answer to a query
     * @param payMethod with which wallet behind the provider the payer has paid ({@code provider_pay_method}), or an
     *     empty text where it does not say
     * @param sale what a provider's own store says of a purchase, or null
     * @param evidence the provider's own words: JSON
     */
    public record Payment(
            String transactionId,
            Money amount,
            Instant paidAt,
            String payerId,
            boolean notified,
            String payMethod,
            Sale sale,
            String evidence) {}

    /**
     * A purchase in a provider's own store.
     *
     * @param goods what was bought: a JSON object
     * @param price what the store has charged, in whichever currency, or null where it does not say
     * @param environment the store's word for where it was bought: "Production", "Sandbox"
     * @param firstTransactionId of a subscription: the store's number of its first purchase; otherwise null
     */
    public record Sale(String goods, Money price, String environment, String firstTransactionId) {}

    /** @param reportedAt when the report arrived here */
    public Receipt(Attempt attempt, Payment payment, Kind kind, Instant reportedAt) {
        this.id = Ids.next();
        this.merchantId = attempt.merchantId();
        this.orderId = attempt.orderId();
        this.attemptId = attempt.id();
        this.accountId = attempt.accountId();
        this.notifiable = !attempt.byPaymentCode();
        this.provider = attempt.provider();
        this.merchantNo = attempt.merchantNo();
        this.transactionId = payment.transactionId();
        this.amount = payment.amount().minor();
        this.currency = payment.amount().currency();
        this.kind = kind;
        this.disposition = kind == Kind.ORDER ? Disposition.COUNTED : Disposition.HELD;
        this.paidAt = payment.paidAt();
        this.payerId = payment.payerId();
        this.payMethod = payment.payMethod().isEmpty() ? null : payment.payMethod();
        if (payment.sale() != null) sold(payment.sale());
        this.notified = payment.notified();
        this.reportedAt = reportedAt;
        this.evidence = payment.evidence();
    }

    private void sold(Sale sale) {
        this.goods = sale.goods();
        this.storePrice = sale.price() == null ? null : sale.price().minor();
        this.storeCurrency = sale.price() == null ? null : sale.price().currency();
        this.environment = sale.environment();
        this.firstTransactionId = sale.firstTransactionId();
    }

    /**
     * A notification reports it, the first time or again; the first one is kept.
     *
     * @param originalData the notification as it came: a JSON value
     * @param authAppId the application on whose behalf a service provider collected, or an empty text
     * @param sellerId who received the money, or an empty text
     */
    public void notified(String originalData, String authAppId, String sellerId) {
        if (this.originalData != null) return;
        this.originalData = originalData;
        this.authAppId = authAppId.isEmpty() ? null : authAppId;
        this.sellerId = sellerId.isEmpty() ? null : sellerId;
    }

    /** Sets money aside for a refund, so that no other refund can use it. */
    public void reserve(Money part) {
        if (part.minor() > left().minor()) {
            throw new IllegalStateException(part + " is more than the " + left() + " that is left of " + transactionId);
        }
        reserved += part.minor();
        if (disposition == Disposition.HELD) disposition = Disposition.RETURNING;
    }

    /** A refund has failed: its money is free for another. */
    public void release(Money part) {
        reserved -= part.minor();
        if (disposition == Disposition.RETURNING && reserved == 0) {
            disposition = Disposition.HELD;
            decision = null; // it could not be carried out
        }
    }

    /** The provider has returned it to the payer by itself: nothing of it can be refunded any more. */
    public void wentBack() {
        requireHeld();
        reserved = amount;
        refunded = amount;
        disposition = Disposition.RETURNED;
        wentBack = true;
    }

    /**
     * An operator has decided about held money. A refund is reserved by the caller, in the same transaction.
     *
     * @throws IllegalStateException if it is not held, or is accepted and is not late money
     */
    public void decided(Decision decision) {
        requireHeld();
        switch (decision) {
            case RETURN -> disposition = Disposition.RETURNING;
            case ACCEPT -> {
                if (kind != Kind.LATE || reserved != 0) {
                    throw new IllegalStateException(transactionId + " is " + kind + " and cannot pay the order");
                }
                kind = Kind.ORDER;
                disposition = Disposition.COUNTED;
            }
            case SETTLE -> disposition = Disposition.SETTLED;
        }
        this.decision = decision;
    }

    private void requireHeld() {
        if (disposition != Disposition.HELD) {
            throw new IllegalStateException(transactionId + " is " + disposition + " and not held");
        }
    }

    /** Money that was set aside has been refunded. */
    public void refunded(Money part) {
        refunded += part.minor();
        if (disposition == Disposition.RETURNING && refunded == amount) disposition = Disposition.RETURNED;
    }

    /** What can still be refunded: neither refunded, nor set aside for a refund, nor dealt with outside. */
    public Money left() {
        return new Money(disposition == Disposition.SETTLED ? 0 : amount - reserved, currency);
    }

    public UUID merchantId() {
        return merchantId;
    }

    /** Through which account of the merchant's it came. */
    public UUID accountId() {
        return accountId;
    }

    public UUID id() {
        return id;
    }

    public String provider() {
        return provider;
    }

    public String merchantNo() {
        return merchantNo;
    }

    /** The attempt through which it came. */
    public AttemptKey attempt() {
        return new AttemptKey(new OrderKey(merchantId, orderId), attemptId);
    }

    public String transactionId() {
        return transactionId;
    }

    public Money amount() {
        return new Money(amount, currency);
    }

    public Kind kind() {
        return kind;
    }

    public Disposition disposition() {
        return disposition;
    }

    /** What of it has been refunded. */
    public Money refunded() {
        return new Money(refunded, currency);
    }

    /** What of it is set aside for refunds: refunded, or on its way. */
    public Money reserved() {
        return new Money(reserved, currency);
    }

    /** Whether it came through a payment code, so that the provider may have reversed it. */
    public boolean byPaymentCode() {
        return !notifiable;
    }

    /** Whether the provider has returned it by itself, without a refund of ours. */
    public boolean returnedByProvider() {
        return wentBack;
    }

    /** What an operator decided about it, if one did. */
    public Optional<Decision> decision() {
        return Optional.ofNullable(decision);
    }

    public Instant paidAt() {
        return paidAt;
    }

    /** Who paid, as the provider names the payer. */
    public Optional<String> payerId() {
        return Optional.ofNullable(payerId);
    }

    /** With which wallet behind the provider the payer has paid, if the provider says it. */
    public Optional<String> payMethod() {
        return Optional.ofNullable(payMethod);
    }

    /** What the provider's own store says of it; empty of every other payment. */
    public Optional<Sale> sale() {
        return Optional.ofNullable(goods)
                .map(bought -> new Sale(
                        bought,
                        storePrice == null ? null : new Money(storePrice, storeCurrency),
                        environment,
                        firstTransactionId));
    }

    /** When the report of it arrived here. */
    public Instant reportedAt() {
        return reportedAt;
    }

    /** Whether a notification reported it, or else the answer to a query. */
    public boolean notified() {
        return notified;
    }

    /** The provider's own words: JSON. */
    public String evidence() {
        return evidence;
    }

    /** The first notification of it as it came: a JSON value; empty if none came. */
    public Optional<String> originalData() {
        return Optional.ofNullable(originalData);
    }

    /** The application on whose behalf a service provider collected, if a notification said so. */
    public Optional<String> authAppId() {
        return Optional.ofNullable(authAppId);
    }

    /** Who received the money, if a notification said so. */
    public Optional<String> sellerId() {
        return Optional.ofNullable(sellerId);
    }
}
