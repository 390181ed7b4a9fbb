package io.cashdesk.webhook;

import io.cashdesk.ground.database.Ids;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.UUID;

/** One thing that happened, as merchants hear it: the same id and the same bytes however often it is told. */
@Entity
class WebhookEvent {
    @Id
    private UUID id;

    private UUID orderId;
    private String type;
    private UUID subject;
    private String payload;
    private Instant createdAt;

    protected WebhookEvent() {} // for JPA

    WebhookEvent(UUID orderId, String type, UUID subject, String payload, Instant now) {
        this.id = Ids.next();
        this.orderId = orderId;
        this.type = type;
        this.subject = subject;
        this.payload = payload;
        this.createdAt = now;
    }

    UUID id() {
        return id;
    }

    UUID orderId() {
        return orderId;
    }

    String type() {
        return type;
    }

    String payload() {
        return payload;
    }
}
