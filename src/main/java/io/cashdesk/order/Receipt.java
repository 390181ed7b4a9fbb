package io.cashdesk.order;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.money.Money;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
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
        AMOUNT_DIFFERS
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
        RETURNED
    }

    @Id
    private UUID id;

    @Version
    private long version;

    @PartitionKey
    private UUID merchantId;

    private UUID orderId;

    private UUID attemptId;
    private String provider;
    private String merchantNo;
    private String transactionId;
    private long amount;
    private String currency;

    @Enumerated(EnumType.STRING)
    private Kind kind;

    @Enumerated(EnumType.STRING)
    private Disposition disposition;

    private long reserved;
    private long refunded;
    private Instant paidAt;

    @SuppressWarnings("unused") // only queries read it
    private Instant reportedAt;

    private String evidence;

    protected Receipt() {} // for JPA

    /**
     * A payment as the provider reported it.
     *
     * @param transactionId the provider's number of it
     * @param evidence the provider's own words: JSON
     */
    public record Payment(String transactionId, Money amount, Instant paidAt, String evidence) {}

    /** @param reportedAt when the report arrived here */
    public Receipt(Attempt attempt, Payment payment, Kind kind, Instant reportedAt) {
        this.id = Ids.next();
        this.merchantId = attempt.merchantId();
        this.orderId = attempt.orderId();
        this.attemptId = attempt.id();
        this.provider = attempt.provider();
        this.merchantNo = attempt.merchantNo();
        this.transactionId = payment.transactionId();
        this.amount = payment.amount().minor();
        this.currency = payment.amount().currency();
        this.kind = kind;
        this.disposition = kind == Kind.ORDER ? Disposition.COUNTED : Disposition.HELD;
        this.paidAt = payment.paidAt();
        this.reportedAt = reportedAt;
        this.evidence = payment.evidence();
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
        if (disposition == Disposition.RETURNING && reserved == 0) disposition = Disposition.HELD;
    }

    /** Money that was set aside has been refunded. */
    public void refunded(Money part) {
        refunded += part.minor();
        if (disposition == Disposition.RETURNING && refunded == amount) disposition = Disposition.RETURNED;
    }

    /** What is neither refunded nor set aside for a refund. */
    public Money left() {
        return new Money(amount - reserved, currency);
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

    public Instant paidAt() {
        return paidAt;
    }

    /** The provider's own words: JSON. */
    public String evidence() {
        return evidence;
    }
}
