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
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** One event on its way to one endpoint. Whoever carries it holds a claim, which ends by itself if he dies. */
@Entity
@Table(name = "webhook_delivery")
class Delivery {
    /** How long one try may take before another node takes over: longer than a call's 15 s and a slow look-up of its name. */
    static final Duration LEASE = Duration.ofSeconds(30);

    /** What has become of it. */
    enum State {
        WAITING,
        HEARD,
        GIVEN_UP
    }

    @Id
    private UUID id;

    @Version
    private long version;

    private UUID eventId;
    private UUID endpointId;

    @Enumerated(EnumType.STRING)
    private State state;

    private int tries;
    private int roundTries;
    private Instant roundAt;
    private Instant nextAt;

    /** Its end is {@link #nextAt}: an abandoned delivery is due again by itself. So the column is written through that field alone. */
    @Embedded
    @AttributeOverride(name = "until", column = @Column(name = "next_at", insertable = false, updatable = false))
    private Lease lease;

    private Instant createdAt;
    private Instant heardAt;
    private String payload;

    protected Delivery() {} // for JPA

    /** @param payload the body for this endpoint, or null: the event's own */
    Delivery(UUID eventId, UUID endpointId, String payload, Instant now) {
        this.id = Ids.next();
        this.eventId = eventId;
        this.endpointId = endpointId;
        this.state = State.WAITING;
        this.roundAt = now;
        this.nextAt = now;
        this.createdAt = now;
        this.payload = payload;
    }

    /** Somebody carries it now; if he is not heard of before the lease ends, it is due again for anybody. */
    UUID claim(Instant now) {
        if (state != State.WAITING || nextAt.isAfter(now)) throw new IllegalStateException(id + " is not due");
        lease = Lease.take(now, LEASE);
        nextAt = lease.until();
        return lease.claim();
    }

    /** Whether this claim still holds: false once another node has taken over. */
    boolean isClaimedBy(UUID claim) {
        return Lease.held(lease, claim);
    }

    /** Whether somebody carries it at this moment. */
    boolean isCarried(Instant now) {
        return state == State.WAITING && Lease.runs(lease, now);
    }

    /** The merchant has heard. That stays true, whatever becomes of telling him again. */
    void heard(Instant now) {
        tries++;
        roundTries++;
        state = State.HEARD;
        if (heardAt == null) heardAt = now;
        lease = null;
        nextAt = null;
    }

    /**
     * The merchant has not heard this time.
     *
     * @param rest how long he asked us to stay away at least
     * @param jitter from 0 to 1: how much of a fifth of the pause is added, so that a crowd does not come back at once
     */
    void notHeard(Instant now, Duration rest, double jitter) {
        var next = RetrySchedule.next(roundAt, roundTries, now, rest, jitter);
        tries++;
        roundTries++;
        lease = null;
        nextAt = next.orElse(null);
        if (next.isEmpty()) state = State.GIVEN_UP;
    }

    /** A try whose claim somebody else has taken over came to nothing: it counts, and the other decides what is next. */
    void notHeardLate() {
        tries++;
    }

    /**
     * Is told again from now on, with all patience.
     *
     * @return false if somebody carries it at this moment
     */
    boolean resend(Instant now) {
        if (isCarried(now)) return false;
        state = State.WAITING;
        roundAt = now;
        roundTries = 0;
        nextAt = now;
        lease = null;
        return true;
    }

    UUID id() {
        return id;
    }

    /** The body where it is not the event's own. */
    Optional<String> payload() {
        return Optional.ofNullable(payload);
    }

    UUID eventId() {
        return eventId;
    }

    UUID endpointId() {
        return endpointId;
    }

    State state() {
        return state;
    }

    int tries() {
        return tries;
    }

    /** When it is tried next, or the end of the lease of him who carries it; empty once it is over. */
    Optional<Instant> nextAt() {
        return Optional.ofNullable(nextAt);
    }

    Instant createdAt() {
        return createdAt;
    }

    /** When the merchant heard it first. */
    Optional<Instant> heardAt() {
        return Optional.ofNullable(heardAt);
    }
}
