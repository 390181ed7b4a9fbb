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

/** Money that arrived: the order's own, or a stray. It is written down whatever else is decided about it. */
@Entity
public class Receipt {
    /** What kind of money it is. */
    public enum Kind {
        ORDER,
        LATE,
        DUPLICATE,
        AMOUNT_DIFFERS
    }

    /** What becomes of it. */
    public enum Disposition {
        /** It pays the order. */
        COUNTED,
        /** It waits for a person. */
        HELD,
        RETURNING,
        RETURNED
    }

    @Id
    private UUID id;

    @Version
    private long version;

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
    private Instant heardAt;
    private String evidence;

    protected Receipt() {} // for JPA

    public Receipt(
            Attempt attempt,
            String transactionId,
            Money amount,
            Kind kind,
            Instant paidAt,
            Instant heardAt,
            String evidence) {
        this.id = Ids.next();
        this.orderId = attempt.orderId();
        this.attemptId = attempt.id();
        this.provider = attempt.provider();
        this.merchantNo = attempt.merchantNo();
        this.transactionId = transactionId;
        this.amount = amount.minor();
        this.currency = amount.currency();
        this.kind = kind;
        this.disposition = kind == Kind.ORDER ? Disposition.COUNTED : Disposition.HELD;
        this.paidAt = paidAt;
        this.heardAt = heardAt;
        this.evidence = evidence;
    }

    /** Sets money aside for a refund; what is set aside is nobody else's to give back. */
    public void reserve(Money part) {
        if (part.minor() > left().minor()) {
            throw new IllegalStateException(part + " is more than the " + left() + " that is left of " + transactionId);
        }
        reserved += part.minor();
        if (disposition == Disposition.HELD) disposition = Disposition.RETURNING;
    }

    /** A refund came to nothing: its money can be given back by another. */
    public void release(Money part) {
        reserved -= part.minor();
        if (disposition == Disposition.RETURNING && reserved == 0) disposition = Disposition.HELD;
    }

    /** Money that was set aside has gone back. */
    public void refunded(Money part) {
        refunded += part.minor();
        if (disposition == Disposition.RETURNING && refunded == amount) disposition = Disposition.RETURNED;
    }

    /** What is neither given back nor set aside for that. */
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

    public UUID attemptId() {
        return attemptId;
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

    /** What the provider said, word for word: JSON. */
    public String evidence() {
        return evidence;
    }
}
