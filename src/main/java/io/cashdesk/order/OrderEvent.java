package io.cashdesk.order;

import io.cashdesk.ground.database.Ids;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/** Evidence of one change of an order; written with the change and never altered. */
@Entity
@SuppressWarnings("unused") // queries read some columns that no Java code reads
public class OrderEvent {
    /** The kind of the evidence that a payment by payment code was reversed when it had just been paid. */
    public static final String MONEY_REVERSED = "money.reversed";

    /** The kind of the evidence that a notification says otherwise than was requested. */
    public static final String DIFFERS = "notification.differs";

    @Id
    private UUID id;

    @PartitionKey
    private UUID merchantId;

    private UUID orderId;
    private UUID attemptId;
    private Instant at;
    private String kind;
    private String detail;

    protected OrderEvent() {} // for JPA

    /**
     * @param attemptId the attempt it is about, or null
     * @param detail JSON or a short text
     */
    public OrderEvent(OrderKey order, UUID attemptId, Instant at, String kind, String detail) {
        this.id = Ids.next();
        this.merchantId = order.merchantId();
        this.orderId = order.id();
        this.attemptId = attemptId;
        this.at = at;
        this.kind = kind;
        this.detail = detail;
    }

    public Instant at() {
        return at;
    }

    /** What happened: "created", "money.order", "closed". */
    public String kind() {
        return kind;
    }

    public String detail() {
        return detail;
    }

    /** Whether it is about this attempt. */
    public boolean isAbout(UUID attempt) {
        return attempt.equals(attemptId);
    }
}
