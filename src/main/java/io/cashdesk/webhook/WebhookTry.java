package io.cashdesk.webhook;

import io.cashdesk.ground.database.Ids;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.UUID;

/** One try to tell a merchant: what came back, or why nothing did. */
@Entity
class WebhookTry {
    @Id
    private UUID id;

    private UUID deliveryId;
    private int n;
    private Instant at;
    private Integer status;
    private String answer;
    private String error;
    private long tookMs;

    protected WebhookTry() {} // for JPA

    WebhookTry(Delivery delivery, Instant at, Told told) {
        this.id = Ids.next();
        this.deliveryId = delivery.id();
        this.n = delivery.tries();
        this.at = at;
        this.status = told.status();
        this.answer = told.answer();
        this.error = told.error();
        this.tookMs = told.tookMs();
    }
}
