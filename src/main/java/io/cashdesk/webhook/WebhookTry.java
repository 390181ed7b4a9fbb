package io.cashdesk.webhook;

import io.cashdesk.ground.database.Ids;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/** One try of a delivery: what was sent where, what was answered, or why there was no answer. */
@Entity
class WebhookTry {
    @Id
    private UUID id;

    @PartitionKey
    @SuppressWarnings("unused") // only queries read it
    private UUID merchantId;

    @SuppressWarnings("unused") // only queries read it
    private UUID deliveryId;

    private int n;
    private Instant at;
    private String node;
    private String url;
    private String address;
    private int signatures;
    private Integer status;
    private String answer;
    private String error;
    private long tookMs;

    protected WebhookTry() {} // for JPA

    WebhookTry(Delivery delivery, String node, ClaimedDelivery claimed, DeliveryResult result) {
        this.id = Ids.next();
        this.merchantId = delivery.merchantId();
        this.deliveryId = delivery.id();
        this.n = delivery.tries();
        this.at = result.at();
        this.node = node;
        this.url = claimed.url();
        this.address = result.address();
        this.signatures = claimed.sealed().size();
        this.status = result.status();
        this.answer = result.answer();
        this.error = result.error();
        this.tookMs = result.tookMs();
    }

    int n() {
        return n;
    }

    /** When it was sent; {@code webhook-timestamp} is this moment in whole seconds. */
    Instant at() {
        return at;
    }

    /** The node that sent it. */
    String node() {
        return node;
    }

    String url() {
        return url;
    }

    /** The IP address and port that answered. */
    Optional<String> address() {
        return Optional.ofNullable(address);
    }

    /** With how many secrets it was signed. */
    int signatures() {
        return signatures;
    }

    Optional<Integer> status() {
        return Optional.ofNullable(status);
    }

    Optional<String> answer() {
        return Optional.ofNullable(answer);
    }

    Optional<String> error() {
        return Optional.ofNullable(error);
    }

    long tookMs() {
        return tookMs;
    }
}
