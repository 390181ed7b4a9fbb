package io.cashdesk.webhook;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/** One change of an order as merchants receive it: the same id and the same bytes for every endpoint and every try. */
@Entity
@SuppressWarnings("unused") // queries read some columns that no Java code reads
class WebhookEvent {
    /** The type of a test event, which is about no order. */
    static final String TEST = "webhook.test";

    private static final String PREFIX = "msg_";

    @Id
    private UUID id;

    @PartitionKey
    private UUID merchantId;

    @Enumerated(EnumType.STRING)
    private Mode mode;

    private UUID orderId;
    private String type;
    private UUID subject;
    private String payload;
    private Instant createdAt;

    protected WebhookEvent() {} // for JPA

    WebhookEvent(PayOrder order, String type, UUID subject, String payload, Instant now) {
        this(order.merchantId(), order.mode(), type, payload, now);
        this.orderId = order.id();
        this.subject = subject;
    }

    private WebhookEvent(UUID merchantId, Mode mode, String type, String payload, Instant now) {
        this.id = Ids.next();
        this.merchantId = merchantId;
        this.mode = mode;
        this.type = type;
        this.subject = id;
        this.payload = payload;
        this.createdAt = now;
    }

    static WebhookEvent test(Endpoint endpoint, String payload, Instant now) {
        return new WebhookEvent(endpoint.merchantId(), endpoint.mode(), TEST, payload, now);
    }

    UUID id() {
        return id;
    }

    /** The {@code webhook-id} under which merchants know it. */
    String webhookId() {
        return PREFIX + id.toString().replace("-", "");
    }

    /** The event that a merchant knows by this id, or empty if no event can have it. */
    static Optional<UUID> idOf(String webhookId) {
        if (!webhookId.matches(PREFIX + "[0-9a-f]{32}")) return Optional.empty();
        var hex = webhookId.substring(PREFIX.length());
        return Optional.of(new UUID(
                Long.parseUnsignedLong(hex.substring(0, 16), 16), Long.parseUnsignedLong(hex.substring(16), 16)));
    }

    UUID merchantId() {
        return merchantId;
    }

    /** The order it is about; empty for a test event. */
    Optional<OrderKey> order() {
        return Optional.ofNullable(orderId).map(id -> new OrderKey(merchantId, id));
    }

    String type() {
        return type;
    }

    UUID subject() {
        return subject;
    }

    String payload() {
        return payload;
    }

    Instant createdAt() {
        return createdAt;
    }
}
