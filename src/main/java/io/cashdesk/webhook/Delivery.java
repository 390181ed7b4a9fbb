package io.cashdesk.webhook;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.job.RetrySchedule;
import io.cashdesk.ground.lease.Lease;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/**
 * One event that is to be delivered to one endpoint. The node that sends it holds a claim, which ends by itself if the
 * node dies.
 */
@Entity
@Table(name = "webhook_delivery")
class Delivery {
    /** How long one try may take before another node takes over: longer than a call's 15 s and a slow DNS look-up. */
    static final Duration LEASE = Duration.ofSeconds(30);

    @Id
    private UUID id;

    @Version
    private long version;

    @PartitionKey
    private UUID merchantId;

    private UUID eventId;
    private UUID endpointId;

    @Enumerated(EnumType.STRING)
    private DeliveryState state;

    private int tries;
    private int roundTries;
    private Instant roundAt;

    @Column(name = "next_at") // named, because the lease maps the same column by this name
    private Instant nextAt;

    /**
     * Its end is {@link #nextAt}: an abandoned delivery is due again by itself. So the column is written through that
     * field alone.
     */
    @Embedded
    @AttributeOverride(name = "until", column = @Column(name = "next_at", insertable = false, updatable = false))
    private Lease lease;

    private Instant createdAt;
    private Instant acknowledgedAt;
    private String payload;
    private String target;

    @SuppressWarnings("unused") // only statements read it
    private String targetHost;

    protected Delivery() {} // for JPA

    /** @param payload the body for this endpoint, or null: the event's own */
    Delivery(WebhookEvent event, UUID endpointId, String payload, Instant now) {
        this.id = Ids.next();
        this.merchantId = event.merchantId();
        this.eventId = event.id();
        this.endpointId = endpointId;
        this.state = DeliveryState.WAITING;
        this.roundAt = now;
        this.nextAt = now;
        this.createdAt = now;
        this.payload = payload;
    }

    /** Goes to this address and not to that of its endpoint, for which its tries do not count then. */
    Delivery to(Optional<String> address) {
        target = address.orElse(null);
        targetHost = address.map(Delivery::host).orElse(null);
        return this;
    }

    /** Host and port of an address, in lower case: what answers all addresses of it, or none. */
    static String host(String address) {
        return URI.create(address).getRawAuthority().toLowerCase(Locale.ROOT);
    }

    /** Its own address, where it does not go to that of its endpoint. */
    Optional<String> target() {
        return Optional.ofNullable(target);
    }

    /**
     * A node sends it now; if that node does not report before the lease ends, it is due again for every node.
     *
     * @param enabledAt when its endpoint was last enabled: from then on it has a whole retry schedule
     */
    UUID claim(Instant now, Instant enabledAt) {
        if (state != DeliveryState.WAITING || nextAt.isAfter(now)) throw new IllegalStateException(id + " is not due");
        if (roundAt.isBefore(enabledAt)) {
            roundAt = enabledAt;
            roundTries = 0;
        }
        lease = Lease.take(now, LEASE);
        nextAt = lease.until();
        return lease.claim();
    }

    /** Whether this claim still holds: false once another node has taken over. */
    boolean isClaimedBy(UUID claim) {
        return Lease.held(lease, claim);
    }

    /** Whether a node is sending it at this moment. */
    boolean isUnderWay(Instant now) {
        return state == DeliveryState.WAITING && Lease.runs(lease, now);
    }

    /** The merchant's server has acknowledged it. {@link #acknowledgedAt} stays, whatever comes of sending it again. */
    void acknowledged(Instant now) {
        tries++;
        roundTries++;
        state = DeliveryState.ACKNOWLEDGED;
        if (acknowledgedAt == null) acknowledgedAt = now;
        lease = null;
        nextAt = null;
    }

    /**
     * The try failed: it waits for its next moment, or is given up at the end of its retry schedule.
     *
     * @param retryAfter how long the endpoint asked to wait at least
     * @param jitter from 0 to 1: how much of a fifth of the pause is added, so that many deliveries do not come back at
     *     once
     */
    void failed(Instant now, Duration retryAfter, double jitter) {
        var next = RetrySchedule.next(roundAt, roundTries, now, retryAfter, jitter);
        tries++;
        roundTries++;
        lease = null;
        nextAt = next.orElse(null);
        if (next.isEmpty()) state = DeliveryState.GIVEN_UP;
    }

    /** A try failed after another node had taken over the claim: it counts, and the other node decides what is next. */
    void failedAfterLease() {
        tries++;
    }

    /**
     * Is sent again from now on, with a whole retry schedule.
     *
     * @return false if a node is sending it at this moment
     */
    boolean resend(Instant now) {
        if (isUnderWay(now)) return false;
        state = DeliveryState.WAITING;
        roundAt = now;
        roundTries = 0;
        nextAt = now;
        lease = null;
        return true;
    }

    UUID merchantId() {
        return merchantId;
    }

    UUID id() {
        return id;
    }

    /** The body, where it is not the event's own. */
    Optional<String> payload() {
        return Optional.ofNullable(payload);
    }

    UUID eventId() {
        return eventId;
    }

    UUID endpointId() {
        return endpointId;
    }

    DeliveryState state() {
        return state;
    }

    int tries() {
        return tries;
    }

    /** The next try, or the end of the lease of the node that is sending it; empty once it has ended. */
    Optional<Instant> nextAt() {
        return Optional.ofNullable(nextAt);
    }

    Instant createdAt() {
        return createdAt;
    }

    /** When the merchant's server acknowledged it first. */
    Optional<Instant> acknowledgedAt() {
        return Optional.ofNullable(acknowledgedAt);
    }
}
